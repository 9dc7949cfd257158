/** Sizes and places on a remote desktop's screen. */
import type { ScreenSize } from './rdp-client.ts'

/** Smaller desktops are of no use; the picture is scaled down instead. */
const smallest: ScreenSize = { width: 640, height: 400 }
/** MS-RDPEDISP 2.2.2.2.1. */
const largest: ScreenSize = { width: 8192, height: 8192 }

/**
 * The desktop to ask for in a window of this size. Widths are even by the protocol; multiples of
 * four need no padding on any server.
 */
export function sizeToAskFor({ width, height }: ScreenSize): ScreenSize {
  const within = (value: number, low: number, high: number) =>
    Math.min(Math.max(Math.floor(value), low), high)
  return {
    width: within(width, smallest.width, largest.width) & ~3,
    height: within(height, smallest.height, largest.height) & ~1,
  }
}

/**
 * The guest's pixel at a place in a canvas box, in which the screen is centred and as large as its
 * shape allows (`object-fit: contain`). Places beside the screen count as its edge.
 */
export function placeOnScreen(
  place: { x: number; y: number },
  box: ScreenSize,
  screen: ScreenSize,
): { x: number; y: number } {
  const scale = Math.min(box.width / screen.width, box.height / screen.height) || 1
  const along = (at: number, boxLength: number, length: number) => {
    const pixel = Math.floor((at - (boxLength - length * scale) / 2) / scale)
    return Math.min(Math.max(pixel, 0), length - 1)
  }
  return {
    x: along(place.x, box.width, screen.width),
    y: along(place.y, box.height, screen.height),
  }
}
