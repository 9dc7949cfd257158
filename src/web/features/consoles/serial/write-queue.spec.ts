import { describe, expect, it } from 'vitest'

import { createWriteQueue } from './write-queue.ts'

/** A terminal that is done with a piece when the test says so. */
function setUp(limitBytes = 1000) {
  const written: number[] = []
  const sizes: number[] = []
  const dropped: number[] = []
  let done: (() => void) | undefined
  const queue = createWriteQueue({
    limitBytes,
    write({ bytes }, whenDone) {
      for (const byte of bytes) written.push(byte)
      sizes.push(bytes.length)
      done = whenDone
    },
    onDropped: (bytes) => dropped.push(bytes),
  })
  return {
    queue,
    push: (bytes: number[] | Uint8Array, time = 0) =>
      queue.push({ bytes: Uint8Array.from(bytes), time, isPast: false }),
    written,
    sizes,
    dropped,
    finish: () => {
      const finished = done
      done = undefined
      finished?.()
    },
  }
}

describe('write queue', () => {
  it('writes in order, one piece at a time', () => {
    const { push, written, finish } = setUp()
    push([1])
    push([2])
    push([3])
    expect(written).toEqual([1])
    finish()
    expect(written).toEqual([1, 2, 3])
    finish()
    push([4])
    expect(written).toEqual([1, 2, 3, 4])
  })

  it('writes apart what came at different times', () => {
    const { push, sizes, finish } = setUp()
    push([1], 0)
    push([2], 1000)
    push([3], 1050)
    push([4], 2000)
    finish()
    expect(sizes).toEqual([1, 2])
    finish()
    expect(sizes).toEqual([1, 2, 1])
  })

  it('loses no byte of a burst below the limit, and gives the terminal little at once', () => {
    const { queue, push, written, sizes, dropped, finish } = setUp(10_000_000)
    const sent = Array.from({ length: 3_000_000 }, (_, index) => index % 256)
    for (let at = 0; at < sent.length; at += 700_000) push(sent.slice(at, at + 700_000))
    while (queue.waitingBytes > 0) finish()
    expect(Buffer.compare(Uint8Array.from(written), Uint8Array.from(sent))).toBe(0)
    expect(dropped).toEqual([])
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32 * 1024)
  })

  it('drops the oldest beyond the limit, and says how much', () => {
    const { push, written, dropped, finish } = setUp(2)
    for (const byte of [1, 2, 3, 4, 5]) push([byte])
    finish()
    expect(written).toEqual([1, 4, 5])
    expect(dropped).toEqual([2])
  })
})
