import { expect, test } from 'vitest'

import { type CpioEntry, writeCpio } from './cpio.ts'

/** Reads an archive by the letter of the format's description. */
function readCpio(archive: Buffer) {
  const entries: { path: string; mode: number; data: string; major: number; minor: number }[] = []
  for (let at = 0; at < archive.length;) {
    const field = (index: number) =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16)
    expect(archive.toString('latin1', at, at + 6)).toBe('070701')
    const [mode, size, nameBytes] = [field(1), field(6), field(11)]
    const path = archive.toString('latin1', at + 110, at + 110 + nameBytes - 1)
    const start = Math.ceil((at + 110 + nameBytes) / 4) * 4
    const data = archive.toString('utf8', start, start + size)
    entries.push({ path, mode, data, major: field(9), minor: field(10) })
    at = Math.ceil((start + size) / 4) * 4
  }
  return entries
}

test('entries keep path, kind, mode, content and device numbers; a trailer ends the archive', () => {
  const entries: CpioEntry[] = [
    { path: 'etc', kind: 'directory', mode: 0o755 },
    { path: 'etc/motd', kind: 'file', mode: 0o644, data: Buffer.from('héllo') },
    { path: 'bin/sh', kind: 'symlink', mode: 0o777, data: Buffer.from('busybox') },
    { path: 'dev/null', kind: 'character-device', mode: 0o666, device: { major: 1, minor: 3 } },
  ]
  const read = readCpio(writeCpio(entries))
  expect(read).toMatchObject([
    { path: 'etc', mode: 0o040755, data: '' },
    { path: 'etc/motd', mode: 0o100644, data: 'héllo' },
    { path: 'bin/sh', mode: 0o120777, data: 'busybox' },
    { path: 'dev/null', mode: 0o020666, major: 1, minor: 3 },
    { path: 'TRAILER!!!' },
  ])
})

test('archives can be joined', () => {
  const one = writeCpio([{ path: 'a', kind: 'file', mode: 0o600, data: Buffer.from('12345') }])
  const two = writeCpio([{ path: 'b', kind: 'file', mode: 0o600 }])
  expect(one.length % 4).toBe(0)
  expect(readCpio(Buffer.concat([one, two])).map(({ path }) => path)).toEqual([
    'a',
    'TRAILER!!!',
    'b',
    'TRAILER!!!',
  ])
})
