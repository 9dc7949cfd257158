import { describe, expect, it } from 'vitest'

import { createRateMeter, timeLeft } from './upload-rate.ts'

describe('the rate', () => {
  it('is of the last seconds', () => {
    const meter = createRateMeter()
    expect(meter.rate(0)).toBeUndefined()
    for (let second = 0; second <= 20; second += 1)
      meter.add(second < 10 ? second : second * 10, second * 1000)
    expect(meter.rate(20_000)).toBeCloseTo(10, 0)
  })

  it('falls when nothing goes', () => {
    const meter = createRateMeter()
    meter.add(0, 0)
    meter.add(1000, 1000)
    expect(meter.rate(1000)).toBe(1000)
    expect(meter.rate(4000)).toBe(250)
  })
})

it.each([
  [1000, undefined, undefined],
  [1000, 0, undefined],
  [1000, 1000, 'about 5 seconds left'],
  [60_000, 1000, 'about 1 minute left'],
  [6_000_000, 1000, 'about 1 h 40 min left'],
])('of %i bytes at %s a second is left: %s', (bytes, rate, words) => {
  expect(timeLeft(bytes, rate)).toBe(words)
})
