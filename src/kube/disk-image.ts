/**
 * What a disk image is and how large its disk, from a few of its bytes: told before anything is
 * sent, in place of a refusal after an hour.
 */
type ImageFormat = 'raw' | 'iso' | 'qcow2' | 'vmdk' | 'vdi' | 'vhd' | 'vhdx'
type ImageCompression = 'gz' | 'xz' | 'zst'

export interface DiskImage {
  format: ImageFormat
  compression?: ImageCompression
  /** Size of the disk; undefined where only reading all of it would tell. */
  virtualBytes?: number
  /** Why CDI would refuse it or nothing could use it, with the next step. */
  problem?: string
  /** What is odd about it. */
  caution?: string
}

/** Bytes of a file; short at its end. */
type ReadBytes = (start: number, length: number) => Promise<Uint8Array>

/** Enough for the volume descriptor of an ISO image. */
const headBytes = 0x8800
const sectorBytes = 512

const latin1 = (bytes: Uint8Array, start: number, length: number) =>
  String.fromCharCode(...bytes.subarray(start, start + length))

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function has(bytes: Uint8Array, magic: readonly number[] | string, at = 0): boolean {
  if (typeof magic === 'string') return latin1(bytes, at, magic.length) === magic
  return magic.every((code, index) => bytes[at + index] === code)
}

/** What people pick by mistake, by its magic (https://github.com/file/file/tree/FILE5_46/magic). */
const others: [magic: readonly number[] | string, at: number, words: string][] = [
  ['PK\x03\x04', 0, 'This is a ZIP archive. Unpack it and choose the disk image in it.'],
  ['7z\xbc\xaf\x27\x1c', 0, 'This is a 7-Zip archive. Unpack it and choose the disk image in it.'],
  ['Rar!', 0, 'This is a RAR archive. Unpack it and choose the disk image in it.'],
  [
    'BZh',
    0,
    'This is compressed with bzip2, which CDI doesn’t read. Decompress it, or use xz or gzip.',
  ],
  [
    'ustar',
    0x101,
    'This is a tar archive (an OVA is one). Unpack it and choose the disk image in it.',
  ],
  ['%PDF', 0, 'This is a PDF document, not a disk image.'],
  ['MZ', 0, 'This is a Windows program, not a disk image.'],
  ['\x7fELF', 0, 'This is a program for Linux, not a disk image.'],
  ['\x89PNG', 0, 'This is a picture, not a disk image.'],
  [[0xff, 0xd8, 0xff], 0, 'This is a picture, not a disk image.'],
  ['MSWIM', 0, 'This is a Windows image file (WIM), not a disk image. An ISO image may hold one.'],
  [
    '# Disk DescriptorFile',
    0,
    'This only describes a VMDK. Choose the file that holds its data, or convert it to qcow2.',
  ],
]

/** Whether it is text, such as the page of an error in place of the download. */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 512)
  return start.length > 0 && start.every((code) => code >= 0x20 || [9, 10, 12, 13].includes(code))
}

/** Recognizes the file of `size` bytes. */
export async function inspectImage(size: number, read: ReadBytes): Promise<DiskImage> {
  const head = await read(0, headBytes)
  if (size === 0) return { format: 'raw', virtualBytes: 0, problem: 'The file is empty.' }
  if (has(head, [0x1f, 0x8b])) return inspectGzip(size, read, head)
  if (has(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])) return inspectXz(size, read)
  if (has(head, [0x28, 0xb5, 0x2f, 0xfd])) return { format: 'raw', compression: 'zst' }
  return inspectPlain(size, read, head)
}

async function inspectPlain(size: number, read: ReadBytes, head: Uint8Array): Promise<DiskImage> {
  const tail = await read(Math.max(0, size - sectorBytes), sectorBytes)
  const known = inspectHead(head) ?? inspectVhd(head, tail)
  if (known) return known
  if (has(head, 'vhdxfile')) return inspectVhdx(read)
  const other = others.find(([magic, at]) => has(head, magic, at))
  const raw = { format: 'raw', virtualBytes: size } as const
  if (other) return { ...raw, problem: other[2] }
  if (isText(head)) {
    return { ...raw, problem: 'This is a text, perhaps an error message in place of a download.' }
  }
  if (has(head, 'CD001', 0x8001)) return { ...raw, format: 'iso' }
  if (isDisk(head)) return raw
  return {
    ...raw,
    caution:
      'Neither a partition table nor a file system was recognized. It will be written as it is.',
  }
}

/** Boot signature, GPT, ext, XFS, Btrfs-less: what the first 34 KiB of a usable disk show. */
function isDisk(head: Uint8Array): boolean {
  const isExt = has(head, [0x53, 0xef], 0x438)
  const isBoot = has(head, [0x55, 0xaa], 0x1fe)
  return (
    isBoot ||
    isExt ||
    has(head, 'EFI PART', 0x200) ||
    has(head, 'XFSB') ||
    has(head, 'LABELONE', 0x200)
  )
}

function inspectHead(head: Uint8Array): DiskImage | undefined {
  if (has(head, 'QFI\xfb')) return inspectQcow(head)
  // https://www.vmware.com/app/vmdk/?src=vmdk, SparseExtentHeader: capacity in sectors.
  if (has(head, 'KDMV'))
    return { format: 'vmdk', virtualBytes: Number(view(head).getBigUint64(12, true)) * sectorBytes }
  if (has(head, [0x7f, 0x10, 0xda, 0xbe], 0x40))
    return { format: 'vdi', virtualBytes: Number(view(head).getBigUint64(0x170, true)) }
  return undefined
}

/** https://github.com/qemu/qemu/blob/v10.0.0/docs/interop/qcow2.rst#header */
function inspectQcow(head: Uint8Array): DiskImage {
  const fields = view(head)
  const version = fields.getUint32(4)
  const image = { format: 'qcow2', virtualBytes: Number(fields.getBigUint64(24)) } as const
  const backingAt = Number(fields.getBigUint64(8))
  if (version < 2 || version > 3)
    return { ...image, problem: `This is qcow version ${version}; CDI reads 2 and 3.` }
  if (backingAt > 0) {
    const name = latin1(head, backingAt, fields.getUint32(16))
    return {
      ...image,
      problem: `This image holds only the changes to another one (${name || 'its backing file'}). Merge them first: qemu-img convert -O qcow2 IMAGE WHOLE.qcow2`,
    }
  }
  if (fields.getUint32(32) !== 0)
    return {
      ...image,
      problem:
        'This image is encrypted, and CDI has no key for it. Decrypt it with qemu-img convert.',
    }
  if (version === 3 && (fields.getUint32(76) & 4) !== 0)
    return {
      ...image,
      problem:
        'The data of this image is in another file. Put them together with qemu-img convert.',
    }
  return image
}

/** The footer of a VHD is its last sector; a dynamic one has a copy at the start. */
function inspectVhd(head: Uint8Array, tail: Uint8Array): DiskImage | undefined {
  const footer = has(tail, 'conectix') ? tail : has(head, 'conectix') ? head : undefined
  if (!footer) return undefined
  const fields = view(footer)
  const image = { format: 'vhd', virtualBytes: Number(fields.getBigUint64(48)) } as const
  // CDI goes by the first bytes, and a fixed one has nothing there.
  const isFixed = fields.getUint32(60) === 2
  if (fields.getUint32(60) === 4)
    return {
      ...image,
      problem: 'This VHD holds only the changes to another one. Merge them first.',
    }
  return isFixed
    ? { ...image, caution: 'A fixed VHD is written as it is, with its last 512 bytes, its footer.' }
    : image
}

/** VHDX: region table at 192 KiB, in it the metadata table, in it the virtual disk's size. */
async function inspectVhdx(read: ReadBytes): Promise<DiskImage> {
  const metadataGuid = '06a27c8b904c44928db5d10d7cd8ef4f'
  const sizeGuid = '2442a52f1bcd7648b2115dbed83bf4b8'
  const regions = await read(192 * 1024, 2048)
  const format = 'vhdx' as const
  for (let at = 16; at + 32 <= regions.length; at += 32) {
    if (!guidMatches(regions, at, metadataGuid)) continue
    const start = Number(view(regions).getBigUint64(at + 16, true))
    // The items follow the table of 64 KiB.
    const metadata = await read(start, 68 * 1024)
    for (let entry = 32; entry + 32 <= Math.min(metadata.length, 2048); entry += 32) {
      if (!guidMatches(metadata, entry, sizeGuid)) continue
      const offset = view(metadata).getUint32(entry + 16, true)
      if (offset + 8 > metadata.length) break
      return { format, virtualBytes: Number(view(metadata).getBigUint64(offset, true)) }
    }
  }
  return { format, caution: 'Its size could not be read.' }
}

function guidMatches(bytes: Uint8Array, at: number, hex: string): boolean {
  const text = [...bytes.subarray(at, at + 16)].map((one) => one.toString(16).padStart(2, '0'))
  return text.join('') === hex
}

/** A gzip file ends with its size modulo 4 GiB (RFC 1952 §2.3.1), which may be that of a part only. */
async function inspectGzip(size: number, read: ReadBytes, head: Uint8Array): Promise<DiskImage> {
  const start = await inflateStart(head)
  const compression = 'gz' as const
  if (!start) return { format: 'raw', compression }
  const inner = inspectHead(start)
  if (inner) return { ...inner, compression }
  const isIso = has(start, 'CD001', 0x8001)
  const other = others.find(([magic, at]) => has(start, magic, at))
  const format = isIso ? 'iso' : 'raw'
  if (other) return { format, compression, problem: other[2] }
  const tail = await read(Math.max(0, size - 4), 4)
  const length = tail.length === 4 ? view(tail).getUint32(0, true) : 0
  // Packed data is hardly larger than unpacked: what is, has wrapped around at 4 GiB.
  const isWhole = length >= size - 64 && size < 2 ** 31
  return { format, compression, ...(isWhole && { virtualBytes: length }) }
}

/** As much as comes out of the beginning of a gzip stream; undefined when that is none. */
async function inflateStart(compressed: Uint8Array): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  try {
    const packed = new Blob([new Uint8Array(compressed)]).stream()
    const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      chunks.push(value)
    }
  } catch {
    // It was cut off; what came before that counts.
  }
  if (chunks.length === 0) return undefined
  return new Uint8Array(await new Blob(chunks.map((one) => new Uint8Array(one))).arrayBuffer())
}

/** The index at the end of an xz file names the size of each block (xz-file-format 1.2.1 §4). */
async function inspectXz(size: number, read: ReadBytes): Promise<DiskImage> {
  const image = { format: 'raw', compression: 'xz' } as const
  const footer = await read(size - 12, 12)
  if (footer.length < 12 || !has(footer, 'YZ', 10))
    return { ...image, problem: 'The end of this xz file is missing. Fetch it once more.' }
  const indexBytes = (view(footer).getUint32(4, true) + 1) * 4
  if (indexBytes > 16 * 2 ** 20 || indexBytes > size) return image
  const virtualBytes = xzSize(await read(size - 12 - indexBytes, indexBytes))
  return virtualBytes === undefined ? image : { ...image, virtualBytes }
}

function xzSize(index: Uint8Array): number | undefined {
  let at = 1
  const number = () => {
    let value = 0
    for (let shift = 0; shift < 9; shift += 1) {
      const byte = index[at++] ?? 0
      value += (byte & 0x7f) * 2 ** (7 * shift)
      if ((byte & 0x80) === 0) return value
    }
    return value
  }
  if (index[0] !== 0) return undefined
  const records = number()
  let total = 0
  for (let record = 0; record < records && at < index.length; record += 1) {
    number()
    total += number()
  }
  return total
}

const formatWords: Record<ImageFormat, string> = {
  raw: 'Raw disk',
  iso: 'ISO image',
  qcow2: 'qcow2',
  vmdk: 'VMDK',
  vdi: 'VDI',
  vhd: 'VHD',
  vhdx: 'VHDX',
}

/** As in `qcow2` or `raw disk, compressed with xz`. */
export function imageWords({ format, compression }: DiskImage): string {
  const packed = { gz: 'gzip', xz: 'xz', zst: 'zstd' }
  if (compression === undefined) return formatWords[format]
  return `${compression === 'gz' ? formatWords[format] : 'Image'}, compressed with ${packed[compression]}`
}
