/** Lets a few guests boot at a time: booting takes a whole core under emulation. */
export interface BootSlots {
  /** Waits for a slot; returns the function that frees it, which may be called twice. */
  take(): Promise<() => void>
}

export function createBootSlots(count: number): BootSlots {
  let free = count
  const queue: (() => void)[] = []
  return {
    async take() {
      if (free > 0) free--
      else await new Promise<void>((resolve) => queue.push(resolve))
      let held = true
      return () => {
        if (!held) return
        held = false
        const next = queue.shift()
        if (next) next()
        else free++
      }
    },
  }
}
