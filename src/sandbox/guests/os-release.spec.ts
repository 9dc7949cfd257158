import { expect, test } from 'vitest'

import { osRelease, osReleaseFile } from './os-release.ts'

test('os-release fields come from the name', () => {
  expect(osRelease({ os: 'linux', osName: 'Debian GNU/Linux 12 (bookworm)' })).toEqual({
    id: 'debian',
    name: 'Debian GNU/Linux',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    version: '12 (bookworm)',
    versionId: '12',
  })
})

test('Windows reports as its own agent does', () => {
  const osName = 'Microsoft Windows Server 2022 Datacenter'
  expect(osRelease({ os: 'windows', osName })).toEqual({
    id: 'mswindows',
    name: 'Microsoft Windows',
    prettyName: 'Windows Server 2022 Datacenter',
    version: 'Microsoft Windows Server 2022',
    versionId: '2022',
  })
})

test('values cannot break out of the file', () => {
  const file = osReleaseFile(osRelease({ os: 'linux', osName: 'A "$(reboot)" 1' }))
  expect(file).toContain('PRETTY_NAME="A \\"\\$(reboot)\\" 1"\n')
})
