/** Makes the sandbox's guests: real ones as soon as QEMU is there, else simulated ones. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Guest, GuestConfig, GuestHost, GuestReadiness } from './guest.ts'
import { createListeners } from './listeners.ts'
import { type PreparedGuests, prepareGuests } from './prepare/prepare-guests.ts'
import { type Accelerator, chooseAccelerator } from './qemu/accelerator.ts'
import { createBootSlots } from './qemu/boot-slots.ts'
import { createImageTool } from './qemu/image-tool.ts'
import { createQemuGuest } from './qemu/qemu-guest.ts'
import { createSimulatedGuest } from './simulated/simulated-guest.ts'

export interface GuestHostOptions {
  /** Where QEMU and the guest image are kept between runs. Created when missing. */
  cacheDirectory: string
  /** `simulated` doesn't look for QEMU at all. */
  mode: 'auto' | 'simulated'
  /** Names of the only VMIs whose guests are real; all unless told. */
  only?: readonly string[]
  log: (line: string) => void
  /** Most real guests at once. */
  capacity?: number
}

const bootsAtOnce = 2
const simulatedReason = 'QEMU is not available'
const bulkReason = 'no QEMU process stands behind it'
const unnamedReason = 'it is not among the guests that were asked to be real'
const socketFolder = 'kubevirt-console-guests-'

interface Real {
  prepared: PreparedGuests
  accelerator: Accelerator
  /** Folder for the sockets, which can't be in a cache on a long path. */
  directory: string
}

/** Starts preparing at once; `ready` tells when guests can be made. */
export function createGuestHost(options: GuestHostOptions): GuestHost {
  const { cacheDirectory, mode, only, log, capacity = 12 } = options
  const listeners = createListeners<GuestReadiness>()
  const guests = new Set<Guest>()
  const bootSlots = createBootSlots(bootsAtOnce)
  const closing = new AbortController()
  let real: Real | undefined
  let sequence = 0
  let readiness: GuestReadiness =
    mode === 'simulated'
      ? { state: 'simulated', message: 'Guests are simulated, as asked for' }
      : { state: 'preparing', message: 'Preparing QEMU' }

  function setReadiness(next: GuestReadiness): void {
    readiness = next
    listeners.emit(next)
  }

  async function prepare(): Promise<void> {
    if (mode === 'simulated') return
    try {
      const { signal } = closing
      const onProgress = (message: string) => setReadiness({ state: 'preparing', message })
      const prepared = await prepareGuests({ cacheDirectory, signal, onProgress, log })
      await removeStaleFolders()
      real = {
        prepared,
        accelerator: await chooseAccelerator(),
        directory: await mkdtemp(join(tmpdir(), `${socketFolder}${process.pid}-`)),
      }
      const how = real.accelerator === 'kvm' ? 'KVM' : 'emulated'
      setReadiness({ state: 'ready', message: `QEMU ${prepared.qemu.version} is ready (${how})` })
    } catch (error) {
      const reason = (error as Error).message
      setReadiness({ state: 'simulated', message: `Guests are simulated: ${reason}` })
    }
  }
  const prepared = prepare()

  function make(config: GuestConfig, simulated: boolean): Guest {
    if (only && !only.includes(config.name)) return createSimulatedGuest(config, unnamedReason)
    if (readiness.state === 'preparing' && !simulated) {
      throw new Error(`Guests can't be made yet: ${readiness.message}`)
    }
    if (!real) return createSimulatedGuest(config, simulated ? bulkReason : simulatedReason)
    if (simulated) return createSimulatedGuest(config, bulkReason)
    const directory = join(real.directory, String(sequence++))
    return createQemuGuest(config, { ...real, bootSlots, directory, log })
  }

  return {
    get readiness() {
      return readiness
    },
    subscribe: listeners.add,
    capacity,
    ready: () => prepared,
    get imageTool() {
      return real && createImageTool(real.prepared.qemu)
    },
    create(config, { simulated = false } = {}) {
      const guest = make(config, simulated)
      guests.add(guest)
      guest.subscribe(({ type }) => {
        if (type === 'stopped') guests.delete(guest)
      })
      return guest
    },
    async close() {
      closing.abort()
      await prepared
      await Promise.all([...guests].map((guest) => guest.kill()))
      guests.clear()
      if (real) await rm(real.directory, { recursive: true, force: true })
    },
  }
}

/** Removes what sandboxes left that were killed; their QEMU processes ended with them. */
async function removeStaleFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(socketFolder)) continue
    const pid = Number.parseInt(name.slice(socketFolder.length))
    if (isRunning(pid)) continue
    // It may be another user's, who will remove it.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
