import { expect, it } from 'vitest'

import { cronSchedule } from './cron-schedule.ts'

// A Sunday.
const at = (time: string) => new Date(`2026-03-01T${time}:00Z`)

it('is due at the minutes it names', () => {
  const daily = cronSchedule('30 3 * * *')
  expect(daily?.(at('03:30'))).toBe(true)
  expect(daily?.(at('03:31'))).toBe(false)
  expect(cronSchedule('*/15 1-3,8 * * *')?.(at('02:45'))).toBe(true)
  expect(cronSchedule('*/15 1-3,8 * * *')?.(at('04:45'))).toBe(false)
  expect(cronSchedule('0 0 * * 7')?.(at('00:00'))).toBe(true)
  expect(cronSchedule('0 0 5 * 0')?.(at('00:00'))).toBe(true)
  expect(cronSchedule('0 0 5 * *')?.(at('00:00'))).toBe(false)
})

it('says what is no schedule', () => {
  for (const text of ['', 'daily', '* * * *', '60 * * * *', '5-1 * * * *', '*/0 * * * *'])
    expect([text, cronSchedule(text)]).toEqual([text, undefined])
})
