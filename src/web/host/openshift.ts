/** The OpenShift Console as host: its session, its masthead, navigation and namespace bar. */
import { consoleFetch } from '@openshift-console/dynamic-plugin-sdk'

import type { Transport } from '../../kube/transport.ts'
import type { Host } from './contract.ts'

declare global {
  interface Window {
    /** Set by the console's index page; its base path begins and ends with a slash. */
    SERVER_FLAGS?: { basePath: string }
  }
}

function apiUrl(path: string): string {
  return `${window.SERVER_FLAGS?.basePath ?? '/'}api/kubernetes${path}`
}

/**
 * `consoleFetch` throws what the cluster refuses, our transport answers it: the response is in the
 * error. Its body has been read if it was JSON.
 */
function answerIn(error: unknown): Response | undefined {
  const { response, json } = error as { response?: unknown; json?: unknown }
  if (!(response instanceof Response)) return undefined
  if (json === undefined) return response
  const { status, statusText, headers } = response
  return new Response(JSON.stringify(json), { status, statusText, headers })
}

const transport: Transport = {
  async fetch(path, init = {}) {
    try {
      // The console writes its own headers into the object it is given.
      const options = { ...init, headers: Object.fromEntries(new Headers(init.headers)) }
      return await consoleFetch(apiUrl(path), { method: 'GET', ...options }, 0)
    } catch (error) {
      const response = answerIn(error)
      if (!response) throw error
      return response
    }
  },
  openSocket(path, protocol) {
    const url = new URL(apiUrl(path), location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url, protocol)
    socket.binaryType = 'arraybuffer'
    return socket
  },
}

/** The console tells its plugins no user name; the cluster knows who is asking. */
export const openshiftHost: Host = {
  session: { mode: 'openshift', cluster: '', user: '', users: [] },
  transport,
  providesFrame: true,
}
