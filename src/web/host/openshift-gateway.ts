/**
 * Our gateway as the OpenShift Console's server passes it on: under the alias `gateway` of the
 * ConsolePlugin's `spec.proxy`, with the user's token. It does what neither the console's server nor
 * a browser does: RDP, and uploads to an address that the page's policy doesn't allow.
 */
import { KubeError, errorFromResponse } from '../../kube/kube-error.ts'
import type { Host } from './contract.ts'
import type { ConsoleFetch } from './openshift-transport.ts'
import { answerIn } from './openshift-transport.ts'
import { csrfHeader, type ActingUser } from './openshift-user.ts'

const plugin = 'kubevirt-console'
/** Long enough for a server that starts; a hung one must not hold up what needs no gateway. */
const patienceMs = 10_000

type Gateway = Required<
  Pick<Host, 'rdpUrl' | 'uploadBase' | 'checkGateway' | 'gatewayHeaders' | 'gatewayProtocols'>
>

/** @param basePath of the console; begins and ends with a slash */
export function consoleGateway(
  consoleFetch: ConsoleFetch,
  basePath: string,
  user: ActingUser,
): Gateway {
  const base = `${basePath}api/proxy/plugin/${plugin}/gateway`
  let found: Promise<void> | undefined

  async function look() {
    const response = await ask(consoleFetch, `${base}/api/console/session`)
    const isOurs = (response.headers.get('content-type') ?? '').includes('application/json')
    if (response.ok && isOurs) return
    if (response.status === 401 && isOurs) throw withoutToken()
    if (response.status === 502 || response.status === 503 || response.status === 504)
      throw silent(response.status)
    // The console answers an address it doesn't know with 404, or with its own page.
    if (response.ok || response.status === 404) throw notConfigured()
    throw await errorFromResponse(response)
  }

  return {
    // What was found stays; what was not may have been set up meanwhile.
    checkGateway() {
      found ??= look().catch((error: unknown) => {
        found = undefined
        throw error
      })
      return found
    },
    rdpUrl({ namespace, name }) {
      const path = `${base}/api/rdp/namespaces/${namespace}/virtualmachineinstances/${name}`
      const url = new URL(path, location.href)
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      return url.href
    },
    uploadBase: `${base}/api/upload`,
    gatewayHeaders: () => ({ ...user.headers, ...csrfHeader() }),
    gatewayProtocols: user.protocols,
  }
}

async function ask(consoleFetch: ConsoleFetch, url: string): Promise<Response> {
  try {
    return await consoleFetch(url, { method: 'GET', headers: {} }, patienceMs)
  } catch (error) {
    const response = answerIn(error)
    if (response) return response
    throw new KubeError(0, 'The console’s server does not answer for the gateway of this plugin', {
      reason: 'GatewayUnreachable',
      cause: error,
    })
  }
}

function notConfigured() {
  return new KubeError(
    404,
    `The console has no way to this plugin’s gateway: the ConsolePlugin ${plugin} needs a proxy with the alias gateway in spec.proxy, as in deploy/openshift`,
    { reason: 'GatewayNotConfigured' },
  )
}

function withoutToken() {
  return new KubeError(
    401,
    `The console sends no token to this plugin’s gateway: the proxy gateway of the ConsolePlugin ${plugin} needs authorization: UserToken`,
    { reason: 'GatewayNotConfigured' },
  )
}

function silent(code: number) {
  return new KubeError(
    code,
    `The console can’t reach this plugin’s gateway: see whether the pods of its Service run, and its certificate is the cluster’s`,
    { reason: 'GatewayUnreachable' },
  )
}
