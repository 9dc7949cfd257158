import { describe, expect, it } from 'vitest'

import { createWriteQueue } from './write-queue.ts'

/** A terminal that is done with a chunk when the test says so. */
function setUp(limitBytes = 1000) {
  const written: number[] = []
  const dropped: number[] = []
  let done: (() => void) | undefined
  const queue = createWriteQueue({
    limitBytes,
    write(chunk, whenDone) {
      written.push(...chunk)
      done = whenDone
    },
    onDropped: (bytes) => dropped.push(bytes),
  })
  return {
    queue,
    written,
    dropped,
    finish: () => {
      const finished = done
      done = undefined
      finished?.()
    },
  }
}

describe('write queue', () => {
  it('writes in order, one chunk at a time', () => {
    const { queue, written, finish } = setUp()
    queue.push(Uint8Array.of(1))
    queue.push(Uint8Array.of(2))
    queue.push(Uint8Array.of(3))
    expect(written).toEqual([1])
    finish()
    expect(written).toEqual([1, 2, 3])
    finish()
    queue.push(Uint8Array.of(4))
    expect(written).toEqual([1, 2, 3, 4])
  })

  it('loses no byte of a burst below the limit', () => {
    const { queue, written, dropped, finish } = setUp(1_000_000)
    const sent = Array.from({ length: 5000 }, (_, index) => index % 256)
    for (const byte of sent) queue.push(Uint8Array.of(byte))
    while (written.length < sent.length) finish()
    expect(written).toEqual(sent)
    expect(dropped).toEqual([])
  })

  it('drops the oldest beyond the limit, and says how much', () => {
    const { queue, written, dropped, finish } = setUp(2)
    for (const byte of [1, 2, 3, 4, 5]) queue.push(Uint8Array.of(byte))
    finish()
    expect(written).toEqual([1, 4, 5])
    expect(dropped).toEqual([2])
  })
})
