/**
 * A screen's picture at the size of its tile, and whether it shows something else than the one
 * before. It is drawn to a canvas: an image element would need an address for each picture, and would
 * keep each decoded at the size of the guest's screen.
 */

export interface Picture {
  bitmap: ImageBitmap
  /** Of the file: equal ones need no look at their pixels. */
  hash: number
  /** Brightness of each cell of a coarse grid. */
  cells: Uint8ClampedArray
}

const columns = 80
const rows = 50

/** Brightness, of 255, by which a cell must differ. */
const visibleDifference = 10

/**
 * A cursor that blinks, or moves on by a letter, changes no more cells than this side by side, and is
 * no news.
 */
const cursorCells = 3

/** Reads a PNG. Rejects where the browser can't. */
export async function lookAt(
  blob: Blob,
  former: Picture | undefined,
  widthPx: number,
): Promise<{ picture: Picture; isChanged: boolean }> {
  const hash = hashOf(new Uint8Array(await blob.arrayBuffer()))
  const isSame = former !== undefined && former.hash === hash
  if (isSame && former.bitmap.width === widthPx) return { picture: former, isChanged: false }
  // Decoded and scaled beside the page's own thread.
  const bitmap = await createImageBitmap(blob, { resizeWidth: widthPx, resizeQuality: 'medium' })
  const cells = brightness(bitmap)
  const isChanged = !isSame && former !== undefined && differs(former.cells, cells)
  return { picture: { bitmap, hash, cells }, isChanged }
}

let sampler: CanvasRenderingContext2D | null | undefined

function brightness(bitmap: ImageBitmap): Uint8ClampedArray {
  if (!sampler) {
    const canvas = document.createElement('canvas')
    canvas.width = columns
    canvas.height = rows
    sampler = canvas.getContext('2d', { willReadFrequently: true })
  }
  const cells = new Uint8ClampedArray(columns * rows)
  if (!sampler) return cells
  sampler.imageSmoothingQuality = 'medium'
  sampler.drawImage(bitmap, 0, 0, columns, rows)
  const { data } = sampler.getImageData(0, 0, columns, rows)
  for (let cell = 0; cell < cells.length; cell++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(cell * 4, cell * 4 + 3)
    cells[cell] = (red + green + blue) / 3
  }
  return cells
}

/** Whether two grids differ in more than a cursor. */
export function differs(
  former: ArrayLike<number>,
  next: ArrayLike<number>,
  width = columns,
): boolean {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let cell = 0; cell < next.length; cell++) {
    if (Math.abs((former[cell] ?? 0) - (next[cell] ?? 0)) < visibleDifference) continue
    const column = cell % width
    const row = Math.floor(cell / width)
    left = Math.min(left, column)
    right = Math.max(right, column)
    top = Math.min(top, row)
    bottom = Math.max(bottom, row)
  }
  return right - left >= cursorCells || bottom - top >= cursorCells
}

/** FNV-1a, by words of four bytes (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5 ^ bytes.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 4 <= bytes.length; at += 4)
    hash = Math.imul(hash ^ view.getUint32(at), 0x01000193)
  for (let at = bytes.length & ~3; at < bytes.length; at++)
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash
}
