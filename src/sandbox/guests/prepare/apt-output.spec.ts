import { expect, test } from 'vitest'

import { parseDepends, parseMadison, parsePrintUris, parseSimulatedInstall } from './apt-output.ts'

test('the packages of a simulated installation', () => {
  const output = `Reading package lists...
Inst liblzma5 (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
Inst qemu-guest-agent [1:7.2] (1:7.2+dfsg-7+deb12u18+b3 Debian:12.15/oldstable [amd64])
Conf liblzma5 (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
`
  expect(parseSimulatedInstall(output)).toEqual(['liblzma5', 'qemu-guest-agent'])
})

const busybox =
  "'http://mirror.example/debian/pool/main/b/busybox/busybox-static_1.35.0-4%2bdeb12u1%2bb1_amd64.deb' busybox-static_1%3a1.35.0-4+deb12u1+b1_amd64.deb 928188"
const sha256 = '3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744'

test('download addresses carry file, size and hash', () => {
  expect(parsePrintUris(`Reading...\n${busybox} SHA256:${sha256}\n`)).toEqual([
    { file: 'busybox-static_1%3a1.35.0-4+deb12u1+b1_amd64.deb', bytes: 928188, sha256 },
  ])
})

test('a file without a SHA256 is refused', () => {
  expect(() => parsePrintUris(`${busybox} MD5Sum:0123\n`)).toThrow('no SHA256')
})

test('the newest version, and none', () => {
  const output = `     libc6 | 2.36-9+deb12u14 | http://mirror.example/debian bookworm/main amd64 Packages
     libc6 | 2.36-9+deb12u7 | http://mirror.example/debian-security bookworm-security/main amd64 Packages
`
  expect(parseMadison(output)).toBe('2.36-9+deb12u14')
  expect(parseMadison('')).toBeUndefined()
})

test('direct dependencies, alternatives included', () => {
  const output = `linux-image-virtual
  Depends: linux-image-6.8.0-31-generic
 |Depends: one
  Depends: <other>
  Recommends: thermald
`
  expect(parseDepends(output)).toEqual(['linux-image-6.8.0-31-generic', 'one', '<other>'])
})
