/**
 * IronRDP, the RDP client that runs in the page as WebAssembly. Its own web component is left out:
 * it takes the focus when the pointer passes over it, offers no way out for the keyboard, reads the
 * clipboard ten times a second, and scales to the window instead of its place in the page.
 */
import type * as IronRdp from '@devolutions/iron-remote-desktop-rdp'

import { createOfferTracker } from './offer-tracker.ts'
import { explainFailure, RdpConnectError, rdpProblem, type RdpProblem } from './rdp-problem.ts'
import { expectSocket } from './repair/repairing-socket.ts'

/** In memory only, and no longer than the session that was opened with them. */
export interface RdpCredentials {
  username: string
  password: string
  /** Empty: the guest's own users. */
  domain: string
}

/** The gateway's, for one guest. */
export interface RdpEndpoint {
  url: string
  /** That the socket has to offer; none unless given. */
  protocols?: string[] | undefined
}

/** Pixels. */
export interface ScreenSize {
  width: number
  height: number
}

interface RdpConnectOptions {
  endpoint: RdpEndpoint
  credentials: RdpCredentials
  size: ScreenSize
  canvas: HTMLCanvasElement
  /** Ends the attempt. */
  signal: AbortSignal
  /** Text was copied in the guest. */
  onCopied: (text: string) => void
}

export interface RdpConnection {
  /** As the server decided. */
  size: ScreenSize
  /** What the guest said at the end; rejects with what broke the connection. */
  ended: Promise<string>
  press(scanCode: number): void
  release(scanCode: number): void
  /** A character that no key of a known code was pressed for. */
  type(character: string): void
  releaseAll(): void
  setLocks(locks: { num: boolean; caps: boolean; scroll: boolean }): void
  /** Guest pixels. */
  movePointer(x: number, y: number): void
  /** As in MouseEvent.button. */
  setButton(button: number, isDown: boolean): void
  /** As in WheelEvent, in pixels or lines. */
  turnWheel(deltaX: number, deltaY: number, isLines: boolean): void
  /**
   * What pasting in the guest gives. Resolves when keys that paste it may follow: the server knows of
   * it, and has it if it has asked at once.
   */
  offerText(text: string): Promise<void>
  /** Asks the server for another size; whether it obeys shows in the canvas. */
  resize(size: ScreenSize): void
  close(): void
}

export interface RdpClient {
  /** Rejects with an RdpConnectError. */
  connect(options: RdpConnectOptions): Promise<RdpConnection>
}

/** The gateway gives the guest 15 s; CredSSP and the set-up of the desktop come on top. */
const connectTimeoutMs = 40_000
/** One wheel event may turn no further. */
const maxRotation = 255

/** Loads the WASM, once. Rejects when it can't be had. */
export async function loadRdpClient(): Promise<RdpClient> {
  const iron = await import('@devolutions/iron-remote-desktop-rdp')
  await iron.init('WARN')
  return { connect: (options) => connect(iron, options) }
}

type Iron = Pick<typeof IronRdp, 'Backend' | 'displayControl' | 'enableCredssp'>
type IronSession = Awaited<ReturnType<InstanceType<Iron['Backend']['SessionBuilder']>['connect']>>

/** What IronRDP throws. */
interface IronError {
  kind(): number
  backtrace(): string
  rdcleanpathDetails():
    | { httpStatusCode?: number; wsaErrorCode?: number; tlsAlertCode?: number }
    | undefined
}

function isIronError(error: unknown): error is IronError {
  return typeof error === 'object' && error !== null && 'backtrace' in error
}

function problemOf(error: unknown): RdpProblem {
  if (!isIronError(error)) return rdpProblem('other', String(error))
  const details = error.rdcleanpathDetails()
  return explainFailure({
    kind: error.kind(),
    http: details?.httpStatusCode,
    wsa: details?.wsaErrorCode,
    tls: details?.tlsAlertCode,
    text: error.backtrace(),
  })
}

async function connect(
  iron: Iron,
  { endpoint, credentials, size, canvas, signal, onCopied }: RdpConnectOptions,
): Promise<RdpConnection> {
  const { Backend } = iron
  const { url, protocols } = endpoint
  let offered: string | undefined
  let session: IronSession | undefined

  const offers = createOfferTracker()

  function offerText(text: string): Promise<void> {
    offered = text
    const data = new Backend.ClipboardData()
    if (text !== '') data.addText('text/plain', text)
    const taken = offers.begin()
    void session?.onClipboardPaste(data)
    return taken
  }

  const builder = new Backend.SessionBuilder()
    .proxyAddress(url)
    // Told by the URL alone; the gateway does not read these.
    .destination('guest')
    .authToken('session')
    .username(credentials.username)
    .password(credentials.password)
    .serverDomain(credentials.domain)
    .desktopSize(new Backend.DesktopSize(size.width, size.height))
    .renderCanvas(canvas)
    .setCursorStyleCallbackContext(undefined)
    // The pointer is the browser's own: the client asks for no other.
    .setCursorStyleCallback(() => undefined)
    .remoteClipboardChangedCallback((data: RemoteClipboard) => {
      const text = data.items().find((item) => item.mimeType() === 'text/plain')
      if (text) onCopied(String(text.value()))
    })
    // The server can't go on until it has heard what is in our clipboard, be it nothing.
    .forceClipboardUpdateCallback(() => {
      offers.ready()
      void offerText(offered ?? '')
    })
    .extension(iron.displayControl(true))
    .extension(iron.enableCredssp(true))

  let socket: WebSocket | undefined
  let timedOut = false
  const abort = () => socket?.close()
  const timer = setTimeout(() => {
    timedOut = true
    abort()
  }, connectTimeoutMs)
  expectSocket(url, {
    protocols,
    onOpened(opened) {
      socket = opened
      opened.addEventListener('clipboardanswer', (event) => offers.answered(event))
      if (signal.aborted) abort()
    },
  })
  signal.addEventListener('abort', abort)
  try {
    session = await builder.connect()
  } catch (error) {
    throw new RdpConnectError(timedOut ? rdpProblem('silent') : problemOf(error))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }

  const live = session
  const desktop = live.desktopSize()
  const send = (...events: ReturnType<Iron['Backend']['DeviceEvent']['keyPressed']>[]) => {
    const transaction = new Backend.InputTransaction()
    for (const event of events) transaction.addEvent(event)
    live.applyInputs(transaction)
  }
  const { DeviceEvent } = Backend

  return {
    size: { width: desktop.width, height: desktop.height },
    ended: live.run().then(
      (end) => end.reason(),
      (error: unknown) => {
        throw new Error(isIronError(error) ? error.backtrace() : String(error))
      },
    ),
    press: (code) => send(DeviceEvent.keyPressed(code)),
    release: (code) => send(DeviceEvent.keyReleased(code)),
    type: (character) =>
      send(DeviceEvent.unicodePressed(character), DeviceEvent.unicodeReleased(character)),
    releaseAll: () => live.releaseAllInputs(),
    setLocks: ({ num, caps, scroll }) => live.synchronizeLockKeys(scroll, num, caps, false),
    movePointer: (x, y) => send(DeviceEvent.mouseMove(x, y)),
    setButton: (button, isDown) =>
      send(
        isDown ? DeviceEvent.mouseButtonPressed(button) : DeviceEvent.mouseButtonReleased(button),
      ),
    turnWheel(deltaX, deltaY, isLines) {
      const turn = (isVertical: boolean, delta: number) => {
        const limit = isLines ? 5 : maxRotation
        const rotation = Math.max(-limit, Math.min(limit, Math.round(delta)))
        if (rotation !== 0) send(DeviceEvent.wheelRotations(isVertical, -rotation, isLines ? 1 : 0))
      }
      turn(true, deltaY)
      turn(false, deltaX)
    },
    offerText,
    resize: ({ width, height }) => live.resize(width, height),
    close() {
      try {
        live.shutdown()
      } catch {
        // It has ended by itself.
      }
      // A server that does not answer the farewell must not keep the stream open.
      setTimeout(() => socket?.close(), farewellMs)
    },
  }
}

const farewellMs = 1000

interface RemoteClipboard {
  items(): { mimeType(): string; value(): unknown }[]
}
