import { describe, expect, it, vi } from 'vitest'

import type { ConsoleSession } from './console-session.ts'
import { createSessionRegistry, type SessionKey } from './session-registry.ts'

function fakeSession(isAttached = false) {
  const dispose = vi.fn<() => void>()
  const session = { isAttached, dispose } as unknown as ConsoleSession
  return { session, dispose }
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

  it('closes the least recently used beyond the limit', () => {
    const registry = createSessionRegistry(2)
    const [a, b, c] = [fakeSession(), fakeSession(), fakeSession()]
    registry.obtain(key('a'), () => a.session)
    registry.obtain(key('b'), () => b.session)
    registry.obtain(key('a'), () => a.session)
    registry.obtain(key('c'), () => c.session)
    expect(b.dispose).toHaveBeenCalledOnce()
    expect(a.dispose).not.toHaveBeenCalled()
    expect(registry.get(key('b'))).toBeUndefined()
  })

  it('spares a session that is being looked at', () => {
    const registry = createSessionRegistry(1)
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
