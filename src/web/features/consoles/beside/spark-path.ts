/** The line of a small chart. */

interface Point {
  timeMs: number
  value: number
}

interface Frame {
  width: number
  height: number
  /** The right edge is `toMs`, the left one so much earlier. */
  toMs: number
  spanMs: number
  /** The value at the top; the bottom is 0. */
  max: number
}

/** Where figures are missing for longer, the line is broken. */
const gapMs = 150_000

/** SVG path data through the points, which are in order; those left of the frame are left out. */
export function sparkPath(points: readonly Point[], frame: Frame): string {
  const { width, height, toMs, spanMs, max } = frame
  const shown = points.filter(({ timeMs }) => timeMs >= toMs - spanMs)
  return shown
    .map(({ timeMs, value }, index) => {
      const x = width * (1 - (toMs - timeMs) / spanMs)
      const y = height * (1 - Math.min(1, max > 0 ? value / max : 0))
      const before = shown[index - 1]
      const isJoined = before && timeMs - before.timeMs <= gapMs
      return `${isJoined ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
