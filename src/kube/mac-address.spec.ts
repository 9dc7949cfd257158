import { expect, it } from 'vitest'

import { isMac, plainMac, randomMac } from './mac-address.ts'

it.each(['02:00:5E:10:00:01', '02-00-5e-10-00-01', '0200.5E10.0001'])(
  'reads %s as the address it is',
  (mac) => {
    expect(isMac(mac)).toBe(true)
    expect(plainMac(mac)).toBe('02:00:5e:10:00:01')
  },
)

it.each(['', '02:00:5e:10:00', '02:00-5e:10:00:01', '02005e100001', '02:00:5e:10:00:0g'])(
  'takes “%s” for none',
  (text) => expect(isMac(text)).toBe(false),
)

it('generates addresses that differ', () => {
  const macs = Array.from({ length: 50 }, randomMac)
  expect(new Set(macs).size).toBe(50)
  for (const mac of macs) expect(mac).toMatch(/^02(:[\da-f]{2}){5}$/)
})
