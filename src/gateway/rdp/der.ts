/**
 * As much of DER (ITU-T X.690) as RDCleanPath needs, and no more: tags of one byte, definite and
 * shortest lengths of at most 64 KiB. Whatever else is refused, since it comes from a browser.
 */

export interface DerValue {
  tag: number
  content: Buffer
}

const maxLength = 0xffff

/**
 * How many bytes the value at the start of `bytes` takes with its tag and length; undefined while
 * too few of them are there to tell.
 * @throws Error if it can't be DER
 */
export function derSize(bytes: Buffer): number | undefined {
  const first = bytes[1]
  if (bytes[0] !== undefined && (bytes[0] & 0x1f) === 0x1f) throw new Error('a long DER tag')
  if (first === undefined) return undefined
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  if (count < 1 || count > 2) throw new Error('a DER length that is indefinite or too large')
  if (bytes.length < 2 + count) return undefined
  const length = bytes.readUIntBE(2, count)
  if (length < (count === 1 ? 0x80 : 0x100))
    throw new Error('a DER length that is not the shortest')
  return 2 + count + length
}

/**
 * The values that stand side by side in `bytes`.
 * @throws Error if they don't fill it exactly
 */
export function readDer(bytes: Buffer): DerValue[] {
  const values: DerValue[] = []
  let rest = bytes
  while (rest.length > 0) {
    const size = derSize(rest)
    if (size === undefined || size > rest.length) throw new Error('DER that is cut short')
    const lengthSize = rest[1]! < 0x80 ? 1 : 1 + (rest[1]! & 0x7f)
    values.push({ tag: rest[0]!, content: rest.subarray(1 + lengthSize, size) })
    rest = rest.subarray(size)
  }
  return values
}

/** @throws RangeError if the content is larger than 64 KiB */
export function writeDer(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length > maxLength) throw new RangeError('more than DER values are allowed to hold here')
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

/** An INTEGER; only what is neither negative nor larger than 32 bits. */
export function writeDerInteger(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest & 0xff)
  }
  // The highest bit is the sign.
  if (bytes[0]! & 0x80) bytes.unshift(0)
  return writeDer(2, Buffer.from(bytes))
}
