import { once } from 'node:events'
import type { Socket } from 'node:net'

import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

import { cluster, gateway, opened, startGatewayPerTest } from './gateway-harness.ts'

startGatewayPerTest()

/** Opens a stream through the gateway, and has the raw socket at the cluster's end of it. */
async function connected() {
  const server = new WebSocketServer({ server: cluster })
  const arrived = once(server, 'connection')
  const client = new WebSocket(`${gateway.url}/api/kubernetes/apis/x/vnc`)
  const messages: Buffer[] = []
  client.on('message', (data: Buffer) => messages.push(data))
  client.on('error', () => undefined)
  const closed = once(client, 'close') as Promise<[number, Buffer]>
  await opened(client)
  const [peer] = (await arrived) as [WebSocket & { _socket: Socket }]
  peer.on('error', () => undefined)
  return { client, messages, closed, peer, raw: peer._socket }
}

const bytes = (amount: number) => Buffer.alloc(amount, 'x')

test('a stream that the cluster ends without a word says that the cluster has ended it', async () => {
  const { peer, raw, messages, closed } = await connected()
  peer.send(bytes(100_000))
  raw.end()
  expect((await closed)[0]).toBe(4001)
  expect(messages.map(({ length }) => length)).toEqual([100_000])
})

test('as does one that it resets', async () => {
  const { raw, closed } = await connected()
  raw.resetAndDestroy()
  expect((await closed)[0]).toBe(4001)
})

test('the cluster’s own goodbye stays what it is', async () => {
  const { peer, closed } = await connected()
  peer.close(1000, 'bye')
  expect(await closed).toEqual([1000, Buffer.from('bye')])
})

test('nothing is put into a frame that the cluster leaves unfinished', async () => {
  const { raw, messages, closed } = await connected()
  // A binary frame of 200 bytes, of which a part comes.
  raw.end(Buffer.concat([Buffer.from([0x82, 126, 0, 200]), bytes(150)]))
  expect((await closed)[0]).toBe(1006)
  expect(messages).toEqual([])
})

test('a gateway that ends tells the clients to come back', async () => {
  const { closed, peer } = await connected()
  const left = once(peer, 'close')
  await gateway.close()
  expect(await closed).toEqual([1012, Buffer.from('the gateway is being restarted')])
  await left
})

test('once the frame under way is whole', async () => {
  const { raw, messages, closed, client } = await connected()
  const received = once(client, 'message')
  raw.write(Buffer.concat([Buffer.from([0x82, 2]), bytes(2), Buffer.from([0x82, 126, 0, 200])]))
  await received
  const closing = gateway.close()
  raw.write(bytes(200))
  expect((await closed)[0]).toBe(1012)
  expect(messages.map(({ length }) => length)).toEqual([2, 200])
  await closing
})

test('and cuts those whose frame stays unfinished', async () => {
  const { raw, client, closed } = await connected()
  const received = once(client, 'message')
  raw.write(Buffer.concat([Buffer.from([0x82, 2]), bytes(2), Buffer.from([0x82, 126, 0, 200])]))
  await received
  await gateway.close()
  expect((await closed)[0]).toBe(1006)
})
