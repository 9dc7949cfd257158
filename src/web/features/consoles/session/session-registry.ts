/** The open console sessions of this page, kept while other pages are looked at. */
import type { ConsoleSession } from './console-session.ts'
import type { ConsoleKind } from './console-state.ts'

export interface SessionKey {
  kind: ConsoleKind
  namespace: string
  name: string
}

interface OpenSession {
  key: SessionKey
  session: ConsoleSession
}

export interface SessionRegistry {
  get(key: SessionKey): ConsoleSession | undefined
  /** In the order in which they were first opened. */
  list(): OpenSession[]
  /** Tells when a session is opened or closed, and when its state or its place changes. */
  subscribe(listener: () => void): () => void
  /** The session of this key, made by `create` if there is none; it becomes the latest used. */
  obtain<Session extends ConsoleSession>(key: SessionKey, create: () => Session): Session
  /** Ends a session for good. */
  close(key: SessionKey): void
  closeAll(): void
}

export interface SessionRegistryOptions {
  /** Beyond it the least recently used session that nobody looks at is closed. */
  limit?: number
  /** Keeps a new session informed; returns how to stop that. */
  onOpened?: (open: OpenSession) => () => void
  /** A session has been closed for another one. */
  onCrowdedOut?: (key: SessionKey, limit: number) => void
}

/**
 * Every session costs the cluster a stream and keeps other viewers out. As many as stand side by
 * side: they are opened together, before any of them is on the page.
 */
const defaultLimit = 9

export function sessionName({ kind, namespace, name }: SessionKey): string {
  return `${kind}/${namespace}/${name}`
}

interface Entry extends OpenSession {
  /** Counts uses of the registry: the smallest is the least recently used. */
  usedAt: number
  release: () => void
}

export function createSessionRegistry({
  limit = defaultLimit,
  onOpened,
  onCrowdedOut,
}: SessionRegistryOptions = {}): SessionRegistry {
  const entries = new Map<string, Entry>()
  const listeners = new Set<() => void>()
  let uses = 0

  function tell() {
    for (const listener of listeners) listener()
  }

  function open(key: SessionKey, session: ConsoleSession): Entry {
    const stopListening = session.subscribe(tell)
    const stopInforming = onOpened?.({ key, session })
    return {
      key,
      session,
      usedAt: 0,
      release() {
        stopListening()
        stopInforming?.()
        session.dispose()
      },
    }
  }

  function close(name: string) {
    const entry = entries.get(name)
    if (!entry) return
    entries.delete(name)
    entry.release()
  }

  function closeExcess() {
    const byUse = [...entries.values()].toSorted((a, b) => a.usedAt - b.usedAt)
    for (const { key, session } of byUse) {
      if (entries.size <= limit) return
      if (session.isAttached) continue
      close(sessionName(key))
      onCrowdedOut?.(key, limit)
    }
  }

  return {
    get: (key) => entries.get(sessionName(key))?.session,

    list: () => [...entries.values()].map(({ key, session }) => ({ key, session })),

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    obtain<Session extends ConsoleSession>(key: SessionKey, create: () => Session) {
      const name = sessionName(key)
      let entry = entries.get(name)
      if (!entry) entries.set(name, (entry = open(key, create())))
      uses += 1
      entry.usedAt = uses
      closeExcess()
      tell()
      // What is stored under a key was made for its kind.
      return entry.session as Session
    },

    close(key) {
      close(sessionName(key))
      tell()
    },

    closeAll() {
      for (const name of entries.keys()) close(name)
      tell()
    },
  }
}
