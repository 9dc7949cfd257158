// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import type { Key } from '../vnc/keyboard-keys.ts'
import type { ConsoleDisplay } from './console-session.ts'
import type { ConsoleState } from './console-state.ts'
import { createHeldKey } from './held-key.ts'
import { createStreamSession } from './stream-session.ts'

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

/** A console of a VM as the cluster tells of it; each stream opens at once. */
function setUpSession() {
  const pressed: string[] = []
  const streams: EventTarget[] = []
  const display: ConsoleDisplay & { pressKey(key: Key): void } = {
    pressKey: ({ code }) => void pressed.push(code),
    attach: (socket, { onReady }) => socket.addEventListener('open', onReady),
    detach() {},
    shown() {},
    focus() {},
    dispose() {},
  }
  let guest: VirtualMachineInstance | undefined
  const session = createStreamSession({
    kind: 'vnc',
    openSocket() {
      const stream = Object.assign(new EventTarget(), { send() {}, close() {} })
      streams.push(stream)
      queueMicrotask(() => stream.dispatchEvent(new Event('open')))
      return stream as unknown as WebSocket
    },
    loadDisplay: () => Promise.resolve(display),
    acquireLock: () => Promise.resolve({ release: () => Promise.resolve() }),
    readGuest: () => Promise.resolve(guest),
    readAccess: () => Promise.resolve({ allowed: true }),
    renewals: () => 0,
  })
  const heldKey = createHeldKey(session, () => new Uint32Array(1))
  session.attach()
  return {
    session,
    heldKey,
    pressed,
    news: async (next: { uid: string; phase: string } | undefined) => {
      guest =
        next &&
        ({
          metadata: { uid: next.uid },
          status: { phase: next.phase },
        } as unknown as VirtualMachineInstance)
      session.update(guest, true)
      await vi.advanceTimersByTimeAsync(0)
    },
    /** Long enough for the session to find out why. */
    cut: async () => {
      streams.at(-1)?.dispatchEvent(new CloseEvent('close', { code: 1006 }))
      await vi.advanceTimersByTimeAsync(900)
    },
  }
}

describe('held key at a restart', () => {
  it('is pressed into the new instance when it was chosen while the old one went', async () => {
    const { session, heldKey, pressed, news, cut } = setUpSession()
    await news({ uid: 'old', phase: 'Running' })
    expect(session.getState().name).toBe('live')
    await news({ uid: 'old', phase: 'Succeeded' })
    await cut()
    expect(session.getState().name).toBe('guestOff')
    heldKey.choose('F12')
    await news(undefined)
    await news({ uid: 'new', phase: 'Scheduling' })
    await vi.advanceTimersByTimeAsync(2000)
    expect(pressed).toEqual([])
    await news({ uid: 'new', phase: 'Running' })
    expect(session.getState()).toMatchObject({ name: 'live', returned: { from: 'restart' } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(pressed).toEqual(['F12', 'F12', 'F12', 'F12'])
  })

  it('is not pressed when nobody chose one', async () => {
    const { pressed, news, cut } = setUpSession()
    await news({ uid: 'old', phase: 'Running' })
    await news(undefined)
    await cut()
    await news({ uid: 'new', phase: 'Running' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(pressed).toEqual([])
  })
})
