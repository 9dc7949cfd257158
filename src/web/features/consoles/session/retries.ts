/** When a session tries again by itself: later each time, and for how long it puts up with refusals. */
export interface Retries {
  /** In place of what was to be tried before. */
  after(delayMs: number, action: () => void): void
  /** Nothing more is tried by itself. */
  stop(): void
  /** The pause before the next of several tries, in ms; the last of `pausesMs` repeats. */
  nextPause(pausesMs: readonly number[]): number
  /** Pauses begin with the first again. */
  restart(): void
  /** Refusals until then are put down to what passes by itself. */
  bePatient(forMs: number): void
  readonly isPatient: boolean
}

export function createRetries(): Retries {
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let patientUntil = 0
  return {
    after(delayMs, action) {
      clearTimeout(timer)
      timer = setTimeout(action, delayMs)
    },
    stop() {
      clearTimeout(timer)
    },
    nextPause(pausesMs) {
      const pause = pausesMs[Math.min(tries, pausesMs.length - 1)] ?? 0
      tries += 1
      return pause
    },
    restart() {
      tries = 0
    },
    bePatient(forMs) {
      patientUntil = Date.now() + forMs
    },
    get isPatient() {
      return Date.now() < patientUntil
    },
  }
}
