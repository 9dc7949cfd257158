/**
 * A console session: what is shown of one VirtualMachineInstance, with the element that shows it. It
 * lives outside React, so that changing tabs or console types takes the element off the page and
 * nothing else. Components put `element` into the page, call `attach`, and follow `getState`
 * through useSyncExternalStore.
 */
import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import type { ConsoleKind, ConsoleState } from './console-state.ts'
import type { RemoteInput } from './remote-input.ts'

/** What is on a session's element, whatever it shows. */
export interface ConsoleScreen {
  /** The session's element is on the page and has a size. */
  shown(): void
  focus(): void
  /** For keys that are typed elsewhere; absent where it takes its own only. */
  readonly input?: RemoteInput
  dispose(): void
}

/** What shows a stream and takes input: noVNC or xterm. */
export interface ConsoleDisplay extends ConsoleScreen {
  /** Called before each stream of the cluster, which waits for it. Ends soon, and never rejects. */
  prepare?(): Promise<void>
  /** Shows a stream that is about to open. `ready` when the guest can be seen and typed to. */
  attach(
    socket: WebSocket,
    events: { onReady: () => void; onFailure: (detail: string) => void },
  ): void
  /** The stream has ended: what is on the screen stays. */
  detach(): void
}

export interface ConnectOptions {
  /** Ends the session of any other viewer. */
  takeOver?: boolean
  /** Ends the session that another window of ours has. */
  move?: boolean
  /** Shows what another window of ours has, and types into it. */
  follow?: boolean
  /** Asks again and again, politely, until the other viewer has gone. */
  wait?: boolean
}

export interface ConsoleSession<Display extends ConsoleScreen = ConsoleScreen> {
  readonly kind: ConsoleKind
  readonly element: HTMLElement
  /** Undefined before the first connection. */
  readonly display: Display | undefined
  readonly isAttached: boolean
  getState: () => ConsoleState
  /** What is to be drawn of it; see `SessionShell.shownState`. */
  getShownState: () => ConsoleState
  subscribe: (listener: () => void) => () => void
  /**
   * News from the cluster. `allowed` is undefined until the access review is answered;
   * `isReconnecting` when the streams that bring the news are themselves cut.
   */
  update(
    vmi: VirtualMachineInstance | undefined,
    allowed: boolean | undefined,
    isReconnecting?: boolean,
  ): void
  /** The element is on the page; connects when that takes nothing from anybody. */
  attach(): void
  detach(): void
  connect(options?: ConnectOptions): void
  disconnect(cause?: 'byUser' | 'moved'): void
  /** Ends the session for good. */
  dispose(): void
}
