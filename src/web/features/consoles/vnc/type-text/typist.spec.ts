import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { strokesOf, type Stroke } from './keyboard-layout.ts'
import { startTyping, typingMs } from './typist.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const german = strokesOf('de')

function start(text: string, msPerKey = 20) {
  const characters = Array.from(text, (character) => german.get(character) ?? [])
  const pressed: string[] = []
  const progress: number[] = []
  const ends: [string, number][] = []
  const typist = startTyping({
    characters,
    msPerKey,
    press: (stroke: Stroke) => pressed.push(stroke.map(({ code }) => code).join('+')),
    onProgress: (typed) => progress.push(typed),
    onEnd: (end, typed) => ends.push([end, typed]),
  })
  return { characters, pressed, progress, ends, typist }
}

describe('typing', () => {
  it('presses a key at a time, and ends when the guest has had the last', () => {
    const { characters, pressed, progress, ends } = start('zé\n', 50)
    vi.advanceTimersByTime(0)
    expect(pressed).toEqual(['KeyY'])
    vi.advanceTimersByTime(50)
    expect(pressed).toEqual(['KeyY', 'Equal'])
    expect(progress).toEqual([1])
    vi.advanceTimersByTime(50)
    expect(pressed).toEqual(['KeyY', 'Equal', 'KeyE'])
    expect(progress).toEqual([1, 2])
    vi.advanceTimersByTime(50)
    expect(ends).toEqual([])
    vi.advanceTimersByTime(50)
    expect(ends).toEqual([['done', 3]])
    expect(typingMs(characters, 50)).toBe(200)
  })

  it('gives a key with modifiers the time that QEMU takes for its events', () => {
    const { characters, pressed } = start('A{b')
    expect(typingMs(characters, 20)).toBe(40 + 40 + 20)
    vi.advanceTimersByTime(39)
    expect(pressed).toEqual(['ShiftLeft+KeyA'])
    vi.advanceTimersByTime(41)
    expect(pressed).toEqual(['ShiftLeft+KeyA', 'AltRight+Digit7', 'KeyB'])
  })

  it('stops at once, and says how much was typed', () => {
    const { pressed, ends, typist } = start('abcdef')
    vi.advanceTimersByTime(45)
    typist.stop('cancelled')
    typist.stop('disconnected')
    vi.advanceTimersByTime(1000)
    expect(pressed).toHaveLength(3)
    expect(ends).toEqual([['cancelled', 3]])
  })

  it('leaves no accent waiting in the guest when it is cancelled', () => {
    const { pressed, ends, typist } = start('éa')
    vi.advanceTimersByTime(0)
    expect(pressed).toEqual(['Equal'])
    typist.stop('cancelled')
    expect(pressed).toEqual(['Equal', 'KeyE'])
    expect(ends).toEqual([['cancelled', 1]])
  })

  it('presses nothing into a session that is gone', () => {
    const { pressed, ends, typist } = start('éa')
    vi.advanceTimersByTime(0)
    typist.stop('disconnected')
    expect(pressed).toEqual(['Equal'])
    expect(ends).toEqual([['disconnected', 0]])
  })
})
