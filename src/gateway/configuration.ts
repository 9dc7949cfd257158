import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { directConnection, kubeconfigConnection, messageOf } from './cluster-connection.ts'
import type { Assembly, GatewayConfig, GatewayContext } from './gateway.ts'
import { sandboxAccess, secretAccess } from './local-access.ts'
import { openshiftAccess } from './openshift-access.ts'
import { isLoopbackName } from './request-guard.ts'
import type { ClusterSettings, Configuration } from './settings/configuration-schema.ts'
import { readConfigurationSources } from './settings/read-configuration.ts'
import type { GivenValue } from './settings/read-configuration.ts'
import { assembleSignIn } from './sign-in/assemble-sign-in.ts'

export const usage = `Usage: node main.js --config FILE                           as the file says (YAML or JSON)
       node main.js --kubeconfig FILE [--context NAME]   act with a kubeconfig's rights
       node main.js --cluster-url URL [--ca-file FILE]   one cluster, whose users sign in
       node main.js --cluster-url URL --sandbox          the sandbox cluster, with users to choose
  --host ADDRESS    to listen on (127.0.0.1)
  --port NUMBER     to listen on (9080)
  --allow-host NAME a further name by which browsers address the console; may be repeated
Environment: CONSOLE_CONFIG, a file as --config; CONSOLE_ and the name of any key of it, as
CONSOLE_LISTEN_PORT for listen.port; LOG_LEVEL, one of debug, info, warn, error, silent; LOG_FORMAT,
json or text (the default on a terminal); CONSOLE_SANDBOX_USERS, the sandbox's tokens as JSON
{"user": "token"}, the first being who one is at first. Flags are stronger than the environment,
and that than the file; docs/configuration.md explains every key.`

export interface Invocation {
  gateway: GatewayConfig
  /** Kubeconfig mode: what opens it. */
  secret?: string
}

/**
 * Reads the command line, the environment and the configuration file.
 * @throws Error in words for the person who wrote them
 */
export function readConfiguration(args: string[], env: NodeJS.ProcessEnv): Invocation {
  const { values } = parseArgs({
    args,
    options: {
      config: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      'cluster-url': { type: 'string' },
      'ca-file': { type: 'string' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      sandbox: { type: 'boolean', default: false },
      page: { type: 'string' },
    },
  })
  const clusterUrl = values['cluster-url']
  const settings = readConfigurationSources(values.config ?? env.CONSOLE_CONFIG, env, [
    ...given(['log', 'level'], env.LOG_LEVEL, 'LOG_LEVEL'),
    ...given(['log', 'format'], env.LOG_FORMAT, 'LOG_FORMAT'),
    ...given(['listen', 'host'], values.host, '--host'),
    ...given(['listen', 'port'], numberIn(values.port), '--port'),
    ...given(['hostNames'], values['allow-host'], '--allow-host'),
    ...given(['clusters'], clusterUrl && [clusterOf(clusterUrl, values)], '--cluster-url'),
  ])

  const { kubeconfig, context, sandbox } = values
  if (kubeconfig === undefined && !settings.clusters.length) {
    throw new Error(
      'No cluster is configured: --kubeconfig, --cluster-url or clusters in the configuration names one',
    )
  }
  if (kubeconfig !== undefined && settings.clusters.length) {
    throw new Error('Either --kubeconfig or other clusters can be shown, not both')
  }
  // These modes act for whoever reaches the port, so nobody else may reach it.
  if ((kubeconfig !== undefined || sandbox) && !isLoopbackName(settings.listen.host)) {
    throw new Error(`This mode listens on this machine only, not on ${settings.listen.host}`)
  }
  const { openshiftPlugin } = settings
  if (openshiftPlugin && (kubeconfig !== undefined || sandbox)) {
    throw new Error(
      'openshiftPlugin is for the cluster of the OpenShift Console, not for this mode',
    )
  }
  const builtPage = new URL(openshiftPlugin ? '../plugin' : '../web', import.meta.url)
  const withAssembly = (assemble: GatewayConfig['assemble']) => ({
    gateway: {
      ...listenerOf(settings),
      ...defencesOf(settings, kubeconfig !== undefined || sandbox),
      pageDirectory: values.page ?? fileURLToPath(builtPage),
      isOpenshiftPlugin: openshiftPlugin,
      assemble,
    },
  })
  if (kubeconfig !== undefined) {
    const secret = env.CONSOLE_SECRET ?? randomBytes(32).toString('base64url')
    return { ...withAssembly(assembleKubeconfig(kubeconfig, context, secret)), secret }
  }
  if (sandbox) return withAssembly(assembleSandbox(settings, readUsers(env.CONSOLE_SANDBOX_USERS)))
  if (openshiftPlugin) return withAssembly(assembleOpenshiftPlugin(settings))
  const connections = settings.clusters.map(connectionTo)
  return withAssembly((gateway) => assembleSignIn(settings, connections, gateway))
}

function given(path: string[], value: unknown, from: string): GivenValue[] {
  return value === undefined ? [] : [{ path, value, from }]
}

/** Text that is no number stays text, for the schema to refuse. */
function numberIn(text: string | undefined) {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text
}

function clusterOf(server: string, values: { 'ca-file'?: string | undefined }) {
  const caFile = values['ca-file']
  const displayName = URL.canParse(server) ? new URL(server).host : server
  return { name: 'cluster', displayName, server, ...(caFile !== undefined && { caFile }) }
}

function listenerOf({ listen, publicUrl, hostNames, log }: Configuration) {
  return {
    // One address, not the two that the name stands for.
    host: listen.host === 'localhost' ? '127.0.0.1' : listen.host,
    port: listen.port,
    ...(listen.tls && { tls: listen.tls }),
    drainMs: listen.drainSeconds * 1000,
    ...(publicUrl !== undefined && { publicUrl: new URL(publicUrl) }),
    hostNames,
    logLevel: log.level,
    logFormat: log.format ?? (process.stdout.isTTY ? 'text' : 'json'),
  }
}

/** @param isLocal whether one person at this machine is all that there is to be audited */
function defencesOf({ limits, trustedProxies, metrics, audit }: Configuration, isLocal: boolean) {
  return {
    limits,
    trustedProxies,
    ...(metrics && { metrics }),
    ...((audit.enabled ?? !isLocal) && { audit: { file: audit.file } }),
  }
}

function connectionTo({ name, server, caFile }: ClusterSettings) {
  if (caFile === undefined) return directConnection(new URL(server))
  try {
    return directConnection(new URL(server), readFileSync(caFile, 'utf8'))
  } catch (error) {
    throw new Error(`The caFile of the cluster ${name} can't be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function assembleKubeconfig(file: string, context: string | undefined, secret: string) {
  const connection = kubeconfigConnection(file, context)
  const { cluster, user } = connection
  return ({ port }: GatewayContext): Assembly => {
    const access = secretAccess({ mode: 'kubeconfig', cluster, user }, port, secret)
    return { clusters: [{ name: 'cluster', displayName: cluster, connection, access }] }
  }
}

function assembleSandbox({ clusters }: Configuration, users: ReadonlyMap<string, string>) {
  const [cluster, ...others] = clusters
  if (!cluster || others.length) throw new Error('The sandbox is one cluster')
  const connection = connectionTo(cluster)
  return ({ port }: GatewayContext): Assembly => {
    const access = sandboxAccess('sandbox', users, port)
    return { clusters: [{ name: 'sandbox', displayName: 'sandbox', connection, access }] }
  }
}

function assembleOpenshiftPlugin({ clusters }: Configuration) {
  const [cluster, ...others] = clusters
  if (!cluster || others.length) {
    throw new Error('openshiftPlugin is for one cluster: the one of the OpenShift Console')
  }
  const connection = connectionTo(cluster)
  const { name, displayName = name } = cluster
  const access = openshiftAccess(displayName)
  return (): Assembly => ({ clusters: [{ name, displayName, connection, access }] })
}

function readUsers(json: string | undefined) {
  try {
    const users = new Map(Object.entries(JSON.parse(json ?? '') as Record<string, string>))
    if (users.size && [...users].every(([name, token]) => /^[\w.-]+$/.test(name) && token)) {
      return users
    }
  } catch {
    // Told below, without the text: it holds tokens.
  }
  throw new Error('CONSOLE_SANDBOX_USERS must be JSON such as {"sandbox-admin": "token"}')
}
