import { describe, expect, it } from 'vitest'

import { plainText } from '../../ui/log-text.ts'
import { createLogBuffer, type LogBuffer } from './log-buffer.ts'

function texts(buffer: LogBuffer): string[] {
  return buffer.content().chunks.flatMap(({ lines }) => lines.map(({ text }) => text))
}

describe('plainText', () => {
  it.each([
    ['\x1b[0;32m[  OK  ]\x1b[0m Started', '[  OK  ] Started'],
    ['\x1b]0;title\x07prompt $ ', 'prompt $ '],
    ['\x1b(B\x1b[mplain', 'plain'],
    ['10%\r50%\r100%\r', '100%'],
    ['a\tb\x00c', 'a\tbc'],
    ['<b onclick="x">', '<b onclick="x">'],
  ])('%j', (line, expected) => {
    expect(plainText(line)).toBe(expected)
  })
})

describe('createLogBuffer', () => {
  it('joins lines that come in pieces, and shows the one whose end has not come', () => {
    const buffer = createLogBuffer()
    buffer.append('2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:')
    buffer.append('00.000000002Z two\nlogin: ')
    expect(texts(buffer)).toEqual(['one', 'two', 'login: '])
    buffer.append('root\n')
    expect(texts(buffer)).toEqual(['one', 'two', 'login: root'])
    expect(buffer.lastTime()).toBe('2026-01-01T00:00:00.000000002Z')
  })

  it('goes on without repeating what it has, though times are asked for by the second', () => {
    const buffer = createLogBuffer()
    const lines = ['1Z a\n', '5Z b\n', '5Z c\n'].map((line) => `2026-01-01T00:00:00.${line}`)
    buffer.append(lines.join(''))
    buffer.resume()
    buffer.append(`${lines.join('')}2026-01-01T00:00:00.5Z d\n2026-01-01T00:00:00.7Z e\n`)
    expect(texts(buffer)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('does not repeat the rest of a very long line either', () => {
    const buffer = createLogBuffer()
    const long = `2026-01-01T00:00:00.5Z ${'x'.repeat(50_000)}`
    const read = () => {
      buffer.append(long)
      buffer.append('the end\n')
    }
    read()
    const before = texts(buffer)
    buffer.resume()
    read()
    expect(texts(buffer)).toEqual(before)
    buffer.append('2026-01-01T00:00:00.6Z next\n')
    expect(texts(buffer)).toEqual([...before, 'next'])
  })

  it('lets go of the oldest lines beyond its bounds, and says how many', () => {
    const buffer = createLogBuffer({ maxLines: 1000 })
    for (let count = 0; count < 2500; count += 1) buffer.append(`line ${count}\n`)
    const { lineCount, dropped } = buffer.content()
    expect(lineCount + dropped).toBe(2500)
    expect(lineCount).toBeLessThanOrEqual(1000)
    expect(texts(buffer).at(-1)).toBe('line 2499')
    expect(texts(buffer)[0]).toBe(`line ${dropped}`)
  })

  it('keeps full chunks as they are', () => {
    const buffer = createLogBuffer()
    buffer.append('x\n'.repeat(250))
    const [full, tail] = buffer.content().chunks
    buffer.append('y\n')
    const [fullAfter, tailAfter] = buffer.content().chunks
    expect(fullAfter).toBe(full)
    expect(tailAfter).not.toBe(tail)
  })
})
