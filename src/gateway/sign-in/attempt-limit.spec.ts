import { expect, test } from 'vitest'

import { createAttemptLimit } from './attempt-limit.ts'

test('a few attempts in vain are free, then one has to wait for the first to be forgotten', () => {
  let now = 0
  const limit = createAttemptLimit(3, () => now)
  for (const at of [0, 10_000, 20_000]) {
    now = at
    expect(limit.take('203.0.113.1')).toBeUndefined()
  }
  expect(limit.take('203.0.113.1')).toBe(280)
  expect(limit.take('203.0.113.2')).toBeUndefined()
  now = 300_000
  expect(limit.take('203.0.113.1')).toBeUndefined()
  expect(limit.take('203.0.113.1')).toBe(10)
})

test('good attempts don’t count', () => {
  const limit = createAttemptLimit(2)
  for (let times = 0; times < 10; times += 1) {
    expect(limit.take('a')).toBeUndefined()
    limit.giveBack('a')
  }
})

test('addresses of one IPv6 network count as one', () => {
  const limit = createAttemptLimit(2)
  expect(limit.take('2001:db8:1:2::1')).toBeUndefined()
  expect(limit.take('2001:db8:1:2:9:8:7:6')).toBeUndefined()
  expect(limit.take('2001:db8:1:2::ffff')).toBeGreaterThan(0)
  expect(limit.take('2001:db8:1:3::1')).toBeUndefined()
  expect(limit.take('2001:db8::1')).toBeUndefined()
})

test('as many addresses as anybody likes take no more than so much memory', () => {
  const limit = createAttemptLimit(1)
  limit.take('first')
  for (let at = 0; at < 10_000; at += 1) limit.take(`address-${at}`)
  expect(limit.take('first')).toBeUndefined()
  expect(limit.take('address-9999')).toBeGreaterThan(0)
})
