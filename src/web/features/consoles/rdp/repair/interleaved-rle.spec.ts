import { describe, expect, it } from 'vitest'

import { decodeInterleavedRle } from './interleaved-rle.ts'

const decode = (bytes: number[], width: number, height: number) => [
  ...decodeInterleavedRle(Uint8Array.from(bytes), width, height, 16),
]

describe('decodeInterleavedRle', () => {
  it.each<[string, number[], number, number, number[]]>([
    ['pixels as they are', [0x84, 1, 0, 2, 0, 3, 0, 4, 0], 4, 1, [1, 2, 3, 4]],
    ['a run of one colour', [0x65, 0x34, 0x12], 5, 1, Array<number>(5).fill(0x1234)],
    ['a long run', [0x60, 8, 7, 0], 40, 1, Array<number>(40).fill(7)],
    ['a very long run', [0xf3, 0x00, 0x01, 9, 0], 256, 1, Array<number>(256).fill(9)],
    ['background: black, then the row above', [0x62, 5, 0, 0x02], 2, 2, [5, 5, 5, 5]],
    ['background in the first row', [0x04], 4, 1, [0, 0, 0, 0]],
    [
      'foreground between two runs of background, in the first row',
      [0x02, 0x02],
      4,
      1,
      [0, 0, 0xffff, 0],
    ],
    ['foreground set, against the row above', [0x62, 1, 0, 0xc2, 3, 0], 2, 2, [1, 1, 2, 2]],
    ['two colours in turn', [0xe2, 1, 0, 2, 0], 4, 1, [1, 2, 1, 2]],
    ['a mask', [0x41, 0b0000_0101], 8, 1, [0xffff, 0, 0xffff, 0, 0, 0, 0, 0]],
    ['a mask of odd length', [0x40, 2, 0b0000_0101], 3, 1, [0xffff, 0, 0xffff]],
    ['a mask with its foreground', [0xd1, 7, 0, 0b1000_0000], 8, 1, [0, 0, 0, 0, 0, 0, 0, 7]],
    ['the masks that need no byte', [0xf9, 0xfa], 16, 1, maskPixels([3, 5])],
    ['white and black', [0xfd, 0xfe], 2, 1, [0xffff, 0]],
  ])('%s', (_case, bytes, width, height, expected) => {
    expect(decode(bytes, width, height)).toEqual(expected)
  })

  it('forgets a run of background at the end of the first row', () => {
    expect(decode([0x02, 0x02], 2, 2)).toEqual([0, 0, 0, 0])
  })

  it('has another white with 15 bits', () => {
    expect([...decodeInterleavedRle(Uint8Array.of(0xfd), 1, 1, 15)]).toEqual([0x7fff])
  })

  it.each<[string, number[]]>([
    ['too little', [0x62, 1, 0]],
    ['too much', [0x6a, 1, 0]],
    ['half an order', [0x84, 1, 0, 2]],
    ['an unknown order', [0xff]],
  ])('refuses %s', (_case, bytes) => {
    expect(() => decode(bytes, 4, 1)).toThrow(RangeError)
  })
})

function maskPixels(masks: number[]): number[] {
  return masks.flatMap((mask) =>
    Array.from({ length: 8 }, (_, bit) => (mask & (1 << bit) ? 0xffff : 0)),
  )
}
