import { describe, expect, it } from 'vitest'

import { imageWords, inspectImage } from './disk-image.ts'

const gib = 2 ** 30

function inspect(bytes: Uint8Array) {
  const read = (start: number, length: number) =>
    Promise.resolve(bytes.subarray(Math.max(0, start), Math.max(0, start) + length))
  return inspectImage(bytes.length, read)
}

async function gzip(bytes: Uint8Array) {
  const packed = new Blob([new Uint8Array(bytes)])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

function qcow2(fill: (header: Buffer) => void = () => undefined) {
  const header = Buffer.alloc(1024)
  header.write('QFI\xfb', 0, 'latin1')
  header.writeUInt32BE(3, 4)
  header.writeBigUInt64BE(BigInt(20 * gib), 24)
  fill(header)
  return header
}

function disk(size = 4096, at = 0x1fe, magic: string | number[] = [0x55, 0xaa]) {
  const bytes = Buffer.alloc(size, 0)
  bytes.set(typeof magic === 'string' ? Buffer.from(magic, 'latin1') : magic, at)
  return bytes
}

describe('an image', () => {
  it('of qcow2 has the size of its disk', async () => {
    expect(await inspect(qcow2())).toEqual({ format: 'qcow2', virtualBytes: 20 * gib })
  })

  it.each([
    [
      'a backing file',
      (header: Buffer) => {
        header.writeBigUInt64BE(512n, 8)
        header.writeUInt32BE(8, 16)
        header.write('base.img', 512)
      },
      /base\.img/,
    ],
    ['encryption', (header: Buffer) => header.writeUInt32BE(2, 32), /encrypted/],
    ['its data elsewhere', (header: Buffer) => header.writeUInt32BE(4, 76), /another file/],
  ])('of qcow2 with %s is refused', async (_what, fill, problem) => {
    expect((await inspect(qcow2(fill))).problem).toMatch(problem)
  })

  it('of VMDK counts sectors, of VDI bytes', async () => {
    const vmdk = disk(512, 0, 'KDMV')
    vmdk.writeBigUInt64LE(BigInt(gib / 512), 12)
    expect(await inspect(vmdk)).toEqual({ format: 'vmdk', virtualBytes: gib })
    const vdi = disk(512, 0x40, [0x7f, 0x10, 0xda, 0xbe])
    vdi.writeBigUInt64LE(BigInt(gib), 0x170)
    expect(await inspect(vdi)).toEqual({ format: 'vdi', virtualBytes: gib })
  })

  it('of VHD has its size in the footer', async () => {
    const vhd = Buffer.alloc(1024)
    vhd.write('conectix', 512)
    vhd.writeBigUInt64BE(BigInt(2 * gib), 512 + 48)
    vhd.writeUInt32BE(2, 512 + 60)
    expect(await inspect(vhd)).toMatchObject({ format: 'vhd', virtualBytes: 2 * gib })
  })

  it('of VHDX has its size in its metadata', async () => {
    const vhdx = Buffer.alloc(2 ** 20)
    vhdx.write('vhdxfile')
    const region = 192 * 1024 + 16
    vhdx.set(Buffer.from('06a27c8b904c44928db5d10d7cd8ef4f', 'hex'), region)
    vhdx.writeBigUInt64LE(BigInt(512 * 1024), region + 16)
    vhdx.set(Buffer.from('2442a52f1bcd7648b2115dbed83bf4b8', 'hex'), 512 * 1024 + 64)
    vhdx.writeUInt32LE(64 * 1024 + 8, 512 * 1024 + 64 + 16)
    vhdx.writeBigUInt64LE(BigInt(3 * gib), 512 * 1024 + 64 * 1024 + 8)
    expect(await inspect(vhdx)).toEqual({ format: 'vhdx', virtualBytes: 3 * gib })
  })

  it('of a raw disk is as large as its file', async () => {
    expect(await inspect(disk())).toEqual({ format: 'raw', virtualBytes: 4096 })
    expect(await inspect(disk(0x9000, 0x8001, 'CD001'))).toEqual({
      format: 'iso',
      virtualBytes: 0x9000,
    })
    expect((await inspect(Buffer.alloc(4096))).caution).toMatch(/written as it is/)
  })

  it('within gzip is looked at, and its size read where it can be', async () => {
    expect(await inspect(await gzip(disk(10_000)))).toEqual({
      format: 'raw',
      compression: 'gz',
      virtualBytes: 10_000,
    })
    const packed = await inspect(await gzip(qcow2()))
    expect(packed).toMatchObject({ format: 'qcow2', virtualBytes: 20 * gib })
    expect(imageWords(packed)).toBe('qcow2, compressed with gzip')
    expect((await inspect(await gzip(disk(2048, 0x101, 'ustar')))).problem).toMatch(/tar archive/)
  })

  it('within xz has its size in the index', async () => {
    // head -c 100000 /dev/zero | xz
    const xz = Buffer.from(
      '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4QafAFVdAABv/f//o7f/Rz5IFXI5YVG4kiij1oNeX7B2F2ptxqu9bxWWgAAAAA==',
      'base64',
    )
    const footer = Buffer.alloc(24)
    // Index of one block, unpacked size 100,000; footer with its length.
    Buffer.from([0, 1, 0x55, 0xa0, 0x8d, 0x06, 0, 0, 0, 0, 0, 0]).copy(footer)
    footer.writeUInt32LE(2, 16)
    footer.write('YZ', 22)
    expect(await inspect(Buffer.concat([xz, footer]))).toEqual({
      format: 'raw',
      compression: 'xz',
      virtualBytes: 100_000,
    })
    expect((await inspect(xz)).problem).toMatch(/missing/)
  })

  it.each([
    ['PK\x03\x04', 0, /ZIP/],
    ['7z\xbc\xaf\x27\x1c', 0, /7-Zip/],
    ['%PDF-1.7\0', 0, /PDF/],
    ['ustar', 0x101, /OVA/],
    ['<html><body>404</body></html>'.padEnd(600), 0, /text/],
  ])('that is something else is refused: %j', async (magic, at, problem) => {
    expect((await inspect(disk(at + magic.length, at, magic))).problem).toMatch(problem)
  })

  it('that is empty is refused', async () => {
    expect((await inspect(Buffer.alloc(0))).problem).toBe('The file is empty.')
  })
})
