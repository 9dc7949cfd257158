import { expect, it } from 'vitest'

import { cronWords } from './cron-words.ts'

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
