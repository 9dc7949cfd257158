/**
 * The WebSocket subresources: VNC, serial console and port-forward.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/rest/console.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/streamer.go
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { WebSocketServer, type RawData, type WebSocket } from 'ws'

import type { AggregatedRequest, Store } from '../api/cluster.ts'
import { badRequest } from '../api/failures.ts'
import type { GuestRunner } from '../controllers/guest-runner.ts'
import { dialRdpServer, RDP_PORT, type RdpServers } from '../guests/rdp-servers.ts'
import { hasCondition } from './conditions.ts'
import { controllerOf, type VirtualMachineInstance } from './objects.ts'
import { getVm, getVmi, internalError, vmConflict, vmiConflict } from './virt-api-errors.ts'

/** The only subprotocol KubeVirt speaks: raw bytes in binary messages. */
const SUBPROTOCOL = 'plain.kubevirt.io'
const PING_MS = 1000
const PONG_TIMEOUT_MS = 60_000
/** Bytes waiting for a slow client before the guest's side is paused. */
const HIGH_WATER = 1 << 20

interface Session {
  /** Cuts both sides at once, without a close frame. */
  cut(): void
  /** Resolves when the guest's side is gone, so that the next may connect. */
  ended: Promise<void>
}

export interface Streams {
  console(
    request: AggregatedRequest,
    socket: Duplex,
    head: Buffer,
    namespace: string,
    name: string,
  ): Promise<void>
  vnc(
    request: AggregatedRequest,
    socket: Duplex,
    head: Buffer,
    namespace: string,
    name: string,
  ): Promise<void>
  portForward(
    request: AggregatedRequest,
    socket: Duplex,
    head: Buffer,
    vmi: VirtualMachineInstance,
    port: string | undefined,
    protocol: string | undefined,
  ): Promise<void>
  /** Cuts every stream. */
  close(): void
}

/** @param rdpServers stand in for the RDP port of the guests they name */
export function createStreams(store: Store, runner: GuestRunner, rdpServers: RdpServers): Streams {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  /** One session per VMI and kind. */
  const exclusive = new Map<string, Session>()
  const open = new Map<string, Set<Session>>()

  runner.onGone((uid) => {
    for (const session of open.get(uid) ?? []) session.cut()
  })

  function attach(
    vmiUid: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    backend: Duplex,
    options: { pings: boolean },
  ): Session {
    let client: WebSocket | undefined
    const ended = new Promise<void>((resolve) => backend.once('close', resolve))
    const session: Session = {
      cut() {
        backend.destroy()
        client?.terminate()
        socket.destroy()
      },
      ended,
    }
    const sessions = open.get(vmiUid) ?? new Set()
    open.set(vmiUid, sessions.add(session))
    void ended.then(() => {
      sessions.delete(session)
      if (sessions.size === 0 && open.get(vmiUid) === sessions) open.delete(vmiUid)
    })
    backend.on('error', () => session.cut())
    backend.on('close', () => session.cut())
    socket.on('close', () => backend.destroy())
    backend.pause()
    server.handleUpgrade(request, socket, head, (webSocket) => {
      client = webSocket
      join(webSocket, backend)
      if (options.pings) keepAlive(webSocket)
    })
    return session
  }

  /** Ends the stream that is there and has `connect` open the next. */
  async function takeOver(
    key: string,
    vmiUid: string,
    request: AggregatedRequest,
    socket: Duplex,
    head: Buffer,
    connect: () => Promise<Duplex>,
  ): Promise<void> {
    const before = exclusive.get(key)
    before?.cut()
    await before?.ended
    const backend = await connect()
    const meanwhile = exclusive.get(key)
    if (meanwhile && meanwhile !== before) meanwhile.cut()
    const session = attach(vmiUid, request.raw, socket, head, backend, { pings: false })
    exclusive.set(key, session)
    void session.ended.then(() => {
      if (exclusive.get(key) === session) exclusive.delete(key)
    })
  }

  return {
    async console(request, socket, head, namespace, name) {
      const vmi = getVmi(store, namespace, name)
      if (vmi.spec.domain.devices.autoattachSerialConsole === false) {
        throw badRequest('No serial consoles are present.')
      }
      if (vmi.status?.phase === 'Failed') throw vmiConflict(name, 'VMI is in failed status')
      if (vmi.status?.phase !== 'Running') throw badRequest('VMI is not running')
      const guest = await runner.guestOf(vmi)
      const { uid } = vmi.metadata
      await takeOver(`${uid}/console`, uid, request, socket, head, () => guest.connectSerial())
    },
    async vnc(request, socket, head, namespace, name) {
      const vmi = getVmi(store, namespace, name)
      mustHaveDisplay(vmi)
      const { uid } = vmi.metadata
      const key = `${uid}/vnc`
      if (request.query.get('preserveSession') === 'true' && exclusive.has(key)) {
        throw internalError(
          "Can't connect to websocket: websocket: bad handshake: Active VNC connection. Request denied.",
        )
      }
      const guest = await runner.guestOf(vmi)
      await takeOver(key, uid, request, socket, head, () => guest.connectVnc())
    },
    async portForward(request, socket, head, vmi, port, protocol) {
      if (hasCondition(vmi.status?.conditions, 'Paused')) {
        throw vmiConflict(vmi.metadata.name, 'VMI is paused')
      }
      const address = vmi.status?.interfaces?.[0]
      if (!address) throw badRequest('no network interfaces are present')
      const number = Number(port)
      const target = `${address.ipAddress ?? ''}:${port}`
      if (!Number.isInteger(number) || number < 1 || number > 65_535) {
        throw internalError(`dialing VM: dial tcp: address ${port}: invalid port`)
      }
      if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp') {
        throw internalError(`dialing VM: dial ${protocol}: unknown network ${protocol}`)
      }
      if (protocol === 'udp') {
        throw internalError(`dialing VM: dial udp ${target}: the sandbox forwards TCP only`)
      }
      const guest = await runner.guestOf(vmi)
      const rdpServer =
        number === RDP_PORT && rdpServers.get(`${vmi.metadata.namespace}/${vmi.metadata.name}`)
      const dialled = rdpServer ? dialRdpServer(rdpServer) : guest.dial(number)
      const backend = await dialled.catch((error: NodeJS.ErrnoException) => {
        const why =
          error.code === 'ECONNREFUSED'
            ? 'connect: connection refused'
            : `connect: ${error.message}`
        throw internalError(`dialing VM: dial tcp ${target}: ${why}`)
      })
      attach(vmi.metadata.uid, request.raw, socket, head, backend, { pings: true })
    },
    close() {
      for (const sessions of open.values()) for (const session of sessions) session.cut()
      server.close()
    },
  }
}

/** Throws ApiError 400 for a VMI without a screen. */
export function mustHaveDisplay(vmi: VirtualMachineInstance): void {
  if (vmi.spec.domain.devices.autoattachGraphicsDevice === false) {
    throw badRequest('No graphics devices are present.')
  }
  if (vmi.status?.phase !== 'Running') throw badRequest('VMI is not running')
}

/** The VMI that a VM's port-forward goes to. */
export function vmiOfVm(store: Store, namespace: string, name: string): VirtualMachineInstance {
  const vm = getVm(store, namespace, name)
  if (!vm.status?.created) throw vmConflict(name, 'VMI is not started')
  const vmi = getVmi(store, namespace, name)
  if (controllerOf(vmi)?.uid !== vm.metadata.uid) {
    throw internalError(`unable to retrieve vmi [${name}] for vm`)
  }
  return vmi
}

/** Copies bytes both ways until one side ends. Text messages are dropped, as KubeVirt does. */
function join(client: WebSocket, backend: Duplex): void {
  client.binaryType = 'nodebuffer'
  client.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary || backend.destroyed) return
    if (!backend.write(data as Buffer)) {
      client.pause()
      backend.once('drain', () => client.resume())
    }
  })
  client.on('close', () => backend.destroy())
  client.on('error', () => backend.destroy())
  backend.on('data', (chunk: Buffer) => {
    client.send(chunk, { binary: true }, () => {
      if (backend.isPaused() && client.bufferedAmount < HIGH_WATER) backend.resume()
    })
    if (client.bufferedAmount >= HIGH_WATER) backend.pause()
  })
  backend.resume()
}

function keepAlive(client: WebSocket): void {
  let heard = Date.now()
  client.on('pong', () => {
    heard = Date.now()
  })
  const timer = setInterval(() => {
    if (Date.now() - heard > PONG_TIMEOUT_MS) client.terminate()
    else client.ping('keep alive')
  }, PING_MS)
  client.on('close', () => clearInterval(timer))
}
