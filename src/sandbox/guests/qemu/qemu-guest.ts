/** A guest in a QEMU process. */
import { once } from 'node:events'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'

import { type Guest, type GuestConfig, type GuestEvent, withMedium } from '../guest.ts'
import { createListeners } from '../listeners.ts'
import { encodePng, readPpm } from '../png.ts'
import type { PreparedGuests } from '../prepare/prepare-guests.ts'
import type { Accelerator } from './accelerator.ts'
import { type AgentFollower, followAgent } from './agent-follower.ts'
import type { BootSlots } from './boot-slots.ts'
import { loginPrompt } from './boot-watch.ts'
import { createDevices, type Devices } from './devices.ts'
import { guestArchive } from './guest-system.ts'
import { dialGuest } from './port-forward.ts'
import { processUsage } from './process-usage.ts'
import {
  agentPortId,
  connectSocket,
  guestFiles,
  type QemuProcess,
  startQemu,
} from './qemu-process.ts'
import type { QmpEvent } from './qmp.ts'

/** After this a guest counts as booted if it isn't at its login prompt; KVM is given up. */
const bootLimitMs = 30_000

/** Resets that follow each other this closely are one. */
const firmwareResetsMs = 2000

export interface QemuGuestTools {
  prepared: PreparedGuests
  accelerator: Accelerator
  bootSlots: BootSlots
  /** The guest's own folder, short enough for sockets; created and removed by the guest. */
  directory: string
  log: (line: string) => void
}

/** What exists while the process runs. */
interface Running {
  process: QemuProcess
  devices: Devices
  follower: AgentFollower
}

export function createQemuGuest(initial: GuestConfig, tools: QemuGuestTools): Guest {
  const { prepared, bootSlots, directory, log } = tools
  const files = guestFiles(directory)
  const events = createListeners<GuestEvent>()
  const streams = new Set<Socket>()
  let config = initial
  let starting: Promise<void> | undefined
  let running: Running | undefined
  let paused = false
  let killed = false
  let pauseRequested = false
  let powerPressed = false
  let lastResetMs = 0
  let shutdown: { reason: string } | undefined
  let bootWatch = new AbortController()
  let freeSlot = () => {}
  let serial: Socket | undefined
  let finalSerialLog = Buffer.alloc(0)
  let gone: Promise<void> = Promise.resolve()
  /** Monitor work that must not overlap. */
  let lastTask: Promise<unknown> = Promise.resolve()

  function oneAtATime<T>(task: () => Promise<T>): Promise<T> {
    const next = lastTask.then(task)
    lastTask = next.catch(() => {})
    return next
  }

  function alive(): Running {
    if (!running) throw new Error('The guest is not running')
    return running
  }

  async function start(): Promise<void> {
    freeSlot = await bootSlots.take()
    try {
      if (killed) throw new Error('The guest was ended before it started')
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const base = await readFile(join(prepared.imageDirectory, 'base.cpio.gz'))
      // The kernel looks for the second archive on a multiple of four bytes.
      const padding = Buffer.alloc((4 - (base.length % 4)) % 4)
      await writeFile(files.initrd, Buffer.concat([base, padding, guestArchive(config)]))
      await launch(tools.accelerator)
      // QEMU has it in memory.
      await rm(files.initrd, { force: true })
    } catch (error) {
      freeSlot()
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  async function launch(accelerator: Accelerator): Promise<void> {
    const process = await startQemu(prepared, config, directory, accelerator)
    const { qmp } = process
    try {
      const devices = createDevices(qmp)
      for (const nic of config.nics) await devices.attachNic(nic)
      for (const disk of config.disks) await devices.attachDisk(disk)
      const follower = followAgent(files.agent, (data) => events.emit({ type: 'agent', data }))
      running = { process, devices, follower }
      qmp.subscribe(onQmpEvent)
      gone = process.ended.then((words) => onEnd(process, words))
      if (config.startPaused) {
        paused = true
        freeSlot()
        events.emit({ type: 'paused', byUser: true })
      } else {
        watchBoot(accelerator)
        await qmp.execute('cont')
      }
    } catch (error) {
      running = undefined
      process.kill()
      await process.ended
      throw error
    }
  }

  /** Emits `booted` once per boot. A guest that gets nowhere under KVM starts over without. */
  function watchBoot(accelerator: Accelerator): void {
    bootWatch.abort()
    bootWatch = new AbortController()
    const { signal } = bootWatch
    const offset = stat(files.serialLog).then(
      ({ size }) => size,
      () => 0,
    )
    const timer = setTimeout(() => {
      if (accelerator === 'kvm') void fallBackToTcg()
      else booted()
    }, bootLimitMs)
    const booted = () => {
      clearTimeout(timer)
      if (signal.aborted) return
      bootWatch.abort()
      freeSlot()
      events.emit({ type: 'booted' })
    }
    signal.addEventListener('abort', () => clearTimeout(timer))
    // The rejection of an aborted watch says nothing new.
    void offset.then((from) => loginPrompt(files.serialLog, from, signal)).then(booted, () => {})
  }

  async function fallBackToTcg(): Promise<void> {
    log(`${config.namespace}/${config.name} does not boot under KVM: starting it under emulation`)
    const { process, follower } = alive()
    // Taken out first, so that its end isn't the guest's.
    running = undefined
    follower.close()
    process.kill()
    await process.ended
    try {
      await launch('tcg')
      events.emit({ type: 'reset' })
    } catch (error) {
      await finish('crash', (error as Error).message)
    }
  }

  function onQmpEvent({ event, data }: QmpEvent): void {
    switch (event) {
      case 'GUEST_PANICKED':
        shutdown = { reason: 'guest-panic' }
        break
      case 'SHUTDOWN':
        shutdown ??= { reason: String(data.reason) }
        break
      case 'RESET':
        running?.follower.portChanged(false)
        // The firmware resets the machine again on its way up.
        if (Date.now() - lastResetMs > firmwareResetsMs) events.emit({ type: 'reset' })
        lastResetMs = Date.now()
        watchBoot('tcg')
        break
      case 'STOP':
        // The processor also stops on the way out.
        if (shutdown) break
        paused = true
        running?.follower.setPaused(true)
        events.emit({ type: 'paused', byUser: pauseRequested })
        break
      case 'RESUME':
        if (!paused) break
        paused = false
        pauseRequested = false
        running?.follower.setPaused(false)
        events.emit({ type: 'resumed' })
        break
      case 'VSERPORT_CHANGE':
        if (data.id === agentPortId) running?.follower.portChanged(data.open === true)
        break
      default:
        break
    }
  }

  async function onEnd(process: QemuProcess, words: string): Promise<void> {
    if (running?.process !== process) return
    if (killed) await finish('request', 'The guest was ended on request')
    else if (shutdown?.reason === 'guest-panic') {
      await finish('crash', 'The guest crashed: kernel panic')
    } else if (shutdown?.reason.startsWith('guest-')) {
      if (powerPressed) await finish('request', 'The guest shut down')
      else await finish('guest', 'The guest powered itself off')
    } else await finish('crash', words)
  }

  async function finish(cause: 'guest' | 'request' | 'crash', message: string): Promise<void> {
    bootWatch.abort()
    freeSlot()
    const follower = running?.follower
    running = undefined
    follower?.close()
    if (follower?.data()) events.emit({ type: 'agent', data: null })
    for (const stream of streams) stream.destroy()
    finalSerialLog = await readFile(files.serialLog).catch(() => Buffer.alloc(0))
    await rm(directory, { recursive: true, force: true })
    events.emit({ type: 'stopped', cause, message })
  }

  function track(stream: Socket): Socket {
    streams.add(stream)
    stream.on('close', () => streams.delete(stream))
    // Callers see the close; an error without a listener would end the sandbox.
    stream.on('error', () => {})
    return stream
  }

  return {
    get config() {
      return config
    },
    // The process keeps what the machine could spare for it.
    resize(size) {
      config = { ...config, ...size }
    },
    simulated: false,
    start() {
      if (starting) return Promise.reject(new Error('The guest has been started before'))
      starting = start()
      return starting
    },
    async pause() {
      const { process } = alive()
      if (paused) return
      pauseRequested = true
      await process.qmp.execute('stop')
    },
    async resume() {
      const { process } = alive()
      if (!paused) return
      if (config.startPaused && !bootWatch.signal.aborted) watchBoot(tools.accelerator)
      await process.qmp.execute('cont')
    },
    async powerButton() {
      powerPressed = true
      await alive().process.qmp.execute('system_powerdown')
    },
    async reset() {
      await alive().process.qmp.execute('system_reset')
    },
    async softReboot() {
      const { process, follower } = alive()
      const agent = follower.client()
      if (agent) agent.send('guest-shutdown', { mode: 'reboot' })
      else {
        // ACPI knows no reboot: Ctrl+Alt+Delete asks the guest's init for one.
        const keys = ['ctrl', 'alt', 'delete'].map((data) => ({ type: 'qcode', data }))
        await process.qmp.execute('send-key', { keys })
      }
    },
    async kill() {
      killed = true
      // A guest that is just being started ends as soon as it is there.
      await starting?.catch(() => {})
      running?.process.kill()
      await gone
    },
    async connectVnc() {
      alive()
      return track(await connectSocket(files.vnc))
    },
    async connectSerial() {
      alive()
      // QEMU serves one connection and lets the next wait.
      if (serial && !serial.closed) {
        serial.destroy()
        await once(serial, 'close')
      }
      serial = track(await connectSocket(files.serial))
      return serial
    },
    async dial(port) {
      const { process, devices } = alive()
      const network = devices.podNetwork()
      const address = config.nics.find((nic) => nic.network === 'pod')?.address
      if (!network || !address) {
        throw Object.assign(new Error('The guest is not on the pod network'), {
          code: 'EHOSTUNREACH',
        })
      }
      return track(await oneAtATime(() => dialGuest(process.qmp, network, address, port)))
    },
    async screenshot() {
      const { qmp } = alive().process
      const picture = await oneAtATime(async () => {
        await qmp.execute('screendump', { filename: files.screen })
        return readPpm(await readFile(files.screen))
      })
      return encodePng(picture.width, picture.height, picture.pixels)
    },
    serialLog: async () => (running ? readFile(files.serialLog) : finalSerialLog),
    agent: () => running?.follower.data() ?? null,
    async attachNic(nic) {
      const { devices, follower } = alive()
      await oneAtATime(() => devices.attachNic(nic))
      config = { ...config, nics: [...config.nics, nic] }
      follower.expectChange()
    },
    async detachNic(name) {
      const { devices, follower } = alive()
      await oneAtATime(() => devices.detachNic(name))
      config = { ...config, nics: config.nics.filter((nic) => nic.name !== name) }
      follower.expectChange()
    },
    async setLink(name, up) {
      await alive().devices.setLink(name, up)
      const nics = config.nics.map((nic) => (nic.name === name ? { ...nic, linkUp: up } : nic))
      config = { ...config, nics }
    },
    async attachDisk(disk) {
      const { devices } = alive()
      await oneAtATime(() => devices.attachDisk(disk))
      config = { ...config, disks: [...config.disks, disk] }
    },
    async detachDisk(name) {
      const { devices } = alive()
      await oneAtATime(() => devices.detachDisk(name))
      config = { ...config, disks: config.disks.filter((disk) => disk.name !== name) }
    },
    async resizeDisk(name, sizeBytes) {
      const { devices } = alive()
      await oneAtATime(() => devices.resizeDisk(name, sizeBytes))
      const disks = config.disks.map((disk) =>
        disk.name === name && disk.medium
          ? { ...disk, medium: { ...disk.medium, sizeBytes } }
          : disk,
      )
      config = { ...config, disks }
    },
    async mirrorDisk(name, medium) {
      const { devices } = alive()
      const mirror = await oneAtATime(() => devices.mirrorDisk(name, medium))
      return {
        ...mirror,
        async finish() {
          await mirror.finish()
          config = { ...config, disks: withMedium(config.disks, name, medium) }
        },
      }
    },
    async changeMedium(name, medium) {
      const { devices } = alive()
      // Beside the others: a guest that keeps its tray locked must not hold up a screenshot.
      await devices.changeMedium(name, medium)
      config = { ...config, disks: withMedium(config.disks, name, medium) }
    },
    usage: async () => running && processUsage(running.process.pid),
    subscribe: events.add,
  }
}
