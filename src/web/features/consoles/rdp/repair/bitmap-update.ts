/**
 * Bitmap updates as IronRDP's published WASM draws them exactly.
 *
 * A server may send a bitmap wider or higher than the part of it that is to be seen: xrdp rounds
 * every width up to a multiple of four. Version 0.7.0 of @devolutions/iron-remote-desktop-rdp takes
 * the visible width for the length of a row, so that every row but the first is drawn askew
 * (https://github.com/Devolutions/IronRDP/issues/1251). Bitmaps as large as what is seen of them it
 * draws right, so padded ones are cut to that here.
 *
 * To be removed with a release that has
 * https://github.com/Devolutions/IronRDP/commit/80bb81b344dba0197aa7b870c685f398dc4bcaee
 */
import { decodeInterleavedRle } from './interleaved-rle.ts'

/** TS_BITMAP_DATA, MS-RDPBCGR 2.2.9.1.1.3.1.2.2. */
interface Bitmap {
  left: number
  top: number
  /** Of what is to be seen. */
  visibleWidth: number
  visibleHeight: number
  /** Of what was sent. */
  width: number
  height: number
  bitsPerPixel: number
  flags: number
  /** Without the header that compressed data may have. */
  data: Uint8Array
  /** The whole of it, as sent. */
  bytes: Uint8Array
}

const updateTypeBitmap = 1
const headLength = 18
const compressed = 0x0001
const withoutCompressionHeader = 0x0400
const compressionHeaderLength = 8
/** `bitmapLength` is 16 bits wide. */
const maxDataLength = 0xffff

/**
 * The update with every padded bitmap replaced by its visible part; undefined when there is none,
 * or none that could be read. `update` begins with its type, as in the fast and the slow path.
 */
export function cutPaddedBitmaps(update: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const bitmaps = readBitmaps(update)
  if (!bitmaps?.some(isPadded)) return undefined
  try {
    return writeUpdate(bitmaps.flatMap((bitmap) => (isPadded(bitmap) ? cut(bitmap) : bitmap.bytes)))
  } catch (error) {
    // Not ours to judge: the client says what is wrong with it.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function readBitmaps(update: Uint8Array): Bitmap[] | undefined {
  if (update.length < 4) return undefined
  const words = view(update)
  if (words.getUint16(0, true) !== updateTypeBitmap) return undefined
  const bitmaps: Bitmap[] = []
  let offset = 4
  for (let count = words.getUint16(2, true); count > 0; count -= 1) {
    if (offset + headLength > update.length) return undefined
    const word = (index: number) => words.getUint16(offset + index * 2, true)
    const end = offset + headLength + word(8)
    if (end > update.length) return undefined
    const flags = word(7)
    const hasHeader = (flags & compressed) !== 0 && (flags & withoutCompressionHeader) === 0
    bitmaps.push({
      left: word(0),
      top: word(1),
      visibleWidth: word(2) - word(0) + 1,
      visibleHeight: word(3) - word(1) + 1,
      width: word(4),
      height: word(5),
      bitsPerPixel: word(6),
      flags,
      data: update.subarray(offset + headLength + (hasHeader ? compressionHeaderLength : 0), end),
      bytes: update.subarray(offset, end),
    })
    offset = end
  }
  return bitmaps
}

/** Only in the depth that the client asks for: 16 bits, which a server may answer with 15. */
function isPadded({ visibleWidth, visibleHeight, width, height, bitsPerPixel }: Bitmap): boolean {
  const isLarger = width > visibleWidth || height > visibleHeight
  const isPart = width >= visibleWidth && height >= visibleHeight
  return isLarger && isPart && visibleWidth > 0 && visibleHeight > 0 && is15or16(bitsPerPixel)
}

function is15or16(bitsPerPixel: number): bitsPerPixel is 15 | 16 {
  return bitsPerPixel === 15 || bitsPerPixel === 16
}

function readPixels({ flags, data, width, height, bitsPerPixel }: Bitmap): Uint16Array {
  if ((flags & compressed) !== 0 && is15or16(bitsPerPixel))
    return decodeInterleavedRle(data, width, height, bitsPerPixel)
  const pixels = new Uint16Array(width * height)
  const words = view(data)
  const rowLength = paddedRowLength(width)
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1)
      pixels[row * width + column] = words.getUint16(row * rowLength + column * 2, true)
  }
  return pixels
}

/** Rows of uncompressed data are filled up to four bytes. */
function paddedRowLength(width: number): number {
  return (width * 2 + 3) & ~3
}

/** The visible part, uncompressed; in several when it is too long for one. */
function cut(bitmap: Bitmap): Uint8Array[] {
  const { left, top, visibleWidth, visibleHeight, width, height, bitsPerPixel } = bitmap
  const pixels = readPixels(bitmap)
  const rowLength = paddedRowLength(visibleWidth)
  const rowsAtOnce = Math.floor(maxDataLength / rowLength)
  const parts: Uint8Array[] = []
  for (let first = 0; first < visibleHeight; first += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, visibleHeight - first)
    const part = new Uint8Array(headLength + rows * rowLength)
    const words = view(part)
    const head = [
      left,
      top + first,
      left + visibleWidth - 1,
      top + first + rows - 1,
      visibleWidth,
      rows,
      bitsPerPixel,
      0,
      rows * rowLength,
    ]
    head.forEach((value, index) => words.setUint16(index * 2, value, true))
    for (let row = 0; row < rows; row += 1) {
      // Both run from the bottom up, and padding is below: what is seen comes last.
      const from = (height - first - rows + row) * width
      const to = headLength + row * rowLength
      for (let column = 0; column < visibleWidth; column += 1)
        words.setUint16(to + column * 2, pixels[from + column] ?? 0, true)
    }
    parts.push(part)
  }
  return parts
}

function writeUpdate(bitmaps: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = bitmaps.reduce((sum, bytes) => sum + bytes.length, 4)
  const update = new Uint8Array(length)
  const words = view(update)
  words.setUint16(0, updateTypeBitmap, true)
  words.setUint16(2, bitmaps.length, true)
  let offset = 4
  for (const bytes of bitmaps) {
    update.set(bytes, offset)
    offset += bytes.length
  }
  return update
}
