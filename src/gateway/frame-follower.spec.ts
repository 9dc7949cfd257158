import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as library from 'ws'

import { closeFrame, createFrameFollower } from './frame-follower.ts'

const { WebSocket, WebSocketServer } = library
/** Exported, though its types don't say so. */
const { Sender } = library as unknown as {
  Sender: new (
    socket: object,
    extensions: object,
  ) => {
    send(data: Buffer, options: object, done: () => void): void
    close(code: number, reason: string, mask: boolean, done: () => void): void
  }
}

/** Bytes as a real library frames them. */
function framed(messages: readonly Uint8Array[], mask: boolean, close = false) {
  const chunks: Buffer[] = []
  const sink = {
    cork: () => undefined,
    uncork: () => undefined,
    write: (part: Buffer) => chunks.push(Buffer.from(part)),
  }
  const sender = new Sender(sink, {})
  const boundaries = [0]
  const mark = () => boundaries.push(Buffer.concat(chunks).length)
  for (const message of messages) {
    sender.send(
      Buffer.from(message),
      { binary: true, compress: false, fin: true, mask },
      () => undefined,
    )
    mark()
  }
  if (close) sender.close(1000, '', mask, () => undefined)
  return { bytes: Buffer.concat(chunks), boundaries: new Set(boundaries) }
}

const messages = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000).map((length) => new Uint8Array(length)),
  ),
  { minLength: 1, maxLength: 6 },
)

it('knows after each piece whether a frame has ended, however the bytes are cut', () => {
  fc.assert(
    fc.property(messages, fc.boolean(), fc.array(fc.nat(80_000)), (sent, mask, cuts) => {
      const { bytes, boundaries } = framed(sent, mask)
      const follower = createFrameFollower()
      const ends = [...new Set([...cuts, ...boundaries])]
        .filter((end) => end < bytes.length)
        .concat(bytes.length)
        .toSorted((a, b) => a - b)
      let from = 0
      for (const end of ends) {
        follower.push(bytes.subarray(from, end))
        from = end
        expect([end, follower.isBetweenFrames]).toEqual([end, boundaries.has(end)])
      }
      expect(follower.hasClosed).toBe(false)
    }),
    { numRuns: 60 },
  )
})

it('sees a Close frame pass', () => {
  const follower = createFrameFollower()
  follower.push(framed([new Uint8Array(300)], false, true).bytes)
  expect([follower.hasClosed, follower.isBetweenFrames]).toEqual([true, true])
})

it('makes a Close frame that a client understands', async () => {
  // The handshake is the library's, what follows is ours.
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (_socket, request) => {
    request.socket.end(closeFrame(1012, 'the console is being restarted'))
  })
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [code, reason] = await once(client, 'close')
  expect([code, String(reason)]).toEqual([1012, 'the console is being restarted'])
  server.close()
})
