/** The server's side of RFB 3.8 (RFC 6143): no authentication, raw encoding, a fixed size. */
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
    const bands = display.changedBands(sentVersion)
    if (!updateWanted || bands.length === 0 || stream.destroyed) return
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
        case 2: // SetEncodings: raw needs no announcement.
          yield (yield 3).readUInt16BE(1) * 4
          break
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
