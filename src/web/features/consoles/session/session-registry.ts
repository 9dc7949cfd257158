/** The open console sessions of this page, kept while other pages are looked at. */
import type { ConsoleSession } from './console-session.ts'
import type { ConsoleKind } from './console-state.ts'

export interface SessionKey {
  kind: ConsoleKind
  namespace: string
  name: string
}

export interface SessionRegistry {
  get(key: SessionKey): ConsoleSession | undefined
  /** The session of this key, made by `create` if there is none; it becomes the latest used. */
  obtain<Session extends ConsoleSession>(key: SessionKey, create: () => Session): Session
  closeAll(): void
}

/** Every session costs the cluster a stream and keeps other viewers out. */
const defaultLimit = 8

export function sessionName({ kind, namespace, name }: SessionKey): string {
  return `${kind}/${namespace}/${name}`
}

/** Beyond `limit` the least recently used session that nobody looks at is closed. */
export function createSessionRegistry(limit = defaultLimit): SessionRegistry {
  // A Map iterates in order of insertion: the first is the least recently used.
  const sessions = new Map<string, ConsoleSession>()

  function closeExcess() {
    for (const [name, session] of sessions) {
      if (sessions.size <= limit) return
      if (session.isAttached) continue
      sessions.delete(name)
      session.dispose()
    }
  }

  return {
    get: (key) => sessions.get(sessionName(key)),

    obtain<Session extends ConsoleSession>(key: SessionKey, create: () => Session) {
      const name = sessionName(key)
      // What is stored under a key was made for its kind.
      const session = (sessions.get(name) as Session | undefined) ?? create()
      sessions.delete(name)
      sessions.set(name, session)
      closeExcess()
      return session
    },

    closeAll() {
      for (const session of sessions.values()) session.dispose()
      sessions.clear()
    },
  }
}
