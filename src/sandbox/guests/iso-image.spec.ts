import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isoImage } from './iso-image.ts'

const image = isoImage('TOOLS', [
  { name: 'README.TXT', content: 'Read me\n' },
  { name: 'LONG.BIN', content: 'x'.repeat(3000) },
])

describe('an ISO 9660 image', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'iso-image-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('bears its volume id where readers look for it', () => {
    expect(image.toString('latin1', 0x8001, 0x8006)).toBe('CD001')
    expect(image.toString('latin1', 0x8028, 0x8048).trimEnd()).toBe('TOOLS')
  })

  it('counts its sectors, a file of two among them', () => {
    expect(image.length).toBe(24 * 2048)
    expect(image.readUInt32LE(0x8050)).toBe(24)
    expect(image.readUInt32BE(0x8054)).toBe(24)
  })

  it('is one to this machine’s own reader', async ({ skip }) => {
    const file = join(folder, 'tools.iso')
    await writeFile(file, image)
    const answer = await promisify(execFile)('blkid', ['-o', 'export', file]).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      },
    )
    skip(!answer, 'blkid is not here')
    expect(answer?.stdout).toMatch(/LABEL=TOOLS\n/)
    expect(answer?.stdout).toMatch(/TYPE=iso9660\n/)
  })
})
