import { createHash, randomBytes } from 'node:crypto'

import { watchFiles } from '../watched-files.ts'

interface SessionKey {
  /** Names the key in what it has encrypted, and tells nothing about it. */
  id: string
  bytes: Uint8Array
}

export interface SessionKeys {
  /** Newest first: it encrypts, and all decrypt. Never empty. */
  list(): readonly SessionKey[]
  close(): void
}

const keyBytes = 32

/**
 * The keys of a file, read again when it changes, so that a new one can be put before the others
 * without a restart.
 * @throws Error in words if the file can't be read or holds no keys
 */
export function keysOfFile(path: string, onError: (error: unknown) => void): SessionKeys {
  let keys: SessionKey[] = []
  const close = watchFiles([path], ([text = '']) => (keys = readKeys(text, path)), onError)
  return { list: () => keys, close }
}

/** A key for as long as this process runs, and for it alone. */
export function randomKeys(): SessionKeys {
  const keys = [sessionKey(randomBytes(keyBytes))]
  return { list: () => keys, close: () => undefined }
}

/** What is wrong is told by its line, never by what it says. */
function readKeys(text: string, path: string): SessionKey[] {
  const lines = text.split('\n').map((line) => line.trim())
  const keys = lines.flatMap((line, at) => {
    if (line === '' || line.startsWith('#')) return []
    const bytes = Buffer.from(line, 'base64')
    if (bytes.length === keyBytes && /^[\w+/-]{43}=?$/.test(line)) return [sessionKey(bytes)]
    throw new Error(
      `${path}, line ${at + 1}: expected a key of 32 bytes in base64, as "openssl rand -base64 32" makes one`,
    )
  })
  if (keys.length) return keys
  throw new Error(`${path} holds no session key; "openssl rand -base64 32" makes one`)
}

function sessionKey(bytes: Buffer): SessionKey {
  const id = createHash('sha256').update(bytes).digest('base64url').slice(0, 8)
  return { id, bytes: new Uint8Array(bytes) }
}
