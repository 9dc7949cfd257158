/**
 * Decoder of Interleaved RLE, in which RDP servers send bitmaps of 15 and 16 bits a pixel.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-rdpbcgr/b3b60873-16a8-4cbc-8aaa-5f0a93083280
 */

/** What is in an order's head: how it draws, and how its run length is written. */
type Order =
  | 'background'
  | 'foreground'
  | 'setForeground'
  | 'dithered'
  | 'colour'
  | 'mask'
  | 'setMask'
  | 'pixels'
  | 'mask3'
  | 'mask5'
  | 'white'
  | 'black'

/** By the first three bits; the run length is in the other five, or in one more byte. */
const regularOrders: Order[] = ['background', 'foreground', 'mask', 'colour', 'pixels']

/** By the first four bits; the run length is in the other four, or in one more byte. */
const liteOrders: Record<number, Order> = {
  0xc: 'setForeground',
  0xd: 'setMask',
  0xe: 'dithered',
}

/** By the whole byte; the run length is in two more bytes. */
const megaOrders: Record<number, Order> = {
  0xf0: 'background',
  0xf1: 'foreground',
  0xf2: 'mask',
  0xf3: 'colour',
  0xf4: 'pixels',
  0xf6: 'setForeground',
  0xf7: 'setMask',
  0xf8: 'dithered',
}

/** By the whole byte; without a run length. */
const specialOrders: Record<number, Order> = {
  0xf9: 'mask3',
  0xfa: 'mask5',
  0xfd: 'white',
  0xfe: 'black',
}

/**
 * The pixels in the order in which they were sent: rows from the bottom up, each from the left.
 * Throws RangeError when the stream does not fill the bitmap or says more than fits.
 */
export function decodeInterleavedRle(
  source: Uint8Array,
  width: number,
  height: number,
  bitsPerPixel: 15 | 16,
): Uint16Array<ArrayBuffer> {
  const pixels = new Uint16Array(width * height)
  const white = bitsPerPixel === 15 ? 0x7fff : 0xffff
  let read = 0
  let written = 0
  let foreground = white
  /** Two background runs in a row have a pixel of foreground between them. */
  let isAfterBackground = false
  /** An order that begins in the first row knows no row above, even where it goes beyond. */
  let isFirstRow = true

  const byte = () => {
    const value = source[read]
    if (value === undefined) throw new RangeError('The stream ends within an order')
    read += 1
    return value
  }
  const word = () => byte() | (byte() << 8)
  const put = (pixel: number) => {
    if (written === pixels.length) throw new RangeError('The stream holds more than the bitmap')
    pixels[written] = pixel
    written += 1
  }
  const above = () => (isFirstRow ? 0 : (pixels[written - width] ?? 0))
  const putMask = (mask: number, count: number) => {
    for (let bit = 0; bit < count; bit += 1) put(mask & (1 << bit) ? above() ^ foreground : above())
  }

  function readOrder(): { order: Order; length: number } {
    const head = byte()
    const special = specialOrders[head]
    if (special) return { order: special, length: 1 }
    const mega = megaOrders[head]
    if (mega) return { order: mega, length: word() }
    const regular = regularOrders[head >> 5]
    const order = regular ?? liteOrders[head >> 4]
    if (!order) throw new RangeError(`There is no order ${head}`)
    const mask = regular ? 0x1f : 0x0f
    const length = head & mask
    if (order === 'mask' || order === 'setMask')
      return { order, length: length === 0 ? byte() + 1 : length * 8 }
    return { order, length: length === 0 ? byte() + mask + 1 : length }
  }

  while (read < source.length) {
    if (isFirstRow && written >= width) {
      isFirstRow = false
      isAfterBackground = false
    }
    const { order, length } = readOrder()
    const wasAfterBackground = isAfterBackground
    isAfterBackground = order === 'background'
    if (order === 'setForeground' || order === 'setMask') foreground = word()
    switch (order) {
      case 'background': {
        if (wasAfterBackground) put(above() ^ foreground)
        for (let count = wasAfterBackground ? 1 : 0; count < length; count += 1) put(above())
        break
      }
      case 'foreground':
      case 'setForeground': {
        for (let count = 0; count < length; count += 1) put(above() ^ foreground)
        break
      }
      case 'dithered': {
        const pair = [word(), word()] as const
        for (let count = 0; count < length; count += 1) pair.forEach(put)
        break
      }
      case 'colour': {
        const pixel = word()
        for (let count = 0; count < length; count += 1) put(pixel)
        break
      }
      case 'pixels': {
        for (let count = 0; count < length; count += 1) put(word())
        break
      }
      case 'mask':
      case 'setMask': {
        for (let rest = length; rest > 0; rest -= 8) putMask(byte(), Math.min(rest, 8))
        break
      }
      case 'mask3':
        putMask(0x03, 8)
        break
      case 'mask5':
        putMask(0x05, 8)
        break
      case 'white':
        put(white)
        break
      case 'black':
        put(0)
        break
    }
  }
  if (written < pixels.length) throw new RangeError('The stream does not fill the bitmap')
  return pixels
}
