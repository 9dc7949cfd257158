import { expect, it } from 'vitest'

import { arePrivateOptions, dhcpFromValues, dhcpToValues } from './nic-dhcp.ts'

it.each([
  undefined,
  { bootFileName: 'pxelinux.0', tftpServerName: 'tftp.example.org' },
  { ntpServers: ['10.0.0.1', '10.0.0.2'] },
  {
    privateOptions: [
      { option: 240, value: 'a; b' },
      { option: 241, value: 'x=y' },
    ],
  },
])('gives %j back as it was', (options) => {
  expect(dhcpFromValues(dhcpToValues(options))).toEqual(options)
})

it.each([
  ['', true],
  ['240=a', true],
  ['240=a; 241=b;', true],
  ['240', false],
  ['a=b', false],
  ['240=a; b', true],
])('reads “%s” as private options: %s', (text, expected) => {
  expect(arePrivateOptions(text)).toBe(expected)
})
