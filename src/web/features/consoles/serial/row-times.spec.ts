// @vitest-environment jsdom

import { Terminal } from '@xterm/xterm'
import { describe, expect, it, vi } from 'vitest'

import { createRowTimes } from './row-times.ts'

// xterm looks for a canvas when it is loaded, to read colours with.
vi.hoisted(() => {
  HTMLCanvasElement.prototype.getContext = () => null
})

function setUp({ cols = 20, scrollback = 100 } = {}) {
  const terminal = new Terminal({ cols, rows: 5, scrollback, allowProposedApi: true })
  const times = createRowTimes(terminal)
  return {
    terminal,
    times,
    print: async (text: string, time: number) => {
      times.before()
      await new Promise<void>((resolve) => terminal.write(text, resolve))
      times.after(time)
    },
  }
}

describe('row times', () => {
  it('knows when each line came; the rest of a line is as old as its beginning', async () => {
    const { times, print } = setUp()
    await print('one\r\ntw', 1)
    await print('o\r\nthree\r\n', 2)
    await print('four', 3)
    expect(times.visible()).toEqual([1, 1, 2, 3, undefined])
  })

  it('keeps count while lines scroll out', async () => {
    const { times, print } = setUp({ scrollback: 10 })
    for (let line = 1; line <= 60; line += 1) await print(`line ${line}\r\n`, line)
    await print('end', 61)
    expect(times.visible()).toEqual([57, 58, 59, 60, 61])
    await print(`\r\n${'a\r\n'.repeat(200)}`, 99)
    expect(times.visible()).toEqual([99, 99, 99, 99, 99])
  })

  it('gives a long line one time, and follows it when it breaks elsewhere', async () => {
    const { terminal, times, print } = setUp()
    await print('0123456789abcdefghijklmno\r\n', 1)
    await print('short\r\n', 2)
    expect(times.visible()).toEqual([1, undefined, 2, 2, undefined])
    times.reflow(() => terminal.resize(40, 5))
    expect(times.visible()).toEqual([1, 2, 2, undefined, undefined])
    times.reflow(() => terminal.resize(20, 5))
    expect(times.visible()).toEqual([1, undefined, 2, 2, undefined])
  })

  it('begins anew where the screen is cleared', async () => {
    const { times, print } = setUp()
    await print('one\r\ntwo\r\nthree', 1)
    await print('\u001b[2J\u001b[Hnew', 2)
    expect(times.visible()).toEqual([2, undefined, undefined, undefined, undefined])
  })
})
