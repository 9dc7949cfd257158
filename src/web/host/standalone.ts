/** Our own page behind the gateway: same origin, session kept in a cookie that scripts can't read. */
import { errorFromNetwork, errorFromResponse } from '../../kube/kube-error.ts'
import type { Transport } from '../../kube/transport.ts'
import type { Host, Session } from './contract.ts'

/** The cluster API's base, the same in both hosts. */
const apiBase = '/api/kubernetes'
const sessionPath = '/api/console/session'

function socketUrl(path: string): string {
  const url = new URL(path, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

const transport: Transport = {
  fetch: (path, init) => fetch(apiBase + path, init),
  workerUrl: (path) => new URL(apiBase + path, location.href).href,
  openSocket(path, protocol) {
    const socket = new WebSocket(socketUrl(apiBase + path), protocol)
    socket.binaryType = 'arraybuffer'
    return socket
  },
  tellsWhoEnds: true,
}

async function askSession(method: 'GET' | 'POST' | 'PUT', body?: object): Promise<Session> {
  let response: Response
  try {
    response = await fetch(sessionPath, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
  } catch (cause) {
    throw errorFromNetwork(cause)
  }
  if (!response.ok) throw await errorFromResponse(response)
  const session = (await response.json()) as Omit<Session, 'users'> & { users?: string[] }
  return { ...session, users: session.users ?? [] }
}

/** The secret of a link printed by the gateway; taken out of the address bar at once. */
function takeSecretFromAddress(): string | undefined {
  const secret = new URLSearchParams(location.hash.slice(1)).get('secret')
  if (secret === null) return undefined
  history.replaceState(null, '', location.pathname + location.search)
  return secret
}

/**
 * Starts or finds the session. Throws KubeError: 401 means that a secret is needed, which may be
 * given on the next call.
 */
export async function openStandaloneHost(givenSecret?: string): Promise<Host> {
  const secret = givenSecret ?? takeSecretFromAddress()
  const session = await (secret === undefined ? askSession('GET') : askSession('POST', { secret }))
  return {
    session,
    transport,
    rdpUrl: ({ namespace, name }) =>
      socketUrl(`/api/rdp/namespaces/${namespace}/virtualmachineinstances/${name}`),
    uploadBase: '/api/upload',
    providesFrame: false,
    ...(session.users.length > 1 && {
      async switchUser(user: string) {
        await askSession('PUT', { user })
        // Everything on the page belongs to the former user, running watches included.
        location.reload()
      },
    }),
  }
}
