import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { parseUserNetwork } from './port-forward.ts'
import { connectQmp, type QmpEvent, splitLines } from './qmp.ts'

test('lines come whole, however they were cut', () => {
  const lines: string[] = []
  const take = splitLines((line) => lines.push(line))
  for (const chunk of ['{"a"', ':1}\r\n\n{"b":', '2}\n{"c"']) take(chunk)
  expect(lines).toEqual(['{"a":1}\r', '{"b":2}'])
})

/** A server that greets as QEMU does and answers each command with what `answer` gives. */
async function serve(answer: (command: string) => object | 'hang up') {
  const directory = await mkdtemp(join(tmpdir(), 'qmp-'))
  const path = join(directory, 'socket')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('{"QMP": {"version": {}, "capabilities": []}}\r\n')
    const take = splitLines((line) => {
      const { execute, id } = JSON.parse(line) as { execute: string; id: number }
      const message = execute === 'qmp_capabilities' ? { return: {} } : answer(execute)
      if (message === 'hang up') socket.destroy()
      else {
        socket.write('{"event": "STOP", "timestamp": {}}\r\n')
        socket.write(`${JSON.stringify({ ...message, id })}\r\n`)
      }
    })
    socket.on('data', (data: Buffer) => take(data.toString()))
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(async () => {
    server.close()
    await rm(directory, { recursive: true })
  })
  return path
}

test('answers find their commands, errors keep their words, events are told', async () => {
  const path = await serve((command) =>
    command === 'query-status'
      ? { return: { status: 'running' } }
      : { error: { class: 'GenericError', desc: `no ${command} here` } },
  )
  const qmp = await connectQmp(path)
  const events: QmpEvent[] = []
  qmp.subscribe((event) => events.push(event))
  const [status] = await Promise.all([
    qmp.execute('query-status'),
    expect(qmp.execute('device_del')).rejects.toThrow('no device_del here'),
  ])
  expect(status).toEqual({ status: 'running' })
  expect(events).toEqual([
    { event: 'STOP', data: {} },
    { event: 'STOP', data: {} },
  ])
  qmp.close()
})

test('a process that ends fails what waits and what comes after', async () => {
  const qmp = await connectQmp(await serve(() => 'hang up'))
  await expect(qmp.execute('quit')).rejects.toThrow('QEMU has ended')
  await expect(qmp.execute('quit')).rejects.toThrow('QEMU has ended')
})

test('connections in the table of the user network', () => {
  const output = `Hub -1 (net0):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[SYN_SENT]      15       127.0.0.1 38843     10.244.3.17    80     0     0
  TCP[HOST_FORWARD]  14       127.0.0.1 38843     10.244.3.17    80     0     0
  UDP[236 sec]       11       10.0.2.15 60711        10.0.2.3    53     0     0
`
  expect(parseUserNetwork(output)).toEqual([
    { state: 'SYN_SENT', fromPort: 38843, toPort: 80 },
    { state: 'HOST_FORWARD', fromPort: 38843, toPort: 80 },
  ])
})
