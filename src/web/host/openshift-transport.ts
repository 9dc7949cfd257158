/** The way to the cluster through the OpenShift Console's server. */
import type { Transport } from '../../kube/transport.ts'

declare global {
  interface Window {
    /** Set by the console's index page; its base path begins and ends with a slash. */
    SERVER_FLAGS?: { basePath: string }
  }
}

export type ConsoleFetch = (
  url: string,
  options?: RequestInit,
  timeoutMs?: number,
) => Promise<Response>

/** Of the console; begins and ends with a slash. */
export function consoleBase(): string {
  return window.SERVER_FLAGS?.basePath ?? '/'
}

function apiUrl(path: string): string {
  return `${consoleBase()}api/kubernetes${path}`
}

/**
 * The console throws what the cluster refuses, a transport answers it: the response is in the
 * error, and what was read of it as JSON beside it.
 */
export function answerIn(error: unknown): Response | undefined {
  const { response, json } = error as { response?: unknown; json?: unknown }
  if (!(response instanceof Response)) return undefined
  if (json === undefined) return response
  const { status, statusText, headers } = response
  return new Response(JSON.stringify(json), { status, statusText, headers })
}

/**
 * Requests by the console's own `fetch`, which adds its CSRF token and impersonation.
 * @param protocols that a WebSocket offers before its own, for impersonation: the console's server
 *   takes them out, and answers with the last of all
 */
export function consoleTransport(
  consoleFetch: ConsoleFetch,
  protocols: readonly string[] = [],
): Transport {
  return {
    async fetch(path, init = {}) {
      // The console writes into the headers it is given.
      const headers = Object.fromEntries(new Headers(init.headers))
      try {
        return await consoleFetch(apiUrl(path), { method: 'GET', ...init, headers }, 0)
      } catch (error) {
        const response = answerIn(error)
        if (!response) throw error
        return response
      }
    },
    openSocket(path, protocol) {
      const url = new URL(apiUrl(path), location.href)
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      const socket = new WebSocket(
        url,
        protocol === undefined ? [...protocols] : [...protocols, protocol],
      )
      socket.binaryType = 'arraybuffer'
      return socket
    },
  }
}
