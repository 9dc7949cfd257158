import { crc32, deflateSync } from 'node:zlib'

/**
 * Encodes packed 0xRRGGBB pixels, row by row, as an 8-bit RGB PNG (PNG specification, third
 * edition).
 */
export function encodePng(width: number, height: number, pixels: Uint32Array): Buffer {
  const stride = 1 + width * 3
  const raw = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    // The first byte of each row names its filter; 0 is none.
    let at = y * stride + 1
    for (let x = 0; x < width; x++) {
      raw.writeUIntBE(pixels[y * width + x] ?? 0, at, 3)
      at += 3
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/**
 * Reads a binary PPM (P6, 8 bits) as QEMU's screendump writes it. Throws when it is something else.
 */
export function readPpm(file: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.toString('latin1', 0, 64))
  if (!header) throw new Error('not a binary PPM picture')
  const [width, height] = [Number(header[1]), Number(header[2])]
  const pixels = new Uint32Array(width * height)
  for (let index = 0; index < pixels.length; index++) {
    pixels[index] = file.readUIntBE(header[0].length + index * 3, 3)
  }
  return { width, height, pixels }
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8)
  return out
}
