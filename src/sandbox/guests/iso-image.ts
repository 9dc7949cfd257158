/**
 * Writes small ISO 9660 images, level 1: files in the root directory, with names such as README.TXT.
 * ECMA-119 (https://ecma-international.org/publications-and-standards/standards/ecma-119/); the
 * numbers below are its byte positions.
 */

const sectorBytes = 2048
const [descriptorSector, littlePathSector, bigPathSector, rootSector, firstFileSector] = [
  16, 18, 19, 20, 21,
]
/** 1 January 2026, UTC: the time of an image says nothing here. */
const recordingTime = Buffer.from([126, 1, 1, 0, 0, 0, 0])
const volumeTime = '2026010100000000'

export interface IsoFile {
  /** At most eight and three capital letters, digits or underscores. */
  name: string
  content: string
}

/** An image with these files; `volumeId` has up to 32 capital letters, digits or underscores. */
export function isoImage(volumeId: string, files: readonly IsoFile[]): Buffer {
  let nextSector = firstFileSector
  const placed = files.map(({ name, content }) => {
    const data = Buffer.from(content)
    const sector = nextSector
    nextSector += Math.max(1, Math.ceil(data.length / sectorBytes))
    return { name, data, sector }
  })
  const image = Buffer.alloc(nextSector * sectorBytes)
  const put = (sector: number, data: Buffer) => data.copy(image, sector * sectorBytes)

  put(descriptorSector, volumeDescriptor(volumeId, nextSector))
  put(descriptorSector + 1, Buffer.from('\xffCD001\x01', 'latin1'))
  put(littlePathSector, pathTable('little'))
  put(bigPathSector, pathTable('big'))
  put(
    rootSector,
    Buffer.concat([
      rootRecord('\0'),
      rootRecord('\x01'),
      ...placed.map(({ name, data, sector }) =>
        directoryRecord(`${name};1`, sector, data.length, false),
      ),
    ]),
  )
  for (const { data, sector } of placed) put(sector, data)
  return image
}

/** Numbers stand in both byte orders, one after the other. */
function both32(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value, 0)
  bytes.writeUInt32BE(value, 4)
  return bytes
}

function both16(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(value, 0)
  bytes.writeUInt16BE(value, 2)
  return bytes
}

/** 9.1 */
function directoryRecord(
  name: string,
  sector: number,
  length: number,
  isDirectory: boolean,
): Buffer {
  const bytes = Buffer.alloc(33 + name.length + ((name.length + 1) % 2))
  bytes[0] = bytes.length
  both32(sector).copy(bytes, 2)
  both32(length).copy(bytes, 10)
  recordingTime.copy(bytes, 18)
  bytes[25] = isDirectory ? 2 : 0
  both16(1).copy(bytes, 28)
  bytes[32] = name.length
  bytes.write(name, 33, 'latin1')
  return bytes
}

/** The root directory is its own parent. */
function rootRecord(name: '\0' | '\x01'): Buffer {
  return directoryRecord(name, rootSector, sectorBytes, true)
}

/** 9.4, for a root directory without others. */
function pathTable(order: 'little' | 'big'): Buffer {
  const bytes = Buffer.alloc(10)
  bytes[0] = 1
  if (order === 'little') {
    bytes.writeUInt32LE(rootSector, 2)
    bytes.writeUInt16LE(1, 6)
  } else {
    bytes.writeUInt32BE(rootSector, 2)
    bytes.writeUInt16BE(1, 6)
  }
  return bytes
}

/** 8.4 */
function volumeDescriptor(volumeId: string, sectors: number): Buffer {
  const bytes = Buffer.alloc(sectorBytes)
  const text = (at: number, length: number, value: string) =>
    bytes.write(value.padEnd(length), at, length, 'latin1')
  bytes[0] = 1
  text(1, 5, 'CD001')
  bytes[6] = 1
  text(8, 32, '')
  text(40, 32, volumeId)
  both32(sectors).copy(bytes, 80)
  both16(1).copy(bytes, 120)
  both16(1).copy(bytes, 124)
  both16(sectorBytes).copy(bytes, 128)
  both32(10).copy(bytes, 132)
  bytes.writeUInt32LE(littlePathSector, 140)
  bytes.writeUInt32BE(bigPathSector, 148)
  rootRecord('\0').copy(bytes, 156)
  // Names of a set, a publisher, a preparer, an application and files about them: there are none.
  text(190, 623, '')
  for (const at of [813, 830]) text(at, 16, volumeTime)
  for (const at of [847, 864]) text(at, 16, '0'.repeat(16))
  bytes[881] = 1
  return bytes
}
