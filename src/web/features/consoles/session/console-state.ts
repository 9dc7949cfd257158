/** The states of a console session, and the one step that leads on from each. */

import type { RdpProblem } from '../rdp/rdp-problem.ts'

/** In the order in which they are offered. */
export const consoleKinds = ['vnc', 'serial', 'rdp'] as const
export type ConsoleKind = (typeof consoleKinds)[number]

export type ConsoleState =
  | { name: 'connecting' }
  | LiveState
  /** The guest wants to know who asks (RDP). */
  | { name: 'signIn'; problem: RdpProblem | undefined }
  /** The cluster gave the stream to another viewer; only the user may take it back. */
  | { name: 'replaced' }
  | { name: 'guestOff' }
  /** The guest changes nodes: its stream is being opened again on the other one. */
  | { name: 'migrating' }
  | { name: 'denied'; detail: string | undefined }
  /** The cluster no longer knows the user, who has to sign in again. */
  | { name: 'expired' }
  /** Another viewer has the screen, and we asked politely. */
  | { name: 'inUse' }
  /** As `inUse`, and we go on asking politely. Times are epoch milliseconds. */
  | { name: 'waiting'; since: number; retryAt: number }
  | { name: 'disconnected'; cause: DisconnectCause }
  /** The way to the cluster is cut. `retryAt` is epoch milliseconds; absent while nobody looks. */
  | { name: 'disconnected'; cause: 'network'; retryAt: number | undefined }
  | { name: 'failed'; detail: string }

export interface LiveState {
  name: 'live'
  /** Why the stream is not the first one of this session; `at` is epoch milliseconds. */
  returned?: { from: 'restart' | 'migration' | 'network'; at: number }
  /** What is shown is what another window of ours has. */
  isFollowing?: true
  /** How many other windows of ours follow this one. */
  followers?: number
}

type DisconnectCause =
  | 'byUser'
  /** Another tab or window of this browser has the session, and had it first. */
  | 'otherTab'
  /** Another tab or window of this browser asked for the session and got it. */
  | 'moved'
  /** The window that was followed has given the console up. */
  | 'followEnded'
  /** The guest has been started anew since. */
  | 'restarted'
  /** The way to the cluster is back after so long that another viewer may be connected. */
  | 'awayLong'
  /** The server said goodbye properly. */
  | 'ended'
  /** Closed a moment ago; the cause is being found out. */
  | 'unexplained'

/** The same stream goes on, or comes back by itself after a short cut. */
export function mayResume(state: ConsoleState): boolean {
  if (state.name === 'disconnected')
    return state.cause === 'network' || state.cause === 'unexplained'
  return state.name === 'live' || state.name === 'connecting' || state.name === 'migrating'
}

export type NextStep =
  | 'connect'
  | 'takeOver'
  | 'moveHere'
  | 'start'
  | 'signIn'
  | 'retryNow'
  | 'wait'
  | 'none'

export function nextStep(state: ConsoleState): NextStep {
  switch (state.name) {
    case 'connecting':
    case 'migrating':
    case 'waiting':
      return 'wait'
    case 'live':
    case 'signIn':
      return 'none'
    case 'denied':
      return 'connect'
    case 'expired':
      return 'signIn'
    case 'replaced':
    case 'inUse':
      return 'takeOver'
    case 'guestOff':
      return 'start'
    case 'failed':
      return 'connect'
    case 'disconnected':
      switch (state.cause) {
        case 'unexplained':
          return 'wait'
        case 'network':
          return 'retryNow'
        case 'moved':
        case 'otherTab':
          return 'moveHere'
        default:
          return 'connect'
      }
  }
}

/** For the bar and the strip: while nobody looks at a console, nothing is tried. */
export function cutWord({ retryAt }: Extract<ConsoleState, { cause: 'network' }>): string {
  return retryAt === undefined ? 'Comes back when shown' : 'Reconnecting'
}
