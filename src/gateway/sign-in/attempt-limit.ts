import { isIPv6 } from 'node:net'

export interface AttemptLimit {
  /**
   * Counts an attempt.
   * @returns after how many seconds to try again if it is one too many, and then it isn't counted
   */
  take(address: string): number | undefined
  /** Takes an attempt back: it was a good one. */
  giveBack(address: string): void
}

const windowMs = 5 * 60_000
/** More addresses than these at once are an attack on memory; the oldest are forgotten. */
const maxAddresses = 10_000

/**
 * How often one address may try in vain within five minutes. Each replica counts by itself.
 * @param now milliseconds
 */
export function createAttemptLimit(attempts: number, now: () => number = Date.now): AttemptLimit {
  /** When the counted attempts of an address were made, oldest first. */
  const made = new Map<string, number[]>()

  return {
    take(address) {
      const key = networkOf(address)
      const recent = (made.get(key) ?? []).filter((at) => at > now() - windowMs)
      const [oldest = 0] = recent
      if (recent.length >= attempts) return Math.ceil((oldest + windowMs - now()) / 1000)
      // Put last again, so that those who were seen longest ago are first.
      made.delete(key)
      made.set(key, [...recent, now()])
      const [first] = made.keys()
      if (made.size > maxAddresses && first !== undefined) made.delete(first)
      return undefined
    },
    giveBack(address) {
      const key = networkOf(address)
      const left = made.get(key)?.slice(0, -1) ?? []
      if (left.length) made.set(key, left)
      else made.delete(key)
    },
  }
}

/** One household or machine has at least a /64 of IPv6, and may use each address of it once. */
function networkOf(address: string) {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean)
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  return groups.slice(0, 4).join(':')
}
