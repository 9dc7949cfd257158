import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'

import { escapeUnprintable } from '../logging.ts'

/**
 * What an audit line says; `docs/security.md` explains each field. There is no field for a payload, a
 * query or a credential.
 */
export interface AuditRecord {
  event:
    | 'mutation'
    | 'console-open'
    | 'console-end'
    | 'console-refused'
    | 'sign-in'
    | 'sign-out'
    | 'refresh-failed'
  /** Empty if nobody is known. */
  user: string
  identifiedBy: 'session' | 'token' | 'login' | 'nobody'
  verb?: string
  group?: string
  resource?: string
  subresource?: string
  namespace?: string
  name?: string
  /** Where the request is about no resource of the API. */
  path?: string
  dryRun?: true
  /** vnc, serial, rdp … */
  console?: string
  /** Of sign-ins. */
  way?: string
  cluster: string
  client: string
  /** HTTP status; absent if the client left before there was one. */
  status?: number
  /** The client left before it had the whole answer. */
  aborted?: true
  durationMs?: number
  bytesFromClient?: number
  bytesToClient?: number
  /** Whether a console was closed in good order, or its connection broke. */
  end?: 'closed' | 'broken'
  /** Ties the lines of one console together. */
  session?: string
}

export interface AuditLog {
  write(record: AuditRecord): void
  /** Resolves once all is written. */
  close(): Promise<void>
}

/** As long as a name of Kubernetes or a path may reasonably be. */
const maxTextLength = 512

/**
 * One line of JSON for each record, marked `"audit":true` so that it can be told from the other log
 * where both go to standard output.
 * @param replica which of several gateways writes
 * @param file to append to, readable by its owner only; standard output without it
 * @param onError told when a line can't be written
 */
export function createAuditLog(
  replica: string,
  file: string | undefined,
  onError: (error: unknown) => void,
): AuditLog {
  const stream: Writable =
    file === undefined ? process.stdout : createWriteStream(file, { flags: 'a', mode: 0o600 })
  if (file !== undefined) stream.on('error', onError)
  return {
    write(record) {
      const shortened = Object.entries(record).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.slice(0, maxTextLength) : value,
      ])
      const line = {
        audit: true,
        time: new Date().toISOString(),
        replica,
        ...Object.fromEntries(shortened),
      }
      stream.write(`${escapeUnprintable(JSON.stringify(line))}\n`)
    },
    close: () =>
      file === undefined
        ? Promise.resolve()
        : new Promise((resolve) => {
            stream.once('close', resolve)
            stream.end()
          }),
  }
}
