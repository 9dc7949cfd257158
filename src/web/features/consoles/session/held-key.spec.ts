// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Key } from '../vnc/keyboard-keys.ts'
import type { ConsoleState } from './console-state.ts'
import { createHeldKey } from './held-key.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setUp() {
  const listeners = new Set<() => void>()
  let state: ConsoleState = { name: 'guestOff' }
  let picture = 0
  const pressed: string[] = []
  const element = document.createElement('div')
  const heldKey = createHeldKey(
    {
      element,
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      display: {
        pressKey: ({ code }: Key) => void pressed.push(code),
        attach() {},
        detach() {},
        shown() {},
        focus() {},
        dispose() {},
      },
    },
    () => new Uint32Array(1000).fill(picture),
  )
  return {
    heldKey,
    element,
    pressed,
    enter(next: ConsoleState) {
      state = next
      for (const listener of listeners) listener()
    },
    draw: () => (picture += 1),
  }
}

describe('held key', () => {
  it('is pressed from the first moment until the screen stands still, and again when it moves', () => {
    const bench = setUp()
    bench.heldKey.choose('Esc')
    bench.enter({ name: 'live' })
    vi.advanceTimersByTime(2000)
    expect(bench.pressed).toHaveLength(8)
    // The prompt, then the menu: nothing may reach it once it has been seen.
    bench.draw()
    vi.advanceTimersByTime(500)
    bench.draw()
    vi.advanceTimersByTime(1200)
    const atMenu = bench.pressed.length
    vi.advanceTimersByTime(5000)
    expect(bench.pressed).toHaveLength(atMenu)
    bench.draw()
    vi.advanceTimersByTime(500)
    expect(bench.pressed.length).toBeGreaterThan(atMenu)
    expect(new Set(bench.pressed)).toEqual(new Set(['Escape']))
  })

  it('ends by itself, and is chosen for one start only', () => {
    const bench = setUp()
    bench.heldKey.choose('F2')
    bench.enter({ name: 'live' })
    expect(bench.heldKey.getState()).toEqual({ chosen: 'F2', isPressing: true })
    vi.advanceTimersByTime(16_000)
    expect(bench.heldKey.getState()).toEqual({ chosen: undefined, isPressing: false })
    const before = bench.pressed.length
    bench.enter({ name: 'guestOff' })
    bench.enter({ name: 'live' })
    vi.advanceTimersByTime(5000)
    expect(bench.pressed).toHaveLength(before)
  })

  it('gives way to a key of the user, and to the release', () => {
    const bench = setUp()
    bench.heldKey.choose('Del')
    bench.enter({ name: 'live' })
    bench.element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }))
    expect(bench.heldKey.getState().isPressing).toBe(false)
    vi.advanceTimersByTime(5000)
    expect(bench.pressed).toEqual([])
  })

  it('is not pressed into a guest that has been running', () => {
    const bench = setUp()
    bench.enter({ name: 'live' })
    bench.heldKey.choose('Esc')
    bench.enter({ name: 'disconnected', cause: 'unexplained' })
    bench.enter({ name: 'live' })
    vi.advanceTimersByTime(5000)
    expect(bench.pressed).toEqual([])
  })
})
