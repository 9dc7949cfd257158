interface Closing {
  once(event: 'close', done: () => void): unknown
}

export interface Quota {
  /** Counts something for its owner until it closes, unless it is one too many. */
  take(owner: string, thing: Closing): boolean
}

/** Counts what is open, for each owner; those that have nothing open take no memory. */
export function createQuota(perOwner: number): Quota {
  const counts = new Map<string, number>()
  return {
    take(owner, thing) {
      const count = counts.get(owner) ?? 0
      if (count >= perOwner) return false
      counts.set(owner, count + 1)
      thing.once('close', () => {
        const left = (counts.get(owner) ?? 1) - 1
        if (left > 0) counts.set(owner, left)
        else counts.delete(owner)
      })
      return true
    },
  }
}
