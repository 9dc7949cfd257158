import type { Duplex } from 'node:stream'

import { expect, onTestFinished, test, vi } from 'vitest'

import type { GuestConfig, GuestEvent } from '../guest.ts'
import { createSimulatedGuest } from './simulated-guest.ts'

const config: GuestConfig = {
  uid: 'b1c5',
  namespace: 'demo',
  name: 'web-1',
  hostname: 'web-1',
  memoryMiB: 2048,
  vcpus: 2,
  os: 'linux',
  osName: 'Fedora Linux 41 (Cloud Edition)',
  nics: [
    {
      name: 'default',
      model: 'virtio',
      macAddress: '02:00:00:00:00:01',
      network: 'pod',
      address: '10.244.0.5',
      linkUp: true,
    },
  ],
  disks: [],
  startPaused: false,
}

async function startGuest(overrides: Partial<GuestConfig> = {}) {
  const guest = createSimulatedGuest({ ...config, ...overrides }, 'QEMU is not available')
  const events: GuestEvent[] = []
  guest.subscribe((event) => events.push(event))
  onTestFinished(() => guest.kill())
  await guest.start()
  return { guest, events, types: () => events.map(({ type }) => type) }
}

/** Collects what a stream carries. */
function record(stream: Duplex) {
  let data = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => (data = Buffer.concat([data, chunk])))
  return { text: () => data.toString(), bytes: () => data }
}

async function logIn(stream: Duplex) {
  const serial = record(stream)
  await vi.waitFor(() => expect(serial.text()).toContain('web-1 login: '))
  stream.write('root\r')
  await vi.waitFor(() => expect(serial.text()).toContain('Password: '))
  stream.write('sandbox\r')
  await vi.waitFor(() => expect(serial.text()).toContain('root@web-1:~# '))
  return serial
}

test('boots, then its agent reports what the configuration says', async () => {
  const { guest, types } = await startGuest()
  expect(guest.agent()).toBeNull()
  await vi.waitFor(() => expect(types()).toEqual(['booted', 'agent']), { timeout: 5000 })
  expect(guest.agent()).toMatchObject({
    hostname: 'web-1',
    os: { id: 'fedora', versionId: '41', prettyName: 'Fedora Linux 41 (Cloud Edition)' },
    interfaces: [{ name: 'eth0', ipAddresses: ['10.244.0.5'] }],
  })
})

test('serial: says that it is simulated, refuses a wrong password, logs in, runs commands', async () => {
  const { guest } = await startGuest()
  const stream = await guest.connectSerial()
  const serial = record(stream)
  await vi.waitFor(() => expect(serial.text()).toContain('login: '))
  expect(serial.text()).toContain('Simulated guest: QEMU is not available')
  stream.write('root\rwrong\r')
  await vi.waitFor(() => expect(serial.text()).toContain('Login incorrect'))
  stream.write('root\rsandbox\r')
  await vi.waitFor(() => expect(serial.text()).toContain('root@web-1:~# '))
  stream.write('echo hello > /tmp/x\rcat /tmp/x\r')
  await vi.waitFor(() => expect(serial.text()).toContain('cat /tmp/x\r\nhello\r\n'))
  expect((await guest.serialLog()).toString()).toContain('hello')
  expect(serial.text()).not.toContain('sandbox\r\n')
})

test('serial: prints a lot at once, in order', async () => {
  const { guest } = await startGuest()
  const stream = await guest.connectSerial()
  const serial = record(stream)
  await logIn(stream)
  stream.write('seq 1 20000\r')
  const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join('')
  await vi.waitFor(() =>
    expect(serial.text().includes(`seq 1 20000\r\n${numbers}root@`)).toBe(true),
  )
})

test('a newer serial connection ends the older one', async () => {
  const { guest } = await startGuest()
  const older = await guest.connectSerial()
  await guest.connectSerial()
  await vi.waitFor(() => expect(older.closed).toBe(true))
})

test('poweroff typed in the guest, a panic and a request are told apart', async () => {
  const commands = [
    ['poweroff', 'guest'],
    ['echo c > /proc/sysrq-trigger', 'crash'],
  ] as const
  for (const [command, cause] of commands) {
    const { guest, events } = await startGuest()
    const stream = await guest.connectSerial()
    await logIn(stream)
    stream.write(`${command}\r`)
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'stopped', cause }))
    await expect(guest.connectSerial()).rejects.toThrow('not running')
  }
  const { guest, events } = await startGuest()
  await guest.kill()
  await guest.kill()
  expect(events).toMatchObject([{ type: 'stopped', cause: 'request' }])
})

test('starts paused, deaf until resumed', async () => {
  const { guest, types } = await startGuest({ startPaused: true })
  expect(types()).toEqual(['paused'])
  await guest.resume()
  await vi.waitFor(() => expect(types()).toEqual(['paused', 'resumed', 'booted', 'agent']), {
    timeout: 5000,
  })
})

test('only a Windows stand-in answers on 3389', async () => {
  const { guest: linux } = await startGuest()
  await expect(linux.dial(3389)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  const { guest: windows } = await startGuest({ os: 'windows', osName: 'Windows Server 2022' })
  const stream = await windows.dial(3389)
  const answer = record(stream)
  stream.write(Buffer.from('030000130ee000000000000100080003000000', 'hex'))
  await vi.waitFor(() => expect(answer.bytes().subarray(0, 6).toString('hex')).toBe('030000130ed0'))
})

test('RFB: a full picture, then only the rows that a key press changed', async () => {
  const { guest } = await startGuest()
  const stream = await guest.connectVnc()
  const rfb = record(stream)
  const received = (length: number) =>
    vi.waitFor(() => expect(rfb.bytes().length).toBeGreaterThanOrEqual(length), { timeout: 5000 })

  await received(12)
  expect(rfb.text()).toBe('RFB 003.008\n')
  stream.write('RFB 003.008\n')
  await received(14)
  stream.write(Buffer.from([1]))
  await received(18)
  stream.write(Buffer.from([1]))
  const init = 18 + 24 + 'demo/web-1'.length
  await received(init)
  const [width, height] = [rfb.bytes().readUInt16BE(18), rfb.bytes().readUInt16BE(20)]
  expect(rfb.bytes().subarray(42, init).toString()).toBe('demo/web-1')

  const updateRequest = (incremental: number) => {
    const message = Buffer.from([3, incremental, 0, 0, 0, 0, 0, 0, 0, 0])
    message.writeUInt16BE(width, 6)
    message.writeUInt16BE(height, 8)
    stream.write(message)
  }
  updateRequest(0)
  const rows = height / 16
  const full = 4 + rows * 12 + width * height * 4
  await received(init + full)
  expect(rfb.bytes().length).toBe(init + full)

  // Nothing changed: the next answer waits for a key.
  updateRequest(1)
  stream.write(Buffer.from([4, 1, 0, 0, 0, 0, 0, 0x72]))
  const oneRow = 4 + 12 + width * 16 * 4
  await received(init + full + oneRow)
  expect(rfb.bytes().readUInt16BE(init + full + 2)).toBe(1)
})

test('RFB: who knows of sizes is told the screen’s, and may ask for another', async () => {
  const { guest } = await startGuest()
  const stream = await guest.connectVnc()
  const rfb = record(stream)
  let seen = 0
  /** The next bytes of the server. */
  const next = async (length: number) => {
    await vi.waitFor(() => expect(rfb.bytes().length).toBeGreaterThanOrEqual(seen + length), {
      timeout: 5000,
    })
    return rfb.bytes().subarray(seen, (seen += length))
  }
  stream.write('RFB 003.008\n')
  stream.write(Buffer.from([1, 1]))
  await next(18 + 24 + 'demo/web-1'.length)

  const update = Buffer.from([3, 1, 0, 0, 0, 0, 2, 0x80, 1, 0x90])
  /** Its reason, its status, width and height. */
  const sizeNews = async () => {
    stream.write(update)
    const told = await next(36)
    expect(told.readInt32BE(12)).toBe(-308)
    return [4, 6, 8, 10].map((at) => told.readUInt16BE(at))
  }
  const ask = (width: number, height: number) => {
    const message = Buffer.alloc(24)
    message.set([251, 0, width >> 8, width & 0xff, height >> 8, height & 0xff, 1])
    stream.write(message)
  }
  stream.write(Buffer.from([2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xcc]))
  expect(await sizeNews()).toEqual([0, 0, 640, 400])
  ask(800, 600)
  expect(await sizeNews()).toEqual([1, 0, 800, 600])
  // All of it is drawn anew.
  stream.write(update)
  const [rectangles, ...place] = await next(16 + 800 * 600 * 4).then((bytes) =>
    [2, 4, 6, 8, 10].map((at) => bytes.readUInt16BE(at)),
  )
  expect([rectangles, ...place]).toEqual([1, 0, 0, 800, 600])
  ask(100, 100)
  expect(await sizeNews()).toEqual([1, 3, 800, 600])
})

test('RFB: a client that speaks nonsense is disconnected', async () => {
  const { guest } = await startGuest()
  const stream = await guest.connectVnc()
  stream.write('GET / HTTP/1.1\r\n\r\n')
  await vi.waitFor(() => expect(stream.closed).toBe(true))
})

test('the screenshot is a PNG of the screen', async () => {
  const { guest } = await startGuest()
  const png = await guest.screenshot()
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 400])
})

test('hot-plugged NICs and disks show up inside', async () => {
  const { guest } = await startGuest()
  await guest.attachDisk({
    name: 'data',
    medium: { file: '/nowhere', sizeBytes: 2 ** 30 },
    bus: 'virtio',
    serial: 'data-1',
    readOnly: false,
    cdrom: false,
  })
  const stream = await guest.connectSerial()
  const serial = await logIn(stream)
  stream.write('ls /sys/block\rlsblk\r')
  await vi.waitFor(() => expect(serial.text()).toMatch(/vda +1\.0G .*data-1/))
  await guest.detachDisk('data')
  await expect(guest.setLink('nothing', false)).rejects.toThrow('nothing')
})
