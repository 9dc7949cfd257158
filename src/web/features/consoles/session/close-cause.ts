/**
 * Why a stream ended. KubeVirt closes a console's TCP connection without a close frame whatever
 * the cause, so the browser sees code 1006 and no reason when another viewer came, the guest
 * stopped or moved, or the network broke
 * (https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/rest/console.go). A refusal
 * before the upgrade looks the same, because browsers hide its status. What is known besides tells
 * them apart; stand-alone, our gateway puts a code of its own where the cluster's end had none.
 */
import { endedByCluster, serviceRestart } from '../../../../kube/close-codes.ts'
import type { ConsoleKind, ConsoleState } from './console-state.ts'
import type { GuestFacts } from './guest-facts.ts'

export interface Closing {
  kind: ConsoleKind
  /** Close code of the WebSocket. */
  code: number
  /** Whether the WebSocket was ever open. */
  opened: boolean
  /** As in `kube/transport.ts`. */
  tellsWhoEnds?: boolean
  /** Whether it was opened at the cost of any other viewer. */
  tookOver: boolean
  guestAtOpening: GuestFacts
}

export interface Circumstances {
  guest: GuestFacts
  /** The cluster does not answer, or the browser is offline. */
  unreachable: boolean
  /** The cluster does not know who asks: the sign-in has run out. */
  isExpired: boolean
  /** What right is missing, when the cluster does not let this user in any more. */
  refusal: string | undefined
}

export function closeCause(
  { kind, code, opened, tellsWhoEnds = false, tookOver, guestAtOpening }: Closing,
  { guest, unreachable, isExpired, refusal }: Circumstances,
): ConsoleState {
  if (isExpired) return { name: 'expired' }
  if (refusal !== undefined) return { name: 'denied', detail: refusal }
  if (unreachable) return { name: 'disconnected', cause: 'network', retryAt: undefined }
  if (!guest.running || guest.stopping) return { name: 'guestOff' }
  if (guest.uid !== guestAtOpening.uid) return { name: 'disconnected', cause: 'restarted' }
  if (guest.migrating || guest.node !== guestAtOpening.node) return { name: 'migrating' }
  if (!opened) {
    // With preserveSession, a screen in use is refused; serial has no such protection.
    return kind === 'vnc' && !tookOver
      ? { name: 'inUse' }
      : { name: 'failed', detail: 'The cluster refused the connection.' }
  }
  if (code === serviceRestart || (code === 1006 && tellsWhoEnds))
    return { name: 'disconnected', cause: 'network', retryAt: undefined }
  return code === 1006 || code === endedByCluster
    ? { name: 'replaced' }
    : { name: 'disconnected', cause: 'ended' }
}
