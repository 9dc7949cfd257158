/**
 * What an image is, by its first bytes, as CDI looks at them.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/image/filefmt.go
 */

/** As QEMU names the drivers; what is nothing else is raw. */
export type ImageFormat = 'raw' | 'qcow2' | 'vmdk' | 'vdi' | 'vpc' | 'vhdx'
export type Compression = 'gz' | 'xz' | 'zst'

/** Bytes that the functions of this file look at. */
export const HEAD_BYTES = 512

function has(head: Buffer, magic: readonly number[] | string, offset = 0): boolean {
  const bytes = typeof magic === 'string' ? Buffer.from(magic, 'latin1') : Buffer.from(magic)
  return head.subarray(offset, offset + bytes.length).equals(bytes)
}

export function compressionOf(head: Buffer): Compression | undefined {
  if (has(head, [0x1f, 0x8b])) return 'gz'
  if (has(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz'
  return has(head, [0x28, 0xb5, 0x2f, 0xfd]) ? 'zst' : undefined
}

export function formatOf(head: Buffer): ImageFormat {
  if (has(head, 'QFI\xfb')) return 'qcow2'
  if (has(head, 'KDMV')) return 'vmdk'
  if (has(head, [0x7f, 0x10, 0xda, 0xbe], 0x40)) return 'vdi'
  if (has(head, 'conectix')) return 'vpc'
  return has(head, 'vhdxfile') ? 'vhdx' : 'raw'
}

/**
 * The file a qcow2 image rests on, be it a backing file or one with its data: opening the image
 * would open that file of this machine too.
 * Source: https://github.com/qemu/qemu/blob/v10.0.0/docs/interop/qcow2.rst
 */
export function foreignFileOf(head: Buffer): string | undefined {
  if (formatOf(head) !== 'qcow2') return undefined
  const offset = Number(head.readBigUInt64BE(8))
  const length = head.readUInt32BE(16)
  if (offset > 0) return head.subarray(offset, offset + length).toString('utf8') || 'elsewhere'
  const hasExternalData = head.readUInt32BE(4) >= 3 && (head.readUInt32BE(76) & 4) !== 0
  return hasExternalData ? 'an external data file' : undefined
}
