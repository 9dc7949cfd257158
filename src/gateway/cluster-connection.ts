import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { AgentOptions, RequestOptions } from 'node:https'

import { KubeConfig } from '@kubernetes/client-node'

/** How to reach the cluster right now. */
export interface ClusterRoute {
  server: URL
  /** Pools connections for requests; an upgrade takes a connection of its own with `tls`. */
  agent: HttpAgent
  tls: AgentOptions
  /** Credentials that come with the connection rather than with the person asking. */
  headers: Record<string, string>
}

export interface ClusterConnection {
  /** The server's address, for messages. */
  server: string
  route(): Promise<ClusterRoute>
  close(): void
}

/** @param ca PEM of the authorities to trust instead of the system's */
export function directConnection(server: URL, ca?: string): ClusterConnection {
  const tls = ca === undefined ? {} : { ca }
  const agent = createAgent(server, tls)
  const route = Promise.resolve({ server, agent, tls, headers: {} })
  return { server: server.origin, route: () => route, close: () => agent.destroy() }
}

export interface KubeconfigConnection extends ClusterConnection {
  cluster: string
  user: string
}

/** Exec plugins without an expiry would otherwise run for each single request. */
const credentialsAgeMs = 10_000

/**
 * A cluster as a kubeconfig names it: client certificates, tokens, token files and exec plugins
 * (run again when what they gave has expired), its CA, TLS server name and insecure flag.
 * @throws Error in plain words if the file or the context can't be used
 */
export function kubeconfigConnection(file: string, context?: string): KubeconfigConnection {
  const config = new KubeConfig()
  try {
    config.loadFromFile(file)
  } catch (error) {
    throw new Error(`The kubeconfig ${file} can't be read: ${messageOf(error)}`, { cause: error })
  }
  if (context !== undefined) config.setCurrentContext(context)
  const current = config.getContextObject(config.getCurrentContext())
  const cluster = config.getCurrentCluster()
  if (!current || !cluster) {
    const known = config.getContexts().map((one) => one.name)
    throw new Error(
      `The kubeconfig ${file} has no ${current ? 'cluster for ' : ''}context ${JSON.stringify(context ?? config.getCurrentContext() ?? '')}; it has ${known.join(', ') || 'none'}`,
    )
  }
  const server = new URL(cluster.server)
  if (server.protocol === 'http:') {
    // The library refuses plain HTTP unless told that nothing is to be verified, and nothing is.
    config.clusters = config.clusters.map((one) =>
      one.name === cluster.name ? { ...one, skipTLSVerify: true } : one,
    )
  }

  let agent: HttpAgent | undefined
  let agentKey = ''
  let pending: { since: number; route: Promise<ClusterRoute> } | undefined

  async function refresh(): Promise<ClusterRoute> {
    const options: RequestOptions & { headers: Record<string, string> } = { headers: {} }
    await config.applyToHTTPSOptions(options)
    const tls = tlsOptions(options)
    const { headers } = options
    if (typeof options.auth === 'string') {
      headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`
    }
    const key = JSON.stringify(tls)
    if (!agent || key !== agentKey) {
      // The old one is left to its running requests; it keeps no idle connection for long.
      agent = createAgent(server, tls)
      agentKey = key
    }
    return { server, agent, tls, headers: lowerCased(headers) }
  }

  return {
    server: server.origin,
    cluster: cluster.name,
    user: current.user,
    route() {
      const now = Date.now()
      if (!pending || now - pending.since > credentialsAgeMs) {
        const entry = { since: now, route: refresh() }
        pending = entry
        entry.route.catch(() => {
          if (pending === entry) pending = undefined
        })
      }
      return pending.route
    },
    close: () => agent?.destroy(),
  }
}

/** Only what concerns TLS; the library's own agent, made anew at each call, is not used. */
function tlsOptions(options: RequestOptions): AgentOptions {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options
  const all = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function createAgent(server: URL, tls: AgentOptions): HttpAgent {
  const pooling = { keepAlive: true, maxFreeSockets: 32 }
  return server.protocol === 'https:'
    ? new HttpsAgent({ ...tls, ...pooling })
    : new HttpAgent(pooling)
}

function lowerCased(headers: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message || String(error) : String(error)
}
