/** The states of a console session, and the one step that leads on from each. */

/** In the order in which they are offered. */
export const consoleKinds = ['vnc', 'serial', 'rdp'] as const
export type ConsoleKind = (typeof consoleKinds)[number]

export type ConsoleState =
  | { name: 'connecting' }
  | { name: 'live' }
  /** The cluster gave the stream to another viewer; only the user may take it back. */
  | { name: 'replaced' }
  | { name: 'guestOff' }
  /** The guest changes nodes: its stream is being opened again on the other one. */
  | { name: 'migrating' }
  | { name: 'denied'; detail: string | undefined }
  /** Another viewer has the screen, and we asked politely. */
  | { name: 'inUse' }
  | { name: 'disconnected'; cause: DisconnectCause }
  /** The way to the cluster is cut. `retryAt` is epoch milliseconds; absent while nobody looks. */
  | { name: 'disconnected'; cause: 'network'; retryAt: number | undefined }
  | { name: 'failed'; detail: string }

type DisconnectCause =
  | 'byUser'
  /** Another tab or window of this browser has the session, and had it first. */
  | 'otherTab'
  /** Another tab or window of this browser asked for the session and got it. */
  | 'moved'
  /** The guest has been started anew since. */
  | 'restarted'
  /** The server said goodbye properly. */
  | 'ended'
  /** Closed a moment ago; the cause is being found out. */
  | 'unexplained'

export type NextStep = 'connect' | 'takeOver' | 'moveHere' | 'start' | 'wait' | 'none'

export function nextStep(state: ConsoleState): NextStep {
  switch (state.name) {
    case 'connecting':
    case 'migrating':
      return 'wait'
    case 'live':
      return 'none'
    case 'denied':
      // Without the cluster's words it is a right that is missing, and asking again is no use.
      return state.detail === undefined ? 'none' : 'connect'
    case 'replaced':
    case 'inUse':
      return 'takeOver'
    case 'guestOff':
      return 'start'
    case 'failed':
      return 'connect'
    case 'disconnected':
      if (state.cause === 'unexplained') return 'wait'
      return state.cause === 'moved' || state.cause === 'otherTab' ? 'moveHere' : 'connect'
  }
}
