import { once } from 'node:events'
/** TCP connections to a guest behind QEMU's user network. */
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import type { Qmp } from './qmp.ts'

const pollMs = 25
const connectMs = 10_000

/**
 * Connects to `port` of the guest at `address`. A forward on the loopback interface is opened for
 * this one connection and closed as soon as the connection stands. Calls must not overlap.
 * Rejects with code ECONNREFUSED or ETIMEDOUT, as connect(2) would.
 */
export async function dialGuest(
  qmp: Qmp,
  network: string,
  address: string,
  port: number,
): Promise<Socket> {
  const failed = await qmp.monitor(`hostfwd_add ${network} tcp:127.0.0.1:0-${address}:${port}`)
  if (failed.trim()) throw new Error(failed.trim())
  const hostPort = (await connections(qmp)).find(
    ({ state, toPort }) => state === 'HOST_FORWARD' && toPort === port,
  )?.fromPort
  if (hostPort === undefined) throw new Error(`QEMU does not forward port ${port}`)
  try {
    const socket = connect({ host: '127.0.0.1', port: hostPort, noDelay: true })
    await once(socket, 'connect')
    await guestAccepts(qmp, socket, hostPort, port)
    return socket
  } finally {
    await qmp.monitor(`hostfwd_remove ${network} tcp:127.0.0.1:${hostPort}`).catch(() => {})
  }
}

/**
 * QEMU accepts before it asks the guest; its table of connections tells how that went. A refused
 * one leaves the table.
 */
async function guestAccepts(
  qmp: Qmp,
  socket: Socket,
  hostPort: number,
  port: number,
): Promise<void> {
  const deadline = Date.now() + connectMs
  let seen = false
  let closed = false
  const onClose = () => (closed = true)
  socket.on('close', onClose).on('error', onClose)
  try {
    while (!closed) {
      const own = (await connections(qmp)).find(
        ({ fromPort, state }) => fromPort === hostPort && state !== 'HOST_FORWARD',
      )
      if (own?.state === 'ESTABLISHED' || own?.state === 'CLOSE_WAIT') return
      if (seen && !own) break
      seen ||= own !== undefined
      if (Date.now() > deadline) throw failure(port, 'ETIMEDOUT')
      await delay(pollMs)
    }
    throw failure(port, 'ECONNREFUSED')
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    socket.off('close', onClose).off('error', onClose)
  }
}

function failure(port: number, code: string): Error {
  return Object.assign(new Error(`connect ${code} port ${port} of the guest`), { code })
}

export interface Connection {
  state: string
  fromPort: number
  toPort: number
}

async function connections(qmp: Qmp): Promise<Connection[]> {
  return parseUserNetwork(await qmp.monitor('info usernet'))
}

/** Rows of `info usernet`: `TCP[STATE] FD SOURCE PORT DESTINATION PORT RECEIVED SENT`. */
export function parseUserNetwork(output: string): Connection[] {
  return [...output.matchAll(/^ +TCP\[(\w+)\] +-?\d+ +\S+ +(\d+) +\S+ +(\d+) /gm)].map(
    ([, state = '', fromPort, toPort]) => ({
      state,
      fromPort: Number(fromPort),
      toPort: Number(toPort),
    }),
  )
}
