import { describe, expect, it, vi } from 'vitest'

import type { ConsoleSession } from './console-session.ts'
import { createSessionRegistry, type SessionKey } from './session-registry.ts'

function fakeSession(isAttached = false) {
  const dispose = vi.fn<() => void>()
  let change = () => {}
  const subscribe = (listener: () => void) => {
    change = listener
    return () => {}
  }
  const session = { isAttached, dispose, subscribe } as unknown as ConsoleSession
  return { session, dispose, change: () => change() }
}

function key(name: string): SessionKey {
  return { kind: 'vnc', namespace: 'demo', name }
}

describe('session registry', () => {
  it('returns the same session for the same console', () => {
    const registry = createSessionRegistry()
    const { session } = fakeSession()
    registry.obtain(key('a'), () => session)
    expect(registry.obtain(key('a'), () => fakeSession().session)).toBe(session)
    const serial = registry.obtain({ ...key('a'), kind: 'serial' }, () => fakeSession().session)
    expect(serial).not.toBe(session)
  })

  it('closes the least recently used beyond the limit, and says so', () => {
    const crowdedOut: string[] = []
    const registry = createSessionRegistry({
      limit: 2,
      onCrowdedOut: ({ name }) => crowdedOut.push(name),
    })
    const [a, b, c] = [fakeSession(), fakeSession(), fakeSession()]
    registry.obtain(key('a'), () => a.session)
    registry.obtain(key('b'), () => b.session)
    registry.obtain(key('a'), () => a.session)
    registry.obtain(key('c'), () => c.session)
    expect(b.dispose).toHaveBeenCalledOnce()
    expect(a.dispose).not.toHaveBeenCalled()
    expect(registry.get(key('b'))).toBeUndefined()
    expect(crowdedOut).toEqual(['b'])
    // Those who show them see no change of places.
    expect(registry.list().map((open) => open.key.name)).toEqual(['a', 'c'])
  })

  it('keeps every session informed until it is closed, and tells of changes', () => {
    const informed: string[] = []
    const registry = createSessionRegistry({
      onOpened({ key: { name } }) {
        informed.push(name)
        return () => informed.splice(informed.indexOf(name), 1)
      },
    })
    let told = 0
    registry.subscribe(() => (told += 1))
    const { session, dispose, change } = fakeSession(true)
    registry.obtain(key('a'), () => session)
    registry.obtain(key('b'), () => fakeSession().session)
    expect(informed).toEqual(['a', 'b'])
    const before = told
    change()
    expect(told).toBe(before + 1)
    registry.close(key('a'))
    expect(dispose).toHaveBeenCalledOnce()
    expect(informed).toEqual(['b'])
    expect(told).toBe(before + 2)
  })

  it('spares a session that is being looked at', () => {
    const registry = createSessionRegistry({ limit: 1 })
    const [watched, next] = [fakeSession(true), fakeSession(true)]
    registry.obtain(key('a'), () => watched.session)
    registry.obtain(key('b'), () => next.session)
    expect(watched.dispose).not.toHaveBeenCalled()
    expect(next.dispose).not.toHaveBeenCalled()
  })

  it('closes everything when the user changes', () => {
    const registry = createSessionRegistry()
    const [a, b] = [fakeSession(true), fakeSession()]
    registry.obtain(key('a'), () => a.session)
    registry.obtain(key('b'), () => b.session)
    registry.closeAll()
    expect(a.dispose).toHaveBeenCalledOnce()
    expect(b.dispose).toHaveBeenCalledOnce()
    expect(registry.get(key('a'))).toBeUndefined()
  })
})
