import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

import { createWebSocketStream, WebSocket } from 'ws'

import type { Admitted } from '../admission.ts'
import { messageOf } from '../cluster-connection.ts'
import { RdpFailure } from './rdp-failure.ts'

/** Whose remote desktop. Both names have the syntax of Kubernetes names. */
export interface Guest {
  namespace: string
  name: string
}

const rdpPort = 3389
/** KubeVirt sends what it has read from the guest, 64 KiB at most; generous for what comes after it. */
const maxMessageBytes = 4 * 1024 * 1024
const maxRefusalBytes = 64 * 1024

/**
 * A TCP stream to the guest's RDP port, dialled by KubeVirt with the person's own rights. The
 * subresource's framing is raw bytes in binary messages, whose limits mean nothing.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/portforward.go
 * @throws RdpFailure with the cluster's status, or with a socket error if it says that dialling failed
 */
export function openPortForward(
  { route, headers }: Admitted,
  { namespace, name }: Guest,
  signal: AbortSignal,
): Promise<Duplex> {
  const { server, tls } = route
  const base = `${server.protocol === 'https:' ? 'wss' : 'ws'}://${server.host}${server.pathname.replace(/\/$/, '')}`
  const url = `${base}/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}/portforward/${rdpPort}/tcp`
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = new WebSocket(url, 'plain.kubevirt.io', {
      ...tls,
      // A connection of its own: what is spoken on it from now on is not HTTP.
      agent: false,
      headers: withoutHandshake(headers),
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
    })
    const abort = () => socket.terminate()
    signal.addEventListener('abort', abort, { once: true })
    const settled = () => signal.removeEventListener('abort', abort)
    socket.once('open', () => {
      settled()
      resolve(createWebSocketStream(socket))
    })
    socket.once('unexpected-response', (request, response) => {
      void readRefusal(response)
        .then((failure) => reject(failure))
        .finally(() => {
          settled()
          request.destroy()
        })
    })
    socket.on('error', (error) => {
      settled()
      const message = `no port-forward: ${messageOf(error)}`
      reject(signal.aborted ? signal.reason : new RdpFailure(message, { http: 503 }))
    })
  })
}

/** This WebSocket is not the browser's, and negotiates for itself. */
function withoutHandshake(headers: OutgoingHttpHeaders) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'host' || name.startsWith('sec-websocket-')
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : String(value)]],
    ),
  )
}

/** What Go's dialler says, as in `dialing VM: dial tcp 10.0.2.2:3389: connect: connection refused`. */
const dialErrors: [RegExp, number][] = [
  [/connection refused/, 10061],
  [/connection reset/, 10054],
  [/i\/o timeout|connection timed out/, 10060],
  [/no route to host/, 10065],
  [/network is unreachable/, 10051],
]

async function readRefusal(response: IncomingMessage): Promise<RdpFailure> {
  const status = response.statusCode ?? 502
  let body = ''
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      body += String(chunk)
      if (body.length > maxRefusalBytes) break
    }
  } catch {
    // What has come of it must do.
  }
  const wsa = dialErrors.find(([words]) => status === 500 && words.test(body))?.[1]
  return wsa === undefined
    ? new RdpFailure(`port-forward is refused with ${status}`, { http: status })
    : new RdpFailure(`the guest can't be dialled (socket error ${wsa})`, { wsa })
}
