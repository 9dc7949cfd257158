import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { receiveImage, ValidationError } from '../../cdi/image-import.ts'
import { prepareGuests } from '../prepare/prepare-guests.ts'
import { createImageTool, type ImageTool } from './image-tool.ts'

const mib = 2 ** 20
let directory: string
let tool: ImageTool

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'image-tool-'))
  const { qemu } = await prepareGuests({
    cacheDirectory: resolve('.cache/guests'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    log: () => undefined,
  })
  tool = createImageTool(qemu)
})
afterAll(() => rm(directory, { recursive: true }))

/**
 * A qcow2 image of 2 MiB whose second cluster of 64 KiB says `second` and whose others are holes
 * (https://github.com/qemu/qemu/blob/v10.0.0/docs/interop/qcow2.rst).
 */
function qcow2(backing = ''): Buffer {
  const cluster = 65_536
  const image = Buffer.alloc(6 * cluster)
  image.write('QFI\xfb', 0, 'latin1')
  image.writeUInt32BE(2, 4)
  if (backing !== '') {
    image.writeBigUInt64BE(100n, 8)
    image.writeUInt32BE(backing.length, 16)
    image.write(backing, 100)
  }
  image.writeUInt32BE(16, 20)
  image.writeBigUInt64BE(BigInt(2 * mib), 24)
  image.writeUInt32BE(1, 36)
  image.writeBigUInt64BE(BigInt(3 * cluster), 40)
  image.writeBigUInt64BE(BigInt(cluster), 48)
  image.writeUInt32BE(1, 56)
  image.writeBigUInt64BE(BigInt(2 * cluster), cluster)
  for (let used = 0; used < 6; used += 1) image.writeUInt16BE(1, 2 * cluster + used * 2)
  const isCopied = 1n << 63n
  image.writeBigUInt64BE(isCopied | BigInt(4 * cluster), 3 * cluster)
  image.writeBigUInt64BE(isCopied | BigInt(5 * cluster), 4 * cluster + 8)
  image.write('second', 5 * cluster)
  return image
}

function receive(image: Buffer, sizeBytes = 4 * mib) {
  return receiveImage(Readable.from([image], { objectMode: false }), {
    file: join(directory, 'disk.img'),
    sizeBytes,
    tool,
  })
}

test.each([
  ['qcow2', qcow2()],
  ['compressed qcow2', gzipSync(qcow2())],
])('%s becomes a raw disk of the volume’s size', async (_name, image) => {
  await (await receive(image)).finish()
  const disk = await readFile(join(directory, 'disk.img'))
  expect(disk.length).toBe(4 * mib)
  expect(disk.subarray(65_536, 65_542).toString()).toBe('second')
  expect(disk.subarray(0, 65_536).every((byte) => byte === 0)).toBe(true)
})

test('an image larger than the volume is refused in CDI’s words', async () => {
  await expect(receive(qcow2(), mib)).rejects.toThrow(
    new ValidationError(
      'virtual image size 2097152 is larger than the reported available storage 1048576. A larger PVC is required',
    ),
  )
})

test('an image never opens another file of this machine', async () => {
  const secret = join(directory, 'secret')
  await writeFile(secret, 'secret'.repeat(100_000))
  await expect(receive(qcow2(secret))).rejects.toThrow(/invalid backing file/)
})

test('what QEMU can’t read is refused in its words', async () => {
  const broken = qcow2()
  broken.writeUInt32BE(99, 20)
  await expect(receive(broken)).rejects.toThrow(/cluster size/i)
})
