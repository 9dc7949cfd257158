/**
 * Ages as `kubectl` shows them.
 * https://github.com/kubernetes/apimachinery/blob/kubernetes-1.35.0/pkg/util/duration/duration.go
 */

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** A duration in at most two units, e.g. `45s`, `3m20s`, `5d4h`; `<invalid>` when well below zero. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * minute) return `${seconds}s`
  if (seconds < 10 * minute) return twoUnits(seconds, minute, 'm', 1, 's')
  if (seconds < 3 * hour) return `${Math.trunc(seconds / minute)}m`
  if (seconds < 8 * hour) return twoUnits(seconds, hour, 'h', minute, 'm')
  if (seconds < 2 * day) return `${Math.trunc(seconds / hour)}h`
  if (seconds < 8 * day) return twoUnits(seconds, day, 'd', hour, 'h')
  if (seconds < 2 * year) return `${Math.trunc(seconds / day)}d`
  if (seconds < 8 * year) return twoUnits(seconds, year, 'y', day, 'd')
  return `${Math.trunc(seconds / year)}y`
}

function twoUnits(seconds: number, big: number, bigName: string, small: number, smallName: string) {
  const rest = Math.trunc((seconds % big) / small)
  return `${Math.trunc(seconds / big)}${bigName}${rest === 0 ? '' : `${rest}${smallName}`}`
}

/** Time passed since an RFC 3339 timestamp, `<unknown>` without one. */
export function age(timestamp: string | undefined | null, now: Date): string {
  const then = Date.parse(timestamp ?? '')
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now.getTime() - then)
}
