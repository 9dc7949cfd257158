/** Finds out what is the matter when a stream has closed, which the close itself does not tell. */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import type { Circumstances } from './close-cause.ts'
import { guestFacts } from './guest-facts.ts'

/** Questions to the cluster, answered afresh. They reject with KubeError. */
export interface Inquiry {
  /** The instance; undefined when there is none. */
  readGuest: () => Promise<VirtualMachineInstance | undefined>
  /** Whether the user may open the stream, and if not, which right is missing. */
  readAccess: () => Promise<{ allowed: boolean | undefined; reason?: string }>
  /** How often the user's credentials have been renewed (`Transport.renewals`). */
  renewals: () => number
}

export async function inquire({
  readGuest,
  readAccess,
}: Pick<Inquiry, 'readGuest' | 'readAccess'>): Promise<Circumstances> {
  const [guest, access] = await Promise.allSettled([readGuest(), readAccess()])
  const errors = [guest, access].flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as unknown] : [],
  )
  const refused = (code: number) =>
    errors.find((error): error is KubeError => error instanceof KubeError && error.code === code)
  const denial =
    access.status === 'fulfilled' && access.value.allowed === false
      ? (access.value.reason ?? 'The right to open it is missing.')
      : undefined
  return {
    guest: guestFacts(guest.status === 'fulfilled' ? guest.value : undefined),
    isExpired: refused(401) !== undefined,
    // A cluster that can't answer the review still decides at the stream itself.
    refusal: denial ?? refused(403)?.message,
    unreachable: guest.status === 'rejected',
  }
}
