import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createOfferTracker } from './offer-tracker.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const answer = (detail: 'taken' | 'asks') => new CustomEvent('clipboardanswer', { detail })

/** Of a server with a clipboard, and whether what it was offered is settled. */
async function setUp() {
  const tracker = createOfferTracker()
  tracker.ready()
  const settled = vi.fn<() => void>()
  void tracker.begin().then(settled)
  await vi.advanceTimersByTimeAsync(1000)
  expect(settled).not.toHaveBeenCalled()
  return { tracker, settled }
}

it('waits for a server that asks for the text at once', async () => {
  const { tracker, settled } = await setUp()
  tracker.answered(answer('taken'))
  await vi.advanceTimersByTimeAsync(20)
  expect(settled).not.toHaveBeenCalled()
  tracker.answered(answer('asks'))
  await vi.advanceTimersByTimeAsync(0)
  expect(settled).toHaveBeenCalledOnce()
})

it('goes on when the server has taken note and asks for nothing yet', async () => {
  const { tracker, settled } = await setUp()
  tracker.answered(answer('taken'))
  await vi.advanceTimersByTimeAsync(100)
  expect(settled).toHaveBeenCalledOnce()
})

it('lets who waits for an earlier text wait for the next', async () => {
  const { tracker, settled } = await setUp()
  const later = vi.fn<() => void>()
  void tracker.begin().then(later)
  tracker.answered(answer('taken'))
  await vi.advanceTimersByTimeAsync(100)
  expect([settled, later].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})

it('waits for nobody where there is no clipboard', async () => {
  await expect(createOfferTracker().begin()).resolves.toBeUndefined()
})
