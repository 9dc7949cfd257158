import type { Duplex } from 'node:stream'

import type { WebSocket } from 'ws'

/** Bytes that may wait for a slow browser before the guest is no longer read. */
const highWater = 1 << 20
/** A guest that was told goodbye has this long to take what was sent to it before. */
const lingerMs = 2_000

/**
 * Copies bytes between a browser and a guest until one of them ends. Each is read only as fast as
 * the other takes it. What was read before an end still arrives.
 */
export function relay(client: WebSocket, guest: Duplex) {
  client.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return client.close(1003, 'binary messages only')
    if (guest.writableEnded || guest.destroyed) return
    if (!guest.write(data)) {
      client.pause()
      guest.once('drain', () => client.resume())
    }
  })
  client.once('close', () => {
    // A browser that is gone while it is not read would never be told.
    guest.end()
    const timer = setTimeout(() => guest.destroy(), lingerMs)
    guest.once('close', () => clearTimeout(timer))
  })

  guest.on('data', (chunk: Buffer) => {
    client.send(chunk, () => {
      if (guest.isPaused() && client.bufferedAmount < highWater) guest.resume()
    })
    if (client.bufferedAmount >= highWater) guest.pause()
  })
  const hangUp = (code: number, reason: string) => {
    client.resume()
    client.close(code, reason)
  }
  guest.once('end', () => hangUp(1000, 'the guest ended the session'))
  guest.once('close', () => hangUp(1001, 'the connection to the guest broke'))
  guest.on('error', () => guest.destroy())
}
