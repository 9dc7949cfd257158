import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import { dialRdpServer, readRdpServers } from './rdp-servers.ts'

test.each([
  ['127.0.0.1:3390', { 'demo/win-1': { host: '127.0.0.1', port: 3390 } }],
  ['localhost:3390', { 'demo/win-1': { host: 'localhost', port: 3390 } }],
  ['db-1=[::1]:1', { 'demo/db-1': { host: '::1', port: 1 } }],
  [
    'win-1=127.0.0.1:3390,lab/desktop-1=127.0.0.2:65535',
    {
      'demo/win-1': { host: '127.0.0.1', port: 3390 },
      'lab/desktop-1': { host: '127.0.0.2', port: 65_535 },
    },
  ],
])('%s is read', (text, servers) => {
  expect(Object.fromEntries(readRdpServers(text))).toEqual(servers)
})

test.each([
  '',
  '3390',
  '127.0.0.1',
  '127.0.0.1:0',
  '127.0.0.1:65536',
  '10.0.0.1:3390',
  'example.com:3390',
  '127.0.0.1.example.com:3390',
  'win-1=127.0.0.1:3390,',
  'win 1=127.0.0.1:3390',
])('%j is refused: not on this machine, or no address', (text) => {
  expect(() => readRdpServers(text)).toThrow('must be like win-1=127.0.0.1:3390')
})

test('a server that is not there refuses as a guest’s closed port does', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = await dialRdpServer({ host: '127.0.0.1', port })
  socket.destroy()
  server.close()
  await once(server, 'close')
  await expect(dialRdpServer({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})
