/**
 * Measures a VNC connection at its WebSocket, only as long as somebody looks.
 *
 * The round trip is that of a question which QEMU answers at once: the list of encodings, which a
 * client may send at any time, is acknowledged by an update without a picture for extended key
 * events (https://github.com/qemu/qemu/blob/003f8dbc8e09962f5d82f581b644b5fbc916bbb4/ui/vnc.c,
 * set_encodings). A request for a picture would not do: it waits for QEMU's next look at the
 * screen, up to three seconds when that is still. The answer comes after all pictures that are
 * under way, so a congested line shows.
 */
import { joined } from '../joined-bytes.ts'

export interface ConnectionReading {
  /** Of the latest answered question; undefined before the first. */
  roundTripMs: number | undefined
  /** How long the current question has been without an answer; 0 if there is none. */
  waitingMs: number
  framesPerSecond: number
  /** Received. */
  bytesPerSecond: number
  /** How the latest picture was encoded, as far as it could be told. */
  encoding: string | undefined
}

export interface ConnectionMeterOptions {
  socket: WebSocket
  /** Sends the list of encodings, and returns how many times. */
  ask: () => number
  onReading: (reading: ConnectionReading) => void
}

const readingMs = 1000
/** In readings. */
const askEvery = 2
/** An answer that stays out for so long won't come, and another may. */
const lostMs = 20_000

/** RFB message types (RFC 6143, 7.5.3 and 7.6.1). */
const updateRequest = 3
const framebufferUpdate = 0
const headerBytes = 16

/** Encodings that carry a picture (https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst). */
const pictureEncodings: Record<number, string> = {
  0: 'Raw',
  1: 'CopyRect',
  2: 'RRE',
  5: 'Hextile',
  6: 'Zlib',
  7: 'Tight',
  16: 'ZRLE',
  21: 'JPEG',
  50: 'H.264',
  [-260]: 'TightPNG',
}

const acknowledgement = -258
/** Updates of one rectangle without a picture: acknowledgement, LED state, desktop size, cursor. */
const pictureless = new Set([acknowledgement, -261, -223, -307, -308, -239, -240])

export interface PicturelessUpdates {
  acknowledgements: number
  /** Acknowledgements among them. */
  all: number
}

/**
 * Counts updates without a picture in received bytes. Messages need not begin where chunks do, and
 * what is between them isn't decoded, so they are found by their header, wherever it is.
 */
export function picturelessUpdates(bytes: Uint8Array): PicturelessUpdates {
  const found = { acknowledgements: 0, all: 0 }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = bytes.indexOf(0xff, 12); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const start = at - 12
    if (start + headerBytes > bytes.length) break
    const isHeader = bytes[start] === framebufferUpdate && view.getUint16(start + 2) === 1
    if (!isHeader || !pictureless.has(view.getInt32(at))) continue
    found.all += 1
    if (view.getInt32(at) === acknowledgement) found.acknowledgements += 1
  }
  return found
}

/** How the first picture of a message is encoded, if it is an update with one. */
export function pictureEncoding(message: Uint8Array): string | undefined {
  if (message.length < headerBytes || message[0] !== framebufferUpdate) return undefined
  return pictureEncodings[new DataView(message.buffer, message.byteOffset).getInt32(12)]
}

/** Starts measuring; the returned function ends it and leaves no trace on the socket. */
export function startConnectionMeter({
  socket,
  ask,
  onReading,
}: ConnectionMeterOptions): () => void {
  let receivedBytes = 0
  let frames = 0
  let encoding: string | undefined
  let roundTripMs: number | undefined
  let askedAt = 0
  /** Acknowledgements that are still to come. */
  let awaited = 0
  let readings = 0
  let lastReadingAt = performance.now()
  /** noVNC asks for the next picture when it has got one whole: then a chunk ends with a message. */
  let hasAskedForMore = false
  let startsMessage = false
  let isAnswered = true
  /** The end of what was received, shorter than a header. */
  let tail = new Uint8Array()

  function handleMessage({ data }: MessageEvent<ArrayBuffer>) {
    const bytes = new Uint8Array(data)
    receivedBytes += bytes.length
    if (startsMessage) encoding = pictureEncoding(bytes) ?? encoding
    startsMessage = hasAskedForMore
    hasAskedForMore = false
    // A header may be cut in two.
    const whole = joined([tail, bytes])
    tail = whole.slice(1 - headerBytes)
    const { acknowledgements, all } = picturelessUpdates(whole)
    frames -= all
    if (awaited > 0 && acknowledgements > 0) {
      // All questions went out at the same moment, so the first answer tells.
      if (!isAnswered) roundTripMs = performance.now() - askedAt
      isAnswered = true
      awaited = Math.max(0, awaited - acknowledgements)
    }
  }

  const send = socket.send.bind(socket)
  // noVNC flushes each message by itself, so the first byte is the type of a message.
  socket.send = (data) => {
    if (data instanceof Uint8Array && data[0] === updateRequest) {
      frames += 1
      hasAskedForMore = true
    }
    send(data)
  }
  socket.addEventListener('message', handleMessage)

  function question() {
    const isPending = awaited > 0 && performance.now() - askedAt < lostMs
    if (socket.readyState !== WebSocket.OPEN || isPending) return
    askedAt = performance.now()
    isAnswered = false
    awaited = ask()
  }

  function read() {
    const now = performance.now()
    const seconds = (now - lastReadingAt) / 1000
    onReading({
      roundTripMs,
      waitingMs: isAnswered ? 0 : now - askedAt,
      framesPerSecond: Math.max(0, frames) / seconds,
      bytesPerSecond: receivedBytes / seconds,
      encoding,
    })
    frames = 0
    receivedBytes = 0
    lastReadingAt = now
    readings += 1
    if (readings % askEvery === 0) question()
  }

  question()
  const timer = setInterval(read, readingMs)
  return () => {
    clearInterval(timer)
    socket.removeEventListener('message', handleMessage)
    // The prototype's own again.
    delete (socket as Partial<WebSocket>).send
  }
}

export type ConnectionQuality = 'Measuring' | 'Good' | 'Slow' | 'Poor'

/** Beyond the first, typing feels late; beyond the second, it can't be followed. */
const slowMs = 120
const poorMs = 350
const silentMs = 3000

export function connectionQuality({
  roundTripMs,
  waitingMs,
}: Pick<ConnectionReading, 'roundTripMs' | 'waitingMs'>): ConnectionQuality {
  if (waitingMs > silentMs) return 'Poor'
  if (roundTripMs === undefined) return 'Measuring'
  const worstMs = Math.max(roundTripMs, waitingMs)
  if (worstMs > poorMs) return 'Poor'
  return worstMs > slowMs ? 'Slow' : 'Good'
}
