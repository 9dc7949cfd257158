/** Boots real guests. Needs QEMU, or a Debian machine and a network to fetch it from. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Duplex } from 'node:stream'

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

import { createGuestHost } from '../guest-host.ts'
import type { GuestConfig, GuestEvent } from '../guest.ts'
import { isoImage } from '../iso-image.ts'

const host = createGuestHost({
  cacheDirectory: resolve('.cache/guests'),
  mode: 'auto',
  log: () => {},
})
let disks: string
const slow = { timeout: 120_000, interval: 100 }

beforeAll(async () => {
  await host.ready()
  disks = await mkdtemp(join(tmpdir(), 'kubevirt-console-disks-'))
})
afterAll(async () => {
  await host.close()
  await rm(disks, { recursive: true, force: true })
})

const config: GuestConfig = {
  uid: '5c0f4a3e-9f0a-4ac5-8f3c-3f0a7d8b1e11',
  namespace: 'demo',
  name: 'web-1',
  hostname: 'web-1',
  memoryMiB: 128,
  vcpus: 1,
  os: 'linux',
  osName: 'Fedora Linux 42 (Cloud Edition)',
  nics: [
    {
      name: 'default',
      model: 'virtio',
      macAddress: '02:00:00:00:00:01',
      network: 'pod',
      address: '10.244.3.17',
      linkUp: true,
    },
  ],
  disks: [],
  startPaused: false,
}

async function startGuest(overrides: Partial<GuestConfig> = {}) {
  const guest = host.create({ ...config, ...overrides })
  const events: GuestEvent[] = []
  guest.subscribe((event) => events.push(event))
  onTestFinished(() => guest.kill())
  await guest.start()
  const happened = (event: object) =>
    vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(event)), slow)
  return { guest, events, happened }
}

async function logIn(stream: Duplex) {
  let text = ''
  stream.on('data', (data: Buffer) => (text += data.toString()))
  const shows = (part: string | RegExp) => vi.waitFor(() => expect(text).toMatch(part), slow)
  stream.write('\r')
  await shows(/ login: $/)
  stream.write('root\r')
  await shows('Password: ')
  stream.write('sandbox\r')
  await shows('root@')
  /** Runs a command and waits for its output. */
  const run = async (command: string, output: string | RegExp) => {
    text = ''
    stream.write(`${command}\r`)
    await shows(output)
  }
  return { run, shows }
}

// One test says why the others were skipped; it is the readiness message that a person sees.
test('QEMU can be had', ({ skip }) => {
  skip(host.readiness.state !== 'ready', host.readiness.message)
  expect(host.readiness.message).toMatch(/^QEMU \d/)
})

test('boots, logs in, reports by agent, takes devices, answers on the network', async ({
  skip,
}) => {
  skip(host.readiness.state !== 'ready', host.readiness.message)
  const root = join(disks, 'root.img')
  const { guest, happened } = await startGuest({
    cloudInitUserData: '#cloud-config\nruncmd:\n  - echo ran > /root/marker\n',
    cloudInitNetworkData:
      'version: 2\nethernets: { enp1s0: { dhcp4: true }, enp2s0: { addresses: [192.168.7.50/24] } }',
    disks: [
      {
        name: 'root',
        medium: { file: root, sizeBytes: 256 * 2 ** 20 },
        bus: 'virtio',
        serial: 'root-serial',
        readOnly: false,
        cdrom: false,
      },
      { name: 'drive', bus: 'sata', readOnly: false, cdrom: true },
    ],
  })
  await happened({ type: 'booted' })
  expect((await stat(root)).size).toBe(256 * 2 ** 20)
  const serial = await logIn(await guest.connectSerial())
  await serial.run('cat /root/marker; lsblk', /ran[^]*vda +256M +0 root-serial/)
  await vi.waitFor(
    () =>
      expect(guest.agent()).toMatchObject({
        hostname: 'web-1',
        os: { id: 'fedora', prettyName: 'Fedora Linux 42 (Cloud Edition)', versionId: '42' },
        users: [{ userName: 'root' }],
        interfaces: [{ name: 'eth0', macAddress: '02:00:00:00:00:01' }],
        filesystems: [{ mountPoint: '/data' }],
      }),
    slow,
  )
  expect(guest.agent()?.interfaces[0]?.ipAddresses).toContain('10.244.3.17')

  await guest.attachNic({
    name: 'second',
    model: 'virtio',
    macAddress: '02:00:00:00:00:02',
    network: 'multus',
    address: '192.168.7.20',
    linkUp: true,
  })
  // By its network data, and not by what DHCP would give it.
  await vi.waitFor(() => expect(JSON.stringify(guest.agent())).toContain('192.168.7.50'), slow)
  await guest.setLink('second', false)
  await serial.run('cat /sys/class/net/eth1/carrier', /\n0\r/)
  await guest.detachNic('second')
  await serial.run('ls /sys/class/net', /eth0 +lo/)

  const disk = { bus: 'scsi', readOnly: false, cdrom: false } as const
  const medium = { file: join(disks, 'data.img'), sizeBytes: 2 ** 24 }
  await guest.attachDisk({ ...disk, name: 'data', medium })
  await serial.run('until [ -e /sys/block/sda ]; do sleep 0.2; done; lsblk', /sda +16M/)
  await guest.resizeDisk('data', 2 ** 25)
  await serial.run('cat /sys/block/sda/size', /\n65536\r/)
  await serial.run('echo kept > /dev/sda && sync && echo written', /\nwritten\r/)
  const moved = { file: join(disks, 'moved.img'), sizeBytes: 2 ** 26 }
  const mirror = await guest.mirrorDisk('data', moved)
  await mirror.ready
  await mirror.finish()
  expect((await readFile(moved.file)).subarray(0, 4).toString()).toBe('kept')
  await serial.run('cat /sys/block/sda/size; head -c 4 /dev/sda', /\n131072\r\nkept/)
  const back = await guest.mirrorDisk('data', { ...moved, file: join(disks, 'back.img') })
  await back.ready
  await back.cancel()
  await guest.detachDisk('data')
  await serial.run('ls /sys/block', /vda\r/)

  const iso = { file: join(disks, 'tools.iso'), sizeBytes: 2 ** 20 }
  await writeFile(iso.file, isoImage('TOOLS', [{ name: 'README.TXT', content: 'Read me\n' }]))
  await guest.changeMedium('drive', iso)
  await serial.run('mount -t iso9660 /dev/sr0 /mnt && cat /mnt/readme.txt', /\nRead me\r/)
  await expect(guest.changeMedium('drive', undefined)).rejects.toThrow('unmount the medium')
  await serial.run('umount /mnt; echo unmounted', /\nunmounted\r/)
  // A slow guest opens the tray later than it is waited for, and is asked again.
  await vi.waitFor(() => guest.changeMedium('drive', undefined), slow)
  await serial.run('head -c 1 /dev/sr0', 'No medium found')
  expect(guest.config.disks.at(-1)).not.toHaveProperty('medium')

  const usage = await guest.usage()
  expect(usage?.cpuSeconds).toBeGreaterThan(1)
  expect(usage?.memoryBytes).toBeGreaterThan(2 ** 25)

  const http = await guest.dial(80)
  const page = logText(http)
  http.write('GET / HTTP/1.0\r\n\r\n')
  await vi.waitFor(() => expect(page()).toContain('<h1>web-1</h1>'), slow)
  await expect(guest.dial(81)).rejects.toMatchObject({ code: 'ECONNREFUSED' })

  const png = await guest.screenshot()
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([720, 400])
  const vnc = await guest.connectVnc()
  const greeting = logText(vnc)
  await vi.waitFor(() => expect(greeting()).toBe('RFB 003.008\n'))
})

function logText(stream: Duplex) {
  let text = ''
  stream.on('data', (data: Buffer) => (text += data.toString('latin1')))
  return () => text
}

test('pauses, resets, reboots, powers off; a panic is a crash', async ({ skip }) => {
  skip(host.readiness.state !== 'ready', host.readiness.message)
  const { guest, events, happened } = await startGuest()
  await happened({ type: 'booted' })
  await guest.pause()
  await happened({ type: 'paused', byUser: true })
  await guest.resume()
  await happened({ type: 'resumed' })
  await guest.reset()
  await happened({ type: 'reset' })
  await vi.waitFor(
    () => expect(events.filter(({ type }) => type === 'booted')).toHaveLength(2),
    slow,
  )
  await vi.waitFor(() => expect(guest.agent()).not.toBeNull(), slow)
  await guest.softReboot()
  await vi.waitFor(
    () => expect(events.filter(({ type }) => type === 'reset')).toHaveLength(2),
    slow,
  )
  await vi.waitFor(
    () => expect(events.filter(({ type }) => type === 'booted')).toHaveLength(3),
    slow,
  )
  const serial = await logIn(await guest.connectSerial())
  await serial.run('poweroff', 'poweroff')
  await happened({ type: 'stopped', cause: 'guest' })
  expect((await guest.serialLog()).toString()).toContain('web-1')
  await expect(guest.connectVnc()).rejects.toThrow('not running')

  const second = await startGuest({ startPaused: true })
  expect(second.events).toEqual([{ type: 'paused', byUser: true }])
  await second.guest.resume()
  await second.happened({ type: 'booted' })
  const shell = await logIn(await second.guest.connectSerial())
  await shell.run('echo c > /proc/sysrq-trigger', 'sysrq')
  await second.happened({ type: 'stopped', cause: 'crash' })
})

test('the power button ends a guest cleanly', async ({ skip }) => {
  skip(host.readiness.state !== 'ready', host.readiness.message)
  const { guest, events, happened } = await startGuest()
  await happened({ type: 'booted' })
  await guest.powerButton()
  await happened({ type: 'stopped', cause: 'request' })
  expect(events.filter(({ type }) => type === 'stopped')).toHaveLength(1)
})

/** Process ids of QEMU guests that this process started. */
async function qemuProcesses() {
  const own: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [status, command] = await Promise.all(
      ['status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    )
    if (command?.includes('qemu-system') && status?.includes(`PPid:\t${process.pid}\n`)) {
      own.push(Number(pid))
    }
  }
  return own
}

test('a killed process is a crash, and a killed guest leaves no process', async ({ skip }) => {
  skip(host.readiness.state !== 'ready', host.readiness.message)
  const crashed = await startGuest()
  const [pid] = await qemuProcesses()
  process.kill(pid ?? 0, 'SIGKILL')
  await crashed.happened({ type: 'stopped', cause: 'crash' })
  const ended = await startGuest()
  await ended.guest.kill()
  await ended.happened({ type: 'stopped', cause: 'request' })
  expect(await qemuProcesses()).toEqual([])
})

test('a stand-in for Windows says so, and answers an RDP client', async ({ skip }) => {
  skip(host.readiness.state !== 'ready', host.readiness.message)
  const { guest, happened } = await startGuest({
    hostname: 'win-1',
    os: 'windows',
    osName: 'Microsoft Windows Server 2022 Standard',
  })
  await happened({ type: 'booted' })
  expect((await guest.serialLog()).toString()).toContain('Stand-in for a Windows guest (sandbox)')
  await vi.waitFor(
    () =>
      expect(guest.agent()).toMatchObject({
        hostname: 'WIN-1',
        os: { id: 'mswindows', prettyName: 'Windows Server 2022 Standard' },
      }),
    slow,
  )
  const stream = await guest.dial(3389)
  const answer = logText(stream)
  stream.write(Buffer.from('030000130ee000000000000100080003000000', 'hex'))
  await vi.waitFor(() => expect(answer().startsWith('\x03\0\0\x13\x0e\xd0')).toBe(true), slow)
})
