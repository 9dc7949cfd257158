/** A sandbox of its own for a spec, in its own process. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'

export interface SpecSandbox extends Sandbox {
  /** The file behind a claim that is bound. */
  diskFile(claim: { metadata: { uid: string } }): Promise<string>
}

/** With simulated guests, fifty times as fast as imitated, and silent, unless told otherwise. */
export async function startSpecSandbox(
  options: Pick<SandboxOptions, 'seed'> & Partial<SandboxOptions>,
): Promise<SpecSandbox> {
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'sandbox-spec-'))
  const sandbox = await startSandbox({
    port: 0,
    guests: 'simulated',
    cacheDirectory,
    pace: 0.02,
    log: () => undefined,
    ...options,
  })
  return {
    ...sandbox,
    diskFile: async ({ metadata }) => {
      const names = await readdir(cacheDirectory)
      const disks = names.find((name) => name.startsWith('disks-')) ?? ''
      return join(cacheDirectory, disks, `pvc-${metadata.uid}.img`)
    },
    close: async () => {
      await sandbox.close()
      await rm(cacheDirectory, { recursive: true })
    },
  }
}
