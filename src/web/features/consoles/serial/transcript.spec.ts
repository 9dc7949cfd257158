import { describe, expect, it } from 'vitest'

import { joined } from '../joined-bytes.ts'
import { createTranscript } from './transcript.ts'

const bytes = (length: number, from = 0) =>
  Uint8Array.from({ length }, (_, index) => (from + index) % 251)

describe('transcript', () => {
  it('keeps every byte of 10 MB in order, whatever the size of the pieces', () => {
    const sent = bytes(10_000_000)
    const transcript = createTranscript(64 * 1024 * 1024)
    for (let at = 0, step = 1; at < sent.length; at += step, step = ((step * 7) % 400_000) + 1)
      transcript.append(sent.subarray(at, at + step))
    const kept = joined(transcript.blocks())
    expect(kept.length).toBe(sent.length)
    expect(Buffer.compare(kept, sent)).toBe(0)
    expect(transcript.droppedBytes).toBe(0)
  })

  it('lets go of the beginning beyond its limit, and counts it', () => {
    const transcript = createTranscript(1024 * 1024)
    const sent = bytes(3 * 1024 * 1024)
    transcript.append(sent)
    const kept = joined(transcript.blocks())
    expect(transcript.droppedBytes + kept.length).toBe(sent.length)
    expect(kept.length).toBeLessThanOrEqual(1024 * 1024 + 256 * 1024)
    expect(Buffer.compare(kept, sent.subarray(transcript.droppedBytes))).toBe(0)
  })

  it('gives the end, across blocks', () => {
    const transcript = createTranscript(1024 * 1024)
    const sent = bytes(256 * 1024 + 10)
    transcript.append(sent)
    expect(transcript.tail(20)).toEqual(sent.subarray(-20))
    expect(Buffer.compare(transcript.tail(1e9), sent)).toBe(0)
  })
})
