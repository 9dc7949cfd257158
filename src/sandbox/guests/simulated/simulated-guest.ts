/**
 * A guest without a hypervisor, for machines where QEMU can't be had and for VMs seeded in bulk.
 * It says so on its screen and its serial console. Until somebody opens one of these it is no more
 * than its configuration and two timers.
 */
import type { Duplex } from 'node:stream'

import {
  type Guest,
  type GuestAgentData,
  type GuestConfig,
  type GuestDisk,
  type GuestEvent,
  type GuestNic,
  withMedium,
} from '../guest.ts'
import { createListeners } from '../listeners.ts'
import { osRelease } from '../os-release.ts'
import { encodePng } from '../png.ts'
import { createKeyboard } from './keysyms.ts'
import { serveRfb } from './rfb-server.ts'
import { dialSimulated } from './services.ts'
import { createStreamPair } from './stream-pair.ts'
import { createTextScreen, type TextScreen } from './text-screen.ts'
import { createToyMachine, simulatedKernel, type ToyMachine } from './toy-machine.ts'
import { openTty, type ToyTty } from './toy-tty.ts'

const bootMs = 800
const agentMs = 600
const shutdownMs = 500
const serialLogLimitBytes = 1 << 20
/** A port passes on what it has, not all that a program printed. */
const serialChunk = 16_384

/** Commands that KubeVirt wants of an agent, virt-launcher's agent-poller. */
const agentCommands = [
  'guest-ping',
  'guest-info',
  'guest-get-time',
  'guest-shutdown',
  'guest-network-get-interfaces',
  'guest-get-fsinfo',
  'guest-get-host-name',
  'guest-get-users',
  'guest-get-timezone',
  'guest-get-osinfo',
]

/** The two terminals of one boot; made when somebody first looks. */
interface Consoles {
  machine: ToyMachine
  screen: TextScreen
  screenTty: ToyTty
  serialTty: ToyTty
}

/** `reason` completes the words "Simulated guest: …", e.g. `QEMU is not available`. */
export function createSimulatedGuest(initial: GuestConfig, reason: string): Guest {
  const events = createListeners<GuestEvent>()
  const streams = new Set<Duplex>()
  let config = initial
  let state: 'new' | 'running' | 'paused' | 'stopped' = 'new'
  let agentUp = false
  let timers: NodeJS.Timeout[] = []
  let consoles: Consoles | undefined
  let serial: Duplex | undefined
  let serialLog = Buffer.alloc(0)

  function after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      timers = timers.filter((other) => other !== timer)
      action()
    }, milliseconds)
    timers.push(timer.unref())
  }

  function clearTimers(): void {
    for (const timer of timers) clearTimeout(timer)
    timers = []
  }

  function boot(): void {
    clearTimers()
    after(bootMs, () => events.emit({ type: 'booted' }))
    after(bootMs + agentMs, () => {
      agentUp = true
      events.emit({ type: 'agent', data: agentData() })
    })
  }

  function agentGone(): void {
    if (!agentUp) return
    agentUp = false
    events.emit({ type: 'agent', data: null })
  }

  function agentData(): GuestAgentData {
    const root = config.disks.findIndex((disk) => !disk.cdrom)
    return {
      agentVersion: '0.0.0-simulated',
      supportedCommands: agentCommands.map((name) => ({ name, enabled: true })),
      hostname: config.hostname,
      timezone: 'UTC, 0',
      os: {
        ...osRelease(config),
        kernelRelease: simulatedKernel,
        kernelVersion: 'simulated',
        machine: 'x86_64',
      },
      users: (consoles?.machine.logins ?? []).map(({ user, since }) => ({
        userName: user,
        loginTimeSeconds: since.getTime() / 1000,
      })),
      filesystems: config.disks.slice(root, root + 1).map(({ medium }) => ({
        diskName: `vd${String.fromCharCode(0x61 + root)}1`,
        mountPoint: '/',
        fileSystemType: 'ext4',
        usedBytes: Math.round((medium?.sizeBytes ?? 0) * 0.17),
        totalBytes: medium?.sizeBytes ?? 0,
      })),
      interfaces: config.nics.map((nic, index) => ({
        name: `eth${index}`,
        macAddress: nic.macAddress,
        ipAddresses: nic.linkUp && nic.address ? [nic.address] : [],
      })),
    }
  }

  function agentChanged(): void {
    if (agentUp) events.emit({ type: 'agent', data: agentData() })
  }

  function printSerial(text: string): void {
    serialLog = Buffer.concat([serialLog, Buffer.from(text)]).subarray(-serialLogLimitBytes)
    for (let at = 0; at < text.length; at += serialChunk)
      serial?.write(text.slice(at, at + serialChunk))
  }

  /** The terminals of this boot; after a reboot they go on using the viewers' `screen`. */
  function openConsoles(screen?: TextScreen): Consoles {
    if (consoles) return consoles
    const machine = createToyMachine(() => config, reason, {
      powerOff: () => stop('guest', 'The guest powered itself off'),
      reboot,
      panic: () => stop('crash', 'The guest crashed: kernel panic'),
      loginsChanged: agentChanged,
    })
    const picture =
      screen ?? createTextScreen(`${config.namespace}/${config.name}`, `Simulated guest: ${reason}`)
    const welcome = `Simulated guest: ${reason}.\r\n${osRelease(config).prettyName} ${config.hostname} `
    picture.clear()
    picture.write(`${welcome}tty1\r\n`)
    printSerial(`\r\n${welcome}ttyS0\r\n`)
    consoles = {
      machine,
      screen: picture,
      screenTty: openTty(machine, 'tty1', (text) => picture.write(text)),
      serialTty: openTty(machine, 'ttyS0', printSerial),
    }
    return consoles
  }

  function reboot(): void {
    if (state === 'stopped' || state === 'new') return
    agentGone()
    if (consoles) {
      const { screen } = consoles
      consoles = undefined
      openConsoles(screen)
    }
    events.emit({ type: 'reset' })
    if (state === 'running') boot()
  }

  function stop(cause: 'guest' | 'request' | 'crash', message: string): void {
    if (state === 'stopped') return
    state = 'stopped'
    clearTimers()
    agentGone()
    for (const stream of streams) stream.destroy()
    events.emit({ type: 'stopped', cause, message })
  }

  function track(stream: Duplex): Duplex {
    streams.add(stream)
    stream.on('close', () => streams.delete(stream))
    stream.on('error', () => {})
    return stream
  }

  function requireAlive(): void {
    if (state === 'new' || state === 'stopped') throw new Error('The guest is not running')
  }

  return {
    get config() {
      return config
    },
    resize(size) {
      config = { ...config, ...size }
    },
    simulated: true,
    async start() {
      if (state !== 'new') throw new Error('The guest has been started before')
      if (config.startPaused) {
        state = 'paused'
        events.emit({ type: 'paused', byUser: true })
        return
      }
      state = 'running'
      boot()
    },
    async pause() {
      requireAlive()
      if (state === 'paused') return
      state = 'paused'
      clearTimers()
      events.emit({ type: 'paused', byUser: true })
    },
    async resume() {
      requireAlive()
      if (state === 'running') return
      state = 'running'
      events.emit({ type: 'resumed' })
      if (!agentUp) boot()
    },
    async powerButton() {
      requireAlive()
      // A paused guest doesn't notice.
      if (state === 'paused') return
      after(shutdownMs, () => stop('request', 'The guest shut down'))
    },
    async reset() {
      requireAlive()
      reboot()
    },
    async softReboot() {
      requireAlive()
      reboot()
    },
    async kill() {
      if (state === 'new') state = 'stopped'
      stop('request', 'The guest was ended on request')
    },
    async connectVnc() {
      requireAlive()
      const { screen } = openConsoles()
      const [client, server] = createStreamPair()
      const keyboard = createKeyboard(
        (text) => {
          if (state === 'running') consoles?.screenTty.input(text)
        },
        () => {
          if (state === 'running') reboot()
        },
      )
      serveRfb(track(server), screen, keyboard)
      return client
    },
    async connectSerial() {
      requireAlive()
      const { serialTty } = openConsoles()
      serial?.destroy()
      const [client, server] = createStreamPair()
      serial = track(server)
      server.on('data', (data: Buffer) => {
        if (state === 'running') consoles?.serialTty.input(data.toString())
      })
      server.on('end', () => server.end())
      server.on('close', () => {
        if (serial === server) serial = undefined
      })
      server.write(`\r\nSimulated guest: ${reason}\r\n`)
      serialTty.refresh()
      return client
    },
    async dial(port) {
      requireAlive()
      return dialSimulated(config, reason, port)
    },
    async screenshot() {
      requireAlive()
      const { screen } = openConsoles()
      return encodePng(screen.width, screen.height, screen.readBand(0, screen.height))
    },
    async serialLog() {
      if (state === 'running' || state === 'paused') openConsoles()
      return serialLog
    },
    agent: () => (agentUp ? agentData() : null),
    async attachNic(nic: GuestNic) {
      requireAlive()
      if (config.nics.some(({ name }) => name === nic.name)) {
        throw new Error(`A network interface ${nic.name} exists already`)
      }
      config = { ...config, nics: [...config.nics, nic] }
      agentChanged()
    },
    async detachNic(name) {
      requireAlive()
      config = { ...config, nics: config.nics.filter((nic) => nic.name !== name) }
      agentChanged()
    },
    async setLink(name, up) {
      requireAlive()
      if (!config.nics.some((nic) => nic.name === name)) {
        throw new Error(`There is no network interface ${name}`)
      }
      const nics = config.nics.map((nic) => (nic.name === name ? { ...nic, linkUp: up } : nic))
      config = { ...config, nics }
      agentChanged()
    },
    async attachDisk(disk: GuestDisk) {
      requireAlive()
      if (config.disks.some(({ name }) => name === disk.name)) {
        throw new Error(`A disk ${disk.name} exists already`)
      }
      config = { ...config, disks: [...config.disks, disk] }
      agentChanged()
    },
    async detachDisk(name) {
      requireAlive()
      config = { ...config, disks: config.disks.filter((disk) => disk.name !== name) }
      agentChanged()
    },
    async resizeDisk(name) {
      requireAlive()
      if (!config.disks.some((disk) => disk.name === name))
        throw new Error(`There is no disk ${name}`)
    },
    async mirrorDisk(name, medium) {
      requireAlive()
      const { sizeBytes } = medium
      return {
        ready: Promise.resolve(),
        progress: async () => ({ copied: sizeBytes, total: sizeBytes }),
        async finish() {
          config = { ...config, disks: withMedium(config.disks, name, medium) }
        },
        async cancel() {},
      }
    },
    async changeMedium(name, medium) {
      requireAlive()
      if (!config.disks.some((disk) => disk.name === name && disk.cdrom)) {
        throw new Error(`There is no CD-ROM drive ${name}`)
      }
      config = { ...config, disks: withMedium(config.disks, name, medium) }
    },
    usage: async () => undefined,
    subscribe: events.add,
  }
}
