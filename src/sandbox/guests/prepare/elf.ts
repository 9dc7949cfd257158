/** What a 64-bit little-endian ELF file needs to run (System V ABI, chapters 4 and 5). */

export interface ElfNeeds {
  /** Library names, as in DT_NEEDED. */
  libraries: string[]
  /** Path of the dynamic linker, for programs. */
  interpreter?: string
}

const loadSegment = 1
const dynamicSegment = 2
const interpreterSegment = 3
const neededTag = 1n
const stringTableTag = 5n

/** Throws when the file is not such an ELF file. */
export function readElfNeeds(file: Buffer): ElfNeeds {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not a 64-bit little-endian ELF file')
  }
  const segments = readSegments(file)
  const interpreter = segments.find(({ type }) => type === interpreterSegment)
  const dynamic = segments.find(({ type }) => type === dynamicSegment)
  const tags: { tag: bigint; value: number }[] = []
  for (let at = dynamic?.offset ?? 0; dynamic && at < dynamic.offset + dynamic.size; at += 16) {
    tags.push({ tag: file.readBigInt64LE(at), value: Number(file.readBigUInt64LE(at + 8)) })
  }
  const tableAddress = tags.find(({ tag }) => tag === stringTableTag)?.value ?? 0
  const holder = segments.find(
    ({ type, address, size }) =>
      type === loadSegment && tableAddress >= address && tableAddress < address + size,
  )
  const table = holder ? tableAddress - holder.address + holder.offset : 0
  return {
    libraries: tags
      .filter(({ tag }) => tag === neededTag)
      .map(({ value }) => readString(file, table + value)),
    ...(interpreter ? { interpreter: readString(file, interpreter.offset) } : {}),
  }
}

function readSegments(file: Buffer) {
  const start = Number(file.readBigUInt64LE(32))
  const entryBytes = file.readUInt16LE(54)
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = start + index * entryBytes
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    }
  })
}

function readString(file: Buffer, at: number): string {
  return file.toString('latin1', at, file.indexOf(0, at))
}
