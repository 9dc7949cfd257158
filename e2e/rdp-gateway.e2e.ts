/**
 * The gateway's RDP leg with real servers, spoken to as the page's RDP client does, but only until
 * the server has proved to be one: a first challenge of CredSSP, a first answer of MCS.
 */
import { once } from 'node:events'

import { WebSocket } from 'ws'

import { expect, test, withRdp } from './fixtures.ts'

test.use({
  stackOptions: async ({ rdpServers }, use) => use({ guests: 'simulated', ...withRdp(rdpServers) }),
})

const tls = 1
const credSsp = 2

test('carries a client to a guest that demands NLA and to one that only does TLS', async ({
  stack,
  kubectl,
}) => {
  await kubectl('wait', 'vm/win-1', 'vm/db-1', '-n=demo', '--for=condition=Ready', '--timeout=180s')

  // CredSSP: a TsRequest with an NTLM NEGOTIATE_MESSAGE is answered by one with a challenge.
  const windows = await openRdp(stack.url, 'win-1', tls | credSsp)
  expect(selectedProtocol(windows.answer)).toBe(credSsp)
  const negotiate = Buffer.concat([
    Buffer.from('NTLMSSP\0'),
    Buffer.from('01000000b78208e2000000000000000000000000000000000a0063450000000f', 'hex'),
  ])
  const challenge = await windows.exchange(tsRequest(negotiate))
  expect(challenge.toString('latin1')).toContain('NTLMSSP\0\u0002\0\0\0')

  // Without NLA on offer, the guest refuses, and the client is told with the guest's own words.
  const refused = await openRdp(stack.url, 'win-1', tls)
  expect(refused.answer.toString('hex')).toContain('0300080005000000')

  // TLS only: an MCS Connect Initial is answered by a Connect Response.
  const linux = await openRdp(stack.url, 'db-1', tls | credSsp)
  expect(selectedProtocol(linux.answer)).toBe(tls)
  const response = await linux.exchange(mcsConnectInitial())
  expect(response.subarray(4, 9)).toEqual(Buffer.from([0x02, 0xf0, 0x80, 0x7f, 0x66]))
})

test('tells apart why there is no desktop, and asks the cluster as who is asking', async ({
  stack,
  kubectl,
}) => {
  await kubectl(
    'wait',
    'vm/win-1',
    'vm/web-1',
    '-n=demo',
    '--for=condition=Ready',
    '--timeout=180s',
  )
  await kubectl('wait', 'vm/cache-1', '-n=demo', '--for=condition=Paused', '--timeout=180s')
  const codes = async (name: string, user = 'sandbox-edit') => {
    const { answer } = await openRdp(stack.url, name, tls | credSsp, user)
    // The error's one code: [1] http or [2] wsa, an INTEGER of two bytes.
    return [answer[17]! - 0xa0, answer.readUInt16BE(21)]
  }
  expect(await codes('win-1', 'sandbox-view')).toEqual([1, 403])
  expect(await codes('win-1', 'nobody')).toEqual([1, 401])
  expect(await codes('nothing-1')).toEqual([1, 404])
  expect(await codes('cache-1')).toEqual([1, 409])
  expect(await codes('web-1')).toEqual([2, 10_061])
})

/** Sends an RDCleanPath request for `demo/NAME`; `protocols` are those of [MS-RDPBCGR] 2.2.1.1.1. */
async function openRdp(gateway: string, name: string, protocols: number, user = 'sandbox-admin') {
  const path = `/api/rdp/namespaces/demo/virtualmachineinstances/${name}`
  const headers = { authorization: `Bearer ${user}` }
  const socket = new WebSocket(`${gateway.replace('http', 'ws')}${path}`, { headers })
  const exchange = async (message: Buffer): Promise<Buffer> => {
    socket.send(message)
    const [data] = await once(socket, 'message')
    return data
  }
  await once(socket, 'open')
  const x224 = Buffer.from([3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, protocols, 0, 0, 0])
  const version = value(0xa0, value(2, Buffer.from([0x0d, 0x3e])))
  return { answer: await exchange(value(0x30, version, value(0xa6, value(4, x224)))), exchange }
}

function selectedProtocol(answer: Buffer) {
  const confirm = answer.indexOf(Buffer.from([3, 0, 0, 19, 14, 0xd0]))
  expect(confirm).toBeGreaterThan(0)
  return answer[confirm + 15]
}

/** [MS-CSSP] 2.2.1, version 6 */
function tsRequest(token: Buffer) {
  const negoData = value(0x30, value(0x30, value(0xa0, value(4, token))))
  return value(0x30, value(0xa0, value(2, Buffer.of(6))), value(0xa1, negoData))
}

/** [MS-RDPBCGR] 2.2.1.3 with the client's core and security data only. */
function mcsConnectInitial() {
  const core = Buffer.alloc(132)
  core.writeUInt16LE(0xc001, 0)
  core.writeUInt16LE(core.length, 2)
  core.writeUInt32LE(0x00080004, 4)
  core.writeUInt16LE(1024, 8)
  core.writeUInt16LE(768, 10)
  core.writeUInt16LE(0xca01, 12)
  core.writeUInt16LE(0xaa03, 14)
  core.writeUInt32LE(0x409, 16)
  core.write('e2e', 24, 'utf16le')
  core.writeUInt32LE(4, 56)
  core.writeUInt16LE(0xca01, 128)
  core.writeUInt16LE(1, 130)
  const security = Buffer.from('02c00c000000000000000000', 'hex')
  const data = Buffer.concat([core, security])
  // T.124 ConferenceCreateRequest as every RDP client sends it, in PER.
  const conference = Buffer.concat([
    Buffer.from('000500147c0001', 'hex'),
    Buffer.from([0x80 | ((data.length + 14) >> 8), (data.length + 14) & 0xff]),
    Buffer.from('000800100001c00044756361', 'hex'),
    Buffer.from([0x80 | (data.length >> 8), data.length & 0xff]),
    data,
  ])
  const parameters = (...numbers: number[]) =>
    value(0x30, ...numbers.map((number) => value(2, Buffer.from([number >> 8, number & 0xff]))))
  const body = Buffer.concat([
    value(4, Buffer.of(1)),
    value(4, Buffer.of(1)),
    value(1, Buffer.of(0xff)),
    parameters(34, 2, 0, 1, 0, 1, 0x7fff, 2),
    parameters(1, 1, 1, 1, 0, 1, 0x420, 2),
    parameters(0x7fff, 0x7fff, 0x7fff, 1, 0, 1, 0x7fff, 2),
    value(4, conference),
  ])
  const length = Buffer.from([0x82, body.length >> 8, body.length & 0xff])
  const mcs = Buffer.concat([Buffer.from([0x7f, 0x65]), length, body])
  const size = mcs.length + 7
  return Buffer.concat([Buffer.from([3, 0, size >> 8, size & 0xff, 2, 0xf0, 0x80]), mcs])
}

/** A DER value of up to 64 KiB. */
function value(tag: number, ...parts: Buffer[]) {
  const content = Buffer.concat(parts)
  const { length } = content
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
