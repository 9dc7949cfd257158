/**
 * The server's side of RFB 3.8 (RFC 6143): no authentication, raw encoding, and a size that clients may
 * ask for (https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst#extendeddesktopsize-pseudo-encoding).
 */
import type { Duplex } from 'node:stream'

/** A picture that changes in horizontal bands. */
export interface RfbDisplay {
  readonly name: string
  readonly width: number
  readonly height: number
  /** Rises with every change. */
  readonly version: number
  subscribe(listener: () => void): () => void
  /** The bands that changed after `version`. */
  changedBands(version: number): { y: number; height: number }[]
  /** Takes on another size, if it is one for it. */
  resize(width: number, height: number): boolean
  /** Packed 0xRRGGBB pixels of a band over the full width. */
  readBand(y: number, height: number): Uint32Array
}

interface PixelFormat {
  bytesPerPixel: number
  bigEndian: boolean
  max: { red: number; green: number; blue: number }
  shift: { red: number; green: number; blue: number }
}

/** Asks for as many bytes as it yields. */
type Reader = Generator<number, void, Buffer>

const largestCutText = 1 << 20

const extendedDesktopSize = -308
/** Who asked for a size, and what came of it: a rectangle's place says it, in this encoding. */
const sizeNews = { ofServer: [0, 0], granted: [1, 0], invalid: [1, 3] } as const

/**
 * Serves one client until either side ends the stream. `onKey` gets X11 keysyms. A client that
 * breaks the protocol is disconnected.
 */
export function serveRfb(
  stream: Duplex,
  display: RfbDisplay,
  onKey: (keysym: number, down: boolean) => void,
): void {
  let format: PixelFormat = {
    bytesPerPixel: 4,
    bigEndian: false,
    max: { red: 255, green: 255, blue: 255 },
    shift: { red: 16, green: 8, blue: 0 },
  }
  let sentVersion = 0
  let updateWanted = false
  let updateQueued = false
  /** What is to be told of the size to a client that knows how to hear it. */
  let news: keyof typeof sizeNews | undefined

  /** Changes of one turn of the event loop go out as one update. */
  function queueUpdate(): void {
    if (!updateWanted || updateQueued) return
    updateQueued = true
    setImmediate(() => {
      updateQueued = false
      sendUpdate()
    })
  }

  function sendUpdate(): void {
    if (!updateWanted || stream.destroyed) return
    if (news) {
      updateWanted = false
      stream.write(sizeUpdate(display, sizeNews[news]))
      news = undefined
      return
    }
    const bands = display.changedBands(sentVersion)
    if (bands.length === 0) return
    updateWanted = false
    sentVersion = display.version
    const header = Buffer.alloc(4)
    header.writeUInt16BE(bands.length, 2)
    stream.write(header)
    for (const { y, height } of bands) {
      const rectangle = Buffer.alloc(12)
      rectangle.writeUInt16BE(y, 2)
      rectangle.writeUInt16BE(display.width, 4)
      rectangle.writeUInt16BE(height, 6)
      stream.write(rectangle)
      stream.write(encodePixels(display.readBand(y, height), format))
    }
  }

  function* session(): Reader {
    let knowsSizes = false
    stream.write('RFB 003.008\n')
    const clientVersion = (yield 12).toString('latin1')
    if (clientVersion !== 'RFB 003.008\n') throw new Error(`unsupported version ${clientVersion}`)
    const securityNone = 1
    stream.write(Buffer.from([1, securityNone]))
    const [chosen] = yield 1
    if (chosen !== securityNone) throw new Error(`unoffered security type ${chosen}`)
    stream.write(Buffer.alloc(4))
    yield 1 // ClientInit's shared flag: every session is shared.
    stream.write(serverInit(display, format))
    for (;;) {
      const [type] = yield 1
      switch (type) {
        case 0:
          format = readPixelFormat((yield 19).subarray(3))
          sentVersion = 0
          break
        case 2: {
          // Raw needs no announcement.
          const list = yield (yield 3).readUInt16BE(1) * 4
          const asked = Array.from({ length: list.length / 4 }, (_, at) => list.readInt32BE(at * 4))
          if (!knowsSizes && asked.includes(extendedDesktopSize)) news = 'ofServer'
          knowsSizes = asked.includes(extendedDesktopSize)
          break
        }
        case 3:
          if ((yield 9)[0] === 0) sentVersion = 0
          updateWanted = true
          queueUpdate()
          break
        case 4: {
          const key = yield 7
          onKey(key.readUInt32BE(3), key[0] !== 0)
          break
        }
        case 5: // The text console has no pointer.
          yield 5
          break
        case 6: {
          const length = (yield 7).readUInt32BE(3)
          if (length > largestCutText) throw new Error(`cut text of ${length} bytes`)
          yield length
          break
        }
        case 251: {
          const size = yield 7
          // One screen is all there is, wherever the client would like several.
          yield size.readUInt8(5) * 16
          const isGranted = display.resize(size.readUInt16BE(1), size.readUInt16BE(3))
          news = isGranted ? 'granted' : 'invalid'
          queueUpdate()
          break
        }
        default:
          throw new Error(`unknown message ${type}`)
      }
    }
  }

  const unsubscribe = display.subscribe(queueUpdate)
  stream.on('close', unsubscribe)
  stream.on('end', () => stream.end())
  // The client may vanish at any time; `close` follows and does what is needed.
  stream.on('error', () => {})
  feed(stream, session())
}

/** Hands a reader exactly the bytes that it asks for; its exception ends the stream. */
function feed(stream: Duplex, reader: Reader): void {
  let pending = Buffer.alloc(0)
  let wanted = reader.next().value ?? 0
  stream.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data])
    try {
      while (pending.length >= wanted) {
        const bytes = pending.subarray(0, wanted)
        pending = pending.subarray(wanted)
        wanted = reader.next(bytes).value ?? 0
      }
    } catch {
      stream.destroy()
    }
  })
}

function serverInit(display: RfbDisplay, format: PixelFormat): Buffer {
  const name = Buffer.from(display.name)
  const init = Buffer.alloc(24 + name.length)
  init.writeUInt16BE(display.width, 0)
  init.writeUInt16BE(display.height, 2)
  init.set([32, 24, 0, 1], 4)
  init.writeUInt16BE(format.max.red, 8)
  init.writeUInt16BE(format.max.green, 10)
  init.writeUInt16BE(format.max.blue, 12)
  init.set([format.shift.red, format.shift.green, format.shift.blue], 14)
  init.writeUInt32BE(name.length, 20)
  name.copy(init, 24)
  return init
}

/** An update that tells of the size and of nothing else. */
function sizeUpdate({ width, height }: RfbDisplay, [reason, status]: readonly [number, number]) {
  const update = Buffer.alloc(36)
  update.writeUInt16BE(1, 2)
  update.writeUInt16BE(reason, 4)
  update.writeUInt16BE(status, 6)
  update.writeUInt16BE(width, 8)
  update.writeUInt16BE(height, 10)
  update.writeInt32BE(extendedDesktopSize, 12)
  // One screen, number 0, at the origin.
  update.writeUInt8(1, 16)
  update.writeUInt16BE(width, 28)
  update.writeUInt16BE(height, 30)
  return update
}

function readPixelFormat(bytes: Buffer): PixelFormat {
  const [bitsPerPixel = 0, , bigEndian, trueColour] = bytes
  if (![8, 16, 32].includes(bitsPerPixel) || !trueColour) {
    throw new Error(`unsupported pixel format: ${bitsPerPixel} bits`)
  }
  const [red = 0, green = 0, blue = 0] = bytes.subarray(10)
  return {
    bytesPerPixel: bitsPerPixel / 8,
    bigEndian: bigEndian !== 0,
    max: {
      red: bytes.readUInt16BE(4),
      green: bytes.readUInt16BE(6),
      blue: bytes.readUInt16BE(8),
    },
    shift: { red, green, blue },
  }
}

function encodePixels(pixels: Uint32Array, format: PixelFormat): Buffer {
  const { bytesPerPixel, bigEndian, max, shift } = format
  const out = Buffer.alloc(pixels.length * bytesPerPixel)
  const scale = (value: number, to: number) => Math.round(((value & 0xff) * to) / 255)
  // A console shows a handful of colours: each is converted once.
  const converted = new Map<number, number>()
  pixels.forEach((pixel, index) => {
    let value = converted.get(pixel)
    if (value === undefined) {
      value =
        ((scale(pixel >> 16, max.red) << shift.red) |
          (scale(pixel >> 8, max.green) << shift.green) |
          (scale(pixel, max.blue) << shift.blue)) >>>
        0
      converted.set(pixel, value)
    }
    if (bigEndian) out.writeUIntBE(value, index * bytesPerPixel, bytesPerPixel)
    else out.writeUIntLE(value, index * bytesPerPixel, bytesPerPixel)
  })
  return out
}
