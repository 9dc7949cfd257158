/** Writes cpio archives in the "newc" format, which the kernel unpacks as its first file system. */

export interface CpioEntry {
  /** Path without a leading slash. */
  path: string
  kind: 'directory' | 'file' | 'symlink' | 'character-device'
  /** Permission bits. */
  mode: number
  /** A file's content or a symlink's target. */
  data?: Buffer
  /** A device's numbers. */
  device?: { major: number; minor: number }
}

const typeBits = {
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
  'character-device': 0o020000,
} as const

/**
 * The archive of these entries, owned by root. Directories must come before what is in them.
 * Archives may be concatenated: the kernel unpacks one after the other, later files win
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
export function writeCpio(entries: CpioEntry[]): Buffer {
  const trailer: CpioEntry = { path: 'TRAILER!!!', kind: 'file', mode: 0 }
  return Buffer.concat([
    ...entries.map((entry, index) => writeEntry(entry, index + 1)),
    writeEntry(trailer, 0, 0),
  ])
}

function writeEntry(entry: CpioEntry, inode: number, bits: number = typeBits[entry.kind]): Buffer {
  const data = entry.data ?? Buffer.alloc(0)
  const name = Buffer.from(`${entry.path}\0`)
  const fields = [
    inode,
    bits | entry.mode,
    0, // uid
    0, // gid
    entry.kind === 'directory' ? 2 : 1,
    0, // mtime
    data.length,
    0,
    0,
    entry.device?.major ?? 0,
    entry.device?.minor ?? 0,
    name.length,
    0, // checksum, unused in this format
  ]
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(data)])
}

/** Header with name, and data, each end on a multiple of four bytes. */
function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)])
}
