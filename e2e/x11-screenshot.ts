/** What an X server has on its screen, by its own word: the X11 protocol's GetImage. */
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

export interface Screenshot {
  width: number
  height: number
  /** Red, green, blue, and a byte of no meaning, row by row from the top. */
  pixels: Uint8Array
}

const getImage = 73
const zPixmap = 2
const allPlanes = 0xffff_ffff
const connectionHead = 8
const replyHead = 32

/** Of a display of this machine (`:7`) that asks nobody who they are and has 24 bits a pixel. */
export async function x11Screenshot(display: string): Promise<Screenshot> {
  const socket = createConnection(`/tmp/.X11-unix/X${display.slice(1)}`)
  const read = reader(socket)
  try {
    await once(socket, 'connect')
    // Little-endian, protocol 11.0, no authorization.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    const head = await read(connectionHead)
    if (head[0] !== 1) throw new Error(`The X server of ${display} refused the connection`)
    const setup = await read(head.readUInt16LE(6) * 4)
    const vendorLength = setup.readUInt16LE(16)
    const formatCount = setup[21] ?? 0
    const screen = 32 + Math.ceil(vendorLength / 4) * 4 + formatCount * 8
    const root = setup.readUInt32LE(screen)
    const width = setup.readUInt16LE(screen + 20)
    const height = setup.readUInt16LE(screen + 22)

    const request = Buffer.alloc(20)
    request.writeUInt8(getImage, 0)
    request.writeUInt8(zPixmap, 1)
    request.writeUInt16LE(5, 2)
    request.writeUInt32LE(root, 4)
    request.writeUInt16LE(width, 12)
    request.writeUInt16LE(height, 14)
    request.writeUInt32LE(allPlanes, 16)
    socket.write(request)
    const reply = await read(replyHead)
    if (reply[0] !== 1) throw new Error(`The X server of ${display} gave no image`)
    const bgrx = await read(reply.readUInt32LE(4) * 4)
    const pixels = new Uint8Array(width * height * 4)
    for (let offset = 0; offset < pixels.length; offset += 4) {
      pixels[offset] = bgrx[offset + 2] ?? 0
      pixels[offset + 1] = bgrx[offset + 1] ?? 0
      pixels[offset + 2] = bgrx[offset] ?? 0
    }
    return { width, height, pixels }
  } finally {
    socket.destroy()
  }
}

/** Reads exactly as many bytes as asked for. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  let buffer = Buffer.alloc(0)
  const chunks = socket[Symbol.asyncIterator]()
  return async (length) => {
    while (buffer.length < length) {
      const { done, value } = (await chunks.next()) as IteratorResult<Buffer, undefined>
      if (done === true) throw new Error('The X server hung up')
      buffer = Buffer.concat([buffer, value])
    }
    const bytes = buffer.subarray(0, length)
    buffer = buffer.subarray(length)
    return bytes
  }
}
