import { describe, expect, it, vi } from 'vitest'

import type { ConsoleSession } from './console-session.ts'
import { createSessionRegistry, type SessionKey } from './session-registry.ts'

function fakeSession(isAttached = false) {
  return { isAttached, dispose: vi.fn() } as unknown as ConsoleSession & { isAttached: boolean }
}

function key(name: string): SessionKey {
  return { kind: 'vnc', namespace: 'demo', name }
}

describe('session registry', () => {
  it('returns the same session for the same console', () => {
    const registry = createSessionRegistry()
    const session = registry.obtain(key('a'), () => fakeSession())
    expect(registry.obtain(key('a'), () => fakeSession())).toBe(session)
    expect(registry.obtain({ ...key('a'), kind: 'serial' }, () => fakeSession())).not.toBe(session)
  })

  it('closes the least recently used beyond the limit', () => {
    const registry = createSessionRegistry(2)
    const a = registry.obtain(key('a'), () => fakeSession())
    const b = registry.obtain(key('b'), () => fakeSession())
    registry.obtain(key('a'), () => fakeSession())
    registry.obtain(key('c'), () => fakeSession())
    expect(b.dispose).toHaveBeenCalledOnce()
    expect(a.dispose).not.toHaveBeenCalled()
    expect(registry.get(key('b'))).toBeUndefined()
  })

  it('spares a session that is being looked at', () => {
    const registry = createSessionRegistry(1)
    const watched = registry.obtain(key('a'), () => fakeSession(true))
    const next = registry.obtain(key('b'), () => fakeSession(true))
    expect(watched.dispose).not.toHaveBeenCalled()
    expect(next.dispose).not.toHaveBeenCalled()
  })

  it('closes everything when the user changes', () => {
    const registry = createSessionRegistry()
    const sessions = ['a', 'b'].map((name) => registry.obtain(key(name), () => fakeSession(true)))
    registry.closeAll()
    for (const session of sessions) expect(session.dispose).toHaveBeenCalledOnce()
    expect(registry.get(key('a'))).toBeUndefined()
  })
})
