/** Renews the session in one tab at a time, since a provider may take a refresh token only once. */
import { KubeError } from '../../kube/kube-error.ts'
import type { Session } from './contract.ts'
import { readSession, refreshSession } from './session-api.ts'

export type Renewal =
  /** `isOurs`: not by another tab before us. */
  | { type: 'renewed'; session: Session; isOurs: boolean }
  /** There is nothing to renew it with. `isKnown`: the gateway knows the user nevertheless. */
  | { type: 'refused'; isKnown: boolean }
  /** The gateway or the provider does not answer; the session is as it was. */
  | { type: 'unreachable'; message: string }

/** One for all clusters, as the session of a provider is. */
const lockName = 'kubevirt-console.renewal'
/** The time left is known to about a second. */
const toleranceMs = 2000

/** @param known the session to be renewed, if there has been one on this page; never rejects */
export function renewSession(known?: Session): Promise<Renewal> {
  // Browsers have Web Locks only where the page came by HTTPS or from this machine.
  const { locks } = navigator as { locks?: LockManager }
  return locks ? locks.request(lockName, () => renew(known)) : renew(known)
}

async function renew(known: Session | undefined): Promise<Renewal> {
  try {
    const found = await readSession().catch(undefinedIf401)
    // What lasts longer than what we knew has been renewed by another tab while we waited.
    if (found && isLonger(found, known)) return { type: 'renewed', session: found, isOurs: false }
    try {
      return { type: 'renewed', session: await refreshSession(), isOurs: true }
    } catch (error) {
      // 404 and 405: the console is in a mode that has nothing to renew.
      if (error instanceof KubeError && [401, 403, 404, 405].includes(error.code))
        return { type: 'refused', isKnown: found !== undefined }
      throw error
    }
  } catch (error) {
    return { type: 'unreachable', message: (error as Error).message }
  }
}

function undefinedIf401(error: unknown): undefined {
  if (error instanceof KubeError && error.code === 401) return undefined
  throw error
}

function isLonger(found: Session, known: Session | undefined): boolean {
  if (!known) return true
  return (found.expiresAt ?? 0) > (known.expiresAt ?? 0) + toleranceMs
}
