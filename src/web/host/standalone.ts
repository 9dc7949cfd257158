/** Our own page behind the gateway: same origin, session kept in a cookie that scripts can't read. */
import { KubeError } from '../../kube/kube-error.ts'
import type { Transport } from '../../kube/transport.ts'
import { clusterPrefix } from './cluster-prefix.ts'
import type { Host, Session } from './contract.ts'
import { createSession, readSession, switchSession } from './session-api.ts'
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts'
import { renewSession } from './session-renewal.ts'

/** The cluster API's base, the same in both hosts but for the cluster's name. */
const apiBase = `${clusterPrefix}/api/kubernetes`

function socketUrl(path: string): string {
  const url = new URL(path, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

function createTransport(keeper: SessionKeeper): Transport {
  return {
    fetch: (path, init) => keeper.fetch(apiBase + path, init),
    workerUrl: (path) => new URL(apiBase + path, location.href).href,
    openSocket(path, protocol) {
      const socket = new WebSocket(socketUrl(apiBase + path), protocol)
      socket.binaryType = 'arraybuffer'
      return socket
    },
    tellsWhoEnds: true,
    renewals: keeper.renewals,
  }
}

/** The versions of the core API: nobody is refused them whom the cluster knows. */
async function probe(): Promise<boolean> {
  return (await fetch(`${apiBase}/api`)).status !== 401
}

/** The secret of a link printed by the gateway; taken out of the address bar at once. */
function takeSecretFromAddress(): string | undefined {
  const secret = new URLSearchParams(location.hash.slice(1)).get('secret')
  if (secret === null) return undefined
  history.replaceState(null, '', location.pathname + location.search)
  return secret
}

/** `reason` of the error for a link whose secret is another start's. */
export const wrongSecret = 'WrongSecret'

function throwWrongSecret(error: Error): never {
  throw error instanceof KubeError && error.code === 401
    ? new KubeError(401, error.message, { reason: wrongSecret })
    : error
}

async function findSession(): Promise<Session> {
  const secret = takeSecretFromAddress()
  if (secret !== undefined) return createSession({ secret }).catch(throwWrongSecret)
  try {
    return await readSession()
  } catch (error) {
    if (!(error instanceof KubeError) || error.code !== 401) throw error
    // A page that was closed for a while may still have what renews its session.
    const renewal = await renewSession()
    if (renewal.type === 'renewed') return renewal.session
    throw error
  }
}

/** Finds the session and opens the host with it. Throws KubeError: 401 asks for a sign-in. */
export async function findStandaloneHost(): Promise<Host> {
  return openStandaloneHost(await findSession())
}

export function openStandaloneHost(session: Session): Host {
  const keeper = createSessionKeeper(session, { probe })
  return {
    session,
    transport: createTransport(keeper),
    rdpUrl: ({ namespace, name }) =>
      socketUrl(`${clusterPrefix}/api/rdp/namespaces/${namespace}/virtualmachineinstances/${name}`),
    uploadBase: `${clusterPrefix}/api/upload`,
    keeper,
    providesFrame: false,
    ...(session.users.length > 1 && {
      async switchUser(user: string) {
        await switchSession(user)
        // Everything on the page belongs to the former user, running watches included.
        location.reload()
      },
    }),
  }
}
