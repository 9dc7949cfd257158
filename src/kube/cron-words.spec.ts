import { expect, it } from 'vitest'

import { cronWords, nextTime } from './cron-words.ts'

it.each([
  ['30 4 * * 1', 'Mondays at 04:30 UTC'],
  ['0 0 * * 7', 'Sundays at 00:00 UTC'],
  ['5 3 * * *', 'daily at 03:05 UTC'],
  ['0 * * * *', 'each hour'],
  ['0 */12 * * *', 'each 12 hours'],
  ['0 6 1 * *', 'monthly, on day 1 at 06:00 UTC'],
  ['*/5 * * * *', 'by schedule */5 * * * *'],
  ['', 'never: it has no schedule'],
])('%s is %s', (schedule, words) => expect(cronWords(schedule)).toBe(words))

it('tells when it is due next, in UTC', () => {
  const after = new Date('2026-03-02T05:00:00Z')
  const next = (schedule: string) => nextTime(schedule, after)?.toISOString()
  expect(next('30 4 * * 1')).toBe('2026-03-09T04:30:00.000Z')
  expect(next('0 */12 * * *')).toBe('2026-03-02T12:00:00.000Z')
  expect(next('')).toBeUndefined()
  expect(next('99 4 * * *')).toBeUndefined()
})
