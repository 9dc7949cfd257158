import { describe, expect, it } from 'vitest'

import { createStreamRepair } from './stream-repair.ts'

interface Rect {
  visible: [left: number, top: number, width: number, height: number]
  sent: [width: number, height: number]
  flags?: number
  data: number[]
}

const u16 = (value: number) => [value & 0xff, value >> 8]

function bitmapUpdate(rects: Rect[]): number[] {
  return [
    ...u16(1),
    ...u16(rects.length),
    ...rects.flatMap(({ visible: [left, top, width, height], sent, flags = 0, data }) => [
      ...[left, top, left + width - 1, top + height - 1, ...sent, 16, flags, data.length].flatMap(
        u16,
      ),
      ...data,
    ]),
  ]
}

function fastPath(...updates: number[][]): number[] {
  const body = updates.flat()
  const length = body.length + 3
  return [0, 0x80 | (length >> 8), length & 0xff, ...body]
}

const update = (data: number[], part = 0, code = 1) => [
  code | (part << 4),
  ...u16(data.length),
  ...data,
]

/** Rows of four pixels, of which three are seen; two rows, the lower first. */
const padded: Rect = {
  visible: [10, 20, 3, 2],
  sent: [4, 2],
  data: [1, 2, 3, 99, 4, 5, 6, 99].flatMap(u16),
}
const cut: Rect = {
  visible: [10, 20, 3, 2],
  sent: [3, 2],
  // Three pixels are six bytes, filled up to eight.
  data: [1, 2, 3, 0, 4, 5, 6, 0].flatMap(u16),
}
const exact: Rect = { visible: [0, 0, 2, 1], sent: [2, 1], data: [7, 8].flatMap(u16) }

function repaired(...messages: number[][]): number[] {
  const repair = createStreamRepair()
  return messages.flatMap((message) => [...repair.push(Uint8Array.from(message))])
}

describe('the repair of an RDP stream', () => {
  it('cuts a padded bitmap to what is seen of it, and leaves the others alone', () => {
    const pdu = fastPath(update(bitmapUpdate([exact, padded])))
    expect(repaired(pdu)).toEqual(fastPath(update(bitmapUpdate([exact, cut]))))
  })

  it('decodes compressed ones, with and without their own header', () => {
    const stream = [0x88, ...padded.data]
    const bare: Rect = { ...padded, flags: 0x0401, data: stream }
    const headed: Rect = {
      ...padded,
      flags: 0x0001,
      data: [...Array<number>(8).fill(0), ...stream],
    }
    const expected = fastPath(update(bitmapUpdate([cut, cut])))
    expect(repaired(fastPath(update(bitmapUpdate([bare, headed]))))).toEqual(expected)
  })

  it('keeps the rows that are seen of a bitmap too high', () => {
    const high: Rect = {
      visible: [0, 0, 2, 1],
      sent: [2, 2],
      data: [99, 99, 7, 8].flatMap(u16),
    }
    expect(repaired(fastPath(update(bitmapUpdate([high]))))).toEqual(
      fastPath(update(bitmapUpdate([exact]))),
    )
  })

  it('passes on, byte for byte, whatever has nothing to repair', () => {
    const stream = [
      // RDCleanPath, CredSSP, the end of CredSSP, a TPKT
      0x30,
      0x03,
      1,
      2,
      3,
      0x30,
      0x82,
      0x00,
      0x02,
      9,
      9,
      0,
      0,
      0,
      0,
      3,
      0,
      0,
      7,
      2,
      0xf0,
      0x80,
      ...fastPath(update(bitmapUpdate([exact]))),
      0,
      5,
      5,
      0,
      0,
    ]
    expect(repaired(stream)).toEqual(stream)
    expect(repaired(...stream.map((byte) => [byte]))).toEqual(stream)
  })

  it('puts an update together that comes in fragments', () => {
    const whole = bitmapUpdate([padded])
    const other = update([1, 2, 3], 0, 4)
    const messages = [
      fastPath(update(whole.slice(0, 9), 2)),
      fastPath(update(whole.slice(9, 20), 3), other),
      fastPath(update(whole.slice(20), 1)),
    ]
    expect(repaired(...messages)).toEqual([
      ...fastPath(other),
      ...fastPath(update(bitmapUpdate([cut]))),
    ])
  })

  it('sends a large one in fragments, each short enough for a PDU', () => {
    const size = 132
    const large: Rect = {
      visible: [0, 0, size - 2, size],
      sent: [size, size],
      // One colour throughout.
      flags: 0x0401,
      data: [0xf3, ...u16(size * size), 5, 0],
    }
    const result = repaired(fastPath(update(bitmapUpdate([large]))))
    const parts: number[] = []
    let payload = 0
    for (let offset = 0; offset < result.length;) {
      const length = (((result[offset + 1] ?? 0) & 0x7f) << 8) | (result[offset + 2] ?? 0)
      parts.push(((result[offset + 3] ?? 0) >> 4) & 3)
      payload += length - 6
      offset += length
    }
    expect(parts).toEqual([2, 3, 1])
    expect(payload).toBe(4 + 18 + (size - 2) * size * 2)
  })

  it('passes a padded update of the slow path on by the fast path', () => {
    const data = bitmapUpdate([padded])
    const share = [
      ...u16(18 + data.length),
      0x17,
      0x00,
      0xea,
      0x03,
      0,
      0,
      1,
      0,
      0,
      1,
      ...u16(data.length),
      2,
      0,
      0,
      0,
      ...data,
    ]
    const length = share.length
    const mcs = [0x68, 0x00, 0x01, 0x03, 0xeb, 0x70, 0x80 | (length >> 8), length & 0xff, ...share]
    const tpkt = [3, 0, ...u16(mcs.length + 7).toReversed(), 2, 0xf0, 0x80, ...mcs]
    expect(repaired(tpkt)).toEqual(fastPath(update(bitmapUpdate([cut]))))
  })

  it('leaves to the client what it can not read', () => {
    const broken = fastPath(update(bitmapUpdate([{ ...padded, flags: 0x0401, data: [0xff] }])))
    expect(repaired(broken)).toEqual(broken)
    const noise = [0x47, 0x45, 0x54, 0x20]
    expect(repaired(noise, broken)).toEqual([...noise, ...broken])
  })
})
