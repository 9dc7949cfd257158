/** How fast bytes go, over the last seconds, and what that means for the rest. */

const windowMs = 8000

export interface RateMeter {
  /** `total` bytes had gone at `timeMs`. */
  add(total: number, timeMs: number): void
  /** Bytes a second; undefined until there is something to go by. */
  rate(timeMs: number): number | undefined
}

export function createRateMeter(): RateMeter {
  let samples: { total: number; timeMs: number }[] = []
  return {
    add(total, timeMs) {
      const last = samples.at(-1)
      // Samples of a window are kept few; a browser reports every 50 ms.
      if (last && samples.length > 1 && timeMs - last.timeMs < 250) samples.pop()
      samples.push({ total, timeMs })
      samples = samples.filter((one) => timeMs - one.timeMs <= windowMs)
    },
    rate(timeMs) {
      const [first] = samples
      const last = samples.at(-1)
      if (!first || !last || timeMs - first.timeMs < 500) return undefined
      // Up to now and not up to the last report: a stalled upload gets slower.
      return ((last.total - first.total) * 1000) / (timeMs - first.timeMs)
    },
  }
}

/** As in `about 3 minutes left`; undefined where nobody can tell. */
export function timeLeft(bytes: number, rate: number | undefined): string | undefined {
  if (rate === undefined || rate < 1) return undefined
  const seconds = bytes / rate
  if (seconds < 60) return `about ${Math.max(1, Math.ceil(seconds / 5) * 5)} seconds left`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`
  const hours = Math.floor(minutes / 60)
  return `about ${hours} h ${minutes % 60} min left`
}
