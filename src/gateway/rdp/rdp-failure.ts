import { messageOf } from '../cluster-connection.ts'
import type { CleanPathError } from './rdcleanpath.ts'

/** Ends the set-up of an RDP leg. The message is for the log and names nobody. */
export class RdpFailure extends Error {
  /** What the client is told. */
  readonly code: CleanPathError

  constructor(message: string, code: CleanPathError) {
    super(message)
    this.code = code
  }
}

/** Whatever went wrong, as the failure that the client is told. */
export function asFailure(error: unknown): RdpFailure {
  return error instanceof RdpFailure ? error : new RdpFailure(messageOf(error), { http: 502 })
}
