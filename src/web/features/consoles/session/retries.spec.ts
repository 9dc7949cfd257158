import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createRetries } from './retries.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('waits longer each time, as long as the last pause from then on, and begins again when told', () => {
  const retries = createRetries()
  const pause = () => retries.nextPause([1, 5])
  expect([pause(), pause(), pause()]).toEqual([1, 5, 5])
  retries.restart()
  expect(pause()).toBe(1)
})

it('tries only what was asked for last, and nothing once stopped', () => {
  const retries = createRetries()
  const tried: string[] = []
  retries.after(10, () => tried.push('first'))
  retries.after(20, () => tried.push('second'))
  vi.advanceTimersByTime(30)
  expect(tried).toEqual(['second'])
  retries.after(10, () => tried.push('third'))
  retries.stop()
  vi.advanceTimersByTime(30)
  expect(tried).toEqual(['second'])
})

it('is patient for the time it was told', () => {
  const retries = createRetries()
  expect(retries.isPatient).toBe(false)
  retries.bePatient(1000)
  vi.advanceTimersByTime(999)
  expect(retries.isPatient).toBe(true)
  vi.advanceTimersByTime(1)
  expect(retries.isPatient).toBe(false)
})
