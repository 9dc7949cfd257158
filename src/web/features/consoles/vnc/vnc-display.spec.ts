// @vitest-environment jsdom

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { storeChoice } from '../../../ui/stored-choice.ts'
import { loadVncDisplay } from './vnc-display.ts'
import { defaultView } from './vnc-view.ts'

// It comes with toasts, whose style sheets only components' specs can load.
vi.mock('./save-recording.ts', () => ({ saveRecording: () => undefined }))

/** As much of a WebSocket as noVNC asks for; the test is the server. */
class FakeSocket extends EventTarget {
  binaryType = ''
  protocol = 'plain.kubevirt.io'
  readyState = 0
  readonly sent: number[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null

  constructor() {
    super()
    for (const type of ['open', 'message', 'close'])
      this.addEventListener(type, (event) => {
        const handler: unknown = Reflect.get(this, `on${type}`)
        if (typeof handler === 'function') handler.call(this, event)
      })
  }
  send(bytes: Uint8Array) {
    this.sent.push(...bytes)
  }
  close() {
    this.readyState = 3
  }
  open() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  receive(bytes: number[]) {
    const data = Uint8Array.from(bytes).buffer
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
  /** Takes what has been sent since. */
  take() {
    return this.sent.splice(0)
  }
}

const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0))
const version = letters('RFB 003.008\n')
const noAuthentication = 1
const isOffered = [1, noAuthentication]
const isAccepted = [0, 0, 0, 0]
/** RFC 6143, 7.3.2: 640 × 480 with 32 bits a pixel, by the name of “QEMU”. */
const serverInit = [
  [2, 128, 1, 224],
  [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0],
  [0, 0, 0, 4, ...letters('QEMU')],
].flat()
const greeting = [...version, noAuthentication, 1]

/** The encodings of the last SetEncodings (RFC 6143, 7.5.2) among what a client has sent once it is connected. */
function encodingsIn(sent: number[]): number[] {
  const lengths: Record<number, number> = { 0: 20, 3: 10, 4: 8, 5: 6 }
  const bytes = new DataView(Uint8Array.from(sent).buffer)
  let encodings: number[] = []
  for (let at = 0; at < sent.length;) {
    const type = bytes.getUint8(at)
    if (type === 2) {
      const count = bytes.getUint16(at + 2)
      encodings = Array.from({ length: count }, (_, each) => bytes.getInt32(at + 4 + each * 4))
      at += 4 + count * 4
    } else at += lengths[type] ?? Number.NaN
  }
  return encodings
}
const isLevel = (encoding: number) =>
  (encoding >= -32 && encoding <= -23) || (encoding >= -256 && encoding <= -247)
const levelsIn = (sent: number[]) => encodingsIn(sent).filter(isLevel)
/** https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst: JPEG quality and compression level, 0 to 9 each. */
const levels = (quality: number, compression: number) => [-32 + quality, -256 + compression]

async function openDisplay() {
  const display = await loadVncDisplay(document.createElement('div'), {
    name: 'web-1',
    label: 'Screen',
    onRelease: () => undefined,
  })
  const attach = () => {
    const socket = new FakeSocket()
    const events = { onReady: vi.fn<() => void>(), onFailure: vi.fn<(why: string) => void>() }
    display.attach(socket as unknown as WebSocket, events)
    socket.open()
    return { socket, ...events }
  }
  return { display, attach }
}

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('isSecureContext', true)
  // jsdom draws nothing.
  const context = new Proxy({}, { get: () => () => undefined, set: () => true })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never)
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
})

afterEach(() => vi.unstubAllGlobals())

it('greets the server before it has said a word, and once', async () => {
  const { attach } = await openDisplay()
  const { socket } = attach()
  expect(socket.take()).toEqual(greeting)
  socket.receive(version)
  socket.receive(isOffered)
  socket.receive(isAccepted)
  expect(socket.take()).toEqual([])
  socket.receive(serverInit)
  const [setPixelFormat, setEncodings] = [socket.sent[0], socket.sent[20]]
  expect([setPixelFormat, setEncodings]).toEqual([0, 2])
})

it('understands a server whose words come all at once', async () => {
  const { attach } = await openDisplay()
  const { socket } = attach()
  socket.take()
  socket.receive([...version, ...isOffered, ...isAccepted, ...serverInit])
  expect(encodingsIn(socket.take())).not.toEqual([])
})

it('gives up on a server that asks for a password', async () => {
  const { attach } = await openDisplay()
  const { socket, onFailure } = attach()
  const vncAuthentication = 2
  socket.receive([...version, 1, vncAuthentication])
  expect(onFailure).toHaveBeenCalledWith(expect.stringContaining('asks for a password'))
})

it('tells the server what the choice of a picture means, at once and at each connection', async () => {
  const { display, attach } = await openDisplay()
  const { socket } = attach()
  socket.take()
  socket.receive([...version, ...isOffered, ...isAccepted, ...serverInit])
  expect(levelsIn(socket.take())).toEqual(levels(6, 2))
  display.setView({ ...defaultView, picture: 'slow' })
  expect(levelsIn(socket.take())).toEqual(levels(1, 9))
  display.setView({ ...defaultView, picture: 'best' })
  expect(levelsIn(socket.take())).toEqual(levels(9, 1))

  display.setView({ ...defaultView, picture: 'slow' })
  display.detach()
  const again = attach().socket
  again.take()
  again.receive([...version, ...isOffered, ...isAccepted, ...serverInit])
  expect(levelsIn(again.take())).toEqual(levels(1, 9))
})

it('begins with the picture that this browser remembers', async () => {
  storeChoice('console-picture', 'slow')
  const { attach } = await openDisplay()
  const { socket } = attach()
  socket.take()
  socket.receive([...version, ...isOffered, ...isAccepted, ...serverInit])
  expect(levelsIn(socket.take())).toEqual(levels(1, 9))
})
