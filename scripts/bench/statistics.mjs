/** @param {number[]} values @returns {number} the middle one, NaN of none */
export function median(values) {
  return percentile(values, 0.5)
}

/** @param {number[]} values @param {number} share 0…1 @returns {number} by nearest rank */
export function percentile(values, share) {
  if (values.length === 0) return Number.NaN
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

/** @param {number[]} values */
export function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}

/**
 * How long the page's thread could not answer.
 * @param {{ duration: number }[]} longTasks those over 50 ms, as the browser reports them
 */
export function blocking(longTasks) {
  const durations = longTasks.map(({ duration }) => duration)
  return {
    longestTaskMs: Math.max(0, ...durations),
    longTasks: durations.length,
    longTasksMs: sum(durations),
    /** What of them is beyond 50 ms, as in “total blocking time”. */
    blockingMs: sum(durations.map((duration) => duration - 50)),
  }
}
