import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { passThroughAccess, sandboxAccess, secretAccess } from './access.ts'
import { directConnection, kubeconfigConnection } from './cluster-connection.ts'
import type { GatewayConfig } from './gateway.ts'
import type { LogLevel } from './logging.ts'
import { isLoopbackName } from './request-guard.ts'

export const usage = `Usage: node main.js --kubeconfig FILE [--context NAME]   act with a kubeconfig's rights
       node main.js --cluster-url URL [--ca-file FILE]      pass each request's own credentials on
       node main.js --cluster-url URL --sandbox             the sandbox cluster, with users to choose
  --host ADDRESS    to listen on (127.0.0.1)
  --port NUMBER     to listen on (9080)
  --allow-host NAME a further name by which browsers address the console; may be repeated
Environment: CONSOLE_SANDBOX_USERS, the sandbox's tokens as JSON {"user": "token"}, the first being
who one is at first; LOG_LEVEL, one of debug, info, warn, error, silent; LOG_FORMAT, json or text (the
default on a terminal).`

const logLevels: readonly string[] = [
  'debug',
  'info',
  'warn',
  'error',
  'silent',
] satisfies LogLevel[]

/**
 * Reads the command line and environment.
 * @throws Error in words for the person who typed them
 */
export function readConfiguration(args: string[], env: NodeJS.ProcessEnv): GatewayConfig {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '9080' },
      'allow-host': { type: 'string', multiple: true, default: [] },
      'cluster-url': { type: 'string' },
      'ca-file': { type: 'string' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      sandbox: { type: 'boolean', default: false },
      page: { type: 'string', default: fileURLToPath(new URL('../web', import.meta.url)) },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535, not ${JSON.stringify(values.port)}`)
  }
  const logLevel = env.LOG_LEVEL ?? 'info'
  if (!isLogLevel(logLevel)) throw new Error(`LOG_LEVEL must be one of ${logLevels.join(', ')}`)
  const logFormat = env.LOG_FORMAT ?? (process.stdout.isTTY ? 'text' : 'json')
  if (logFormat !== 'json' && logFormat !== 'text') throw new Error('LOG_FORMAT is json or text')
  const common = {
    // One address, not the two that the name stands for.
    host: values.host === 'localhost' ? '127.0.0.1' : values.host,
    port,
    pageDirectory: values.page,
    hostNames: values['allow-host'],
    logLevel,
    logFormat,
  } as const

  const clusterUrl = values['cluster-url']
  if ((values.kubeconfig === undefined) === (clusterUrl === undefined)) {
    throw new Error('Either --kubeconfig or --cluster-url is needed')
  }
  // These modes act for whoever reaches the port, so nobody else may reach it.
  const isLocalMode = values.kubeconfig !== undefined || values.sandbox
  if (isLocalMode && !isLoopbackName(values.host)) {
    throw new Error(`This mode listens on this machine only, not on ${values.host}`)
  }

  if (values.kubeconfig !== undefined) {
    const connection = kubeconfigConnection(values.kubeconfig, values.context)
    const { cluster, user } = connection
    const secret = env.CONSOLE_SECRET
    return {
      ...common,
      connection,
      access: (boundPort) => secretAccess({ mode: 'kubeconfig', cluster, user }, boundPort, secret),
    }
  }

  const url = readUrl(clusterUrl ?? '')
  const caFile = values['ca-file']
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8')
  const connection = directConnection(url, ca)
  if (!values.sandbox) return { ...common, connection, access: () => passThroughAccess(url.host) }
  const users = readUsers(env.CONSOLE_SANDBOX_USERS)
  return {
    ...common,
    connection,
    access: (boundPort) => sandboxAccess('sandbox', users, boundPort),
  }
}

function isLogLevel(level: string): level is LogLevel {
  return logLevels.includes(level)
}

function readUrl(text: string) {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new Error(`--cluster-url must be an http or https URL, not ${JSON.stringify(text)}`)
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
