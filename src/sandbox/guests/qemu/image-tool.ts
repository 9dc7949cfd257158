/** What `qemu-img` does, done by QEMU itself: a process without a machine converts disk images. */
import { spawn } from 'node:child_process'
import { access, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { Qemu } from '../prepare/prepare-qemu.ts'
import { connectQmp, type Qmp } from './qmp.ts'

/** Formats are named as QEMU's block drivers. Failures are QEMU's own words. */
export interface ImageTool {
  /** In bytes. */
  virtualSize(file: string, format: string): Promise<number>
  /** Writes the disk to a new raw file, with holes where it is zero. */
  convert(file: string, format: string, rawFile: string): Promise<void>
}

const START_MS = 10_000

export function createImageTool(qemu: Qemu): ImageTool {
  return {
    virtualSize: (file, format) => withQemu(qemu, (qmp) => addImage(qmp, file, format)),
    convert: (file, format, rawFile) =>
      withQemu(qemu, async (qmp) => {
        const size = await addImage(qmp, file, format)
        const raw = await open(rawFile, 'w')
        await raw.truncate(size)
        await raw.close()
        await qmp.execute('blockdev-add', {
          driver: 'raw',
          'node-name': 'target',
          discard: 'unmap',
          'detect-zeroes': 'unmap',
          file: { driver: 'file', filename: rawFile, discard: 'unmap' },
        })
        await copy(qmp)
      }),
  }
}

/** @returns its size in bytes */
async function addImage(qmp: Qmp, filename: string, driver: string): Promise<number> {
  await qmp.execute('blockdev-add', {
    driver,
    'node-name': 'image',
    'read-only': true,
    // Whatever the image says it rests on, no other file is opened.
    ...(driver === 'qcow2' && { backing: null }),
    file: { driver: 'file', filename, 'read-only': true },
  })
  const nodes =
    await qmp.execute<{ 'node-name': string; image: { 'virtual-size': number } }[]>(
      'query-named-block-nodes',
    )
  return nodes.find((node) => node['node-name'] === 'image')!.image['virtual-size']
}

async function copy(qmp: Qmp): Promise<void> {
  const completed = new Promise<void>((resolve, reject) => {
    qmp.subscribe(({ event, data }) => {
      if (event !== 'BLOCK_JOB_COMPLETED') return
      if (typeof data['error'] === 'string') reject(new Error(data['error']))
      else resolve()
    })
  })
  await qmp.execute('blockdev-backup', {
    'job-id': 'copy',
    device: 'image',
    target: 'target',
    sync: 'full',
  })
  await completed
}

async function withQemu<T>(qemu: Qemu, action: (qmp: Qmp) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'kubevirt-console-image-'))
  const socket = join(directory, 'qmp')
  const options = ['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-S']
  const args = ['--pdeathsig', 'KILL', '--', qemu.program, ...options]
  const child = spawn('setpriv', [...args, '-qmp', `unix:${socket},server=on,wait=off`], {
    env: qemu.env,
    stdio: 'ignore',
  })
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', () => reject(new Error('QEMU has ended')))
      appears(socket).then(resolve, reject)
    })
    const qmp = await connectQmp(socket)
    try {
      return await action(qmp)
    } finally {
      qmp.close()
    }
  } finally {
    child.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
}

async function appears(path: string): Promise<void> {
  const deadline = Date.now() + START_MS
  for (;;) {
    // One look after the other.
    // oxlint-disable-next-line no-await-in-loop
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) return
    if (Date.now() > deadline) throw new Error('QEMU did not start')
    // oxlint-disable-next-line no-await-in-loop
    await delay(20)
  }
}
