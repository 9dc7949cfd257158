/** Starts the built gateway, and the built sandbox before it, each as a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The sandbox's users, the first being who one is at first; a token is the user's name. */
const sandboxUsers = ['sandbox-admin', 'sandbox-edit', 'sandbox-view', 'sandbox-none']

const stopGraceMs = 10_000

/**
 * @typedef {object} StackOptions
 * @property {number} [port] of the gateway; 0, the default, takes a free one
 * @property {number} [vms] how many VMs to seed besides the named ones
 * @property {number} [churn] changes a second among them
 * @property {string} [guests] `auto`: real ones if they can be had, `simulated`: never, `NAME,…`:
 *   only these are real
 * @property {string} [rdpServer] `NAME=HOST:PORT,…`: RDP servers of this machine in place of the RDP
 *   port of these guests
 * @property {'demo' | 'empty'} [seed] what is there at first
 * @property {('multus' | 'cdi' | 'snapshot')[]} [without] what the cluster lacks of what most have
 * @property {'openshift-templates'[]} [with] what it has that few have
 * @property {string[]} [sandboxArgs] further arguments of the sandbox
 * @property {string} [kubeconfig] a real cluster; no sandbox is started then
 * @property {string} [context]
 * @property {{ clusters: { name: string, displayName?: string }[], publicUrl?: string, signIn?: object }} [configuration]
 *   of the gateway, whose clusters are the sandbox under each of their names; people then sign in
 * @property {string} [logLevel] of the gateway; `warn` by default
 * @property {boolean} [quiet] keep what the processes write, to be told only if one dies
 * @property {(message: { type: 'guests', state: string, message: string }) => void} [onGuests]
 *   told how the preparation of the guests goes
 *
 * @typedef {object} Stack
 * @property {string} url of the gateway
 * @property {string} [sandboxUrl] of the sandbox's API server
 * @property {string} [pageUrl] kubeconfig mode: where a browser finds the page
 * @property {string} [secret] kubeconfig mode: what the page or kubectl must show
 * @property {{ gateway: number, sandbox?: number }} pids
 * @property {Promise<Error>} died resolves if a process of the first start ends though nobody
 *   stopped it
 * @property {() => Promise<void>} stop ends all; resolves when no process is left
 * @property {() => Promise<void>} restartGateway ends it and starts it again on the same port
 * @property {() => void} kill ends all at once, without waiting
 * @property {(signal: NodeJS.Signals) => void} signalSandbox e.g. SIGSTOP and SIGCONT, for tests
 */

/**
 * @param {StackOptions} [options]
 * @returns {Promise<Stack>}
 * @throws Error with the process's own words if one ends before it is ready
 */
export async function startStack(options = {}) {
  const children = []
  let configurationFile
  const stop = async () => {
    for (const child of [...children].reverse()) await child.stop()
    if (configurationFile !== undefined) await rm(dirname(configurationFile), { recursive: true })
  }
  try {
    let sandbox
    const args = ['--port', String(options.port ?? 0)]
    const env = { ...process.env, LOG_LEVEL: options.logLevel ?? 'warn', LOG_FORMAT: 'text' }
    if (options.kubeconfig === undefined) {
      const sandboxArgs = ['--port', '0', '--cache', `${root}.cache`]
      for (const name of ['vms', 'churn', 'guests', 'seed']) {
        if (options[name] !== undefined) sandboxArgs.push(`--${name}`, String(options[name]))
      }
      for (const name of ['without', 'with']) {
        if (options[name]?.length) sandboxArgs.push(`--${name}`, options[name].join(','))
      }
      if (options.rdpServer !== undefined) sandboxArgs.push('--rdp-server', options.rdpServer)
      sandboxArgs.push(...(options.sandboxArgs ?? []))
      sandbox = startChild('sandbox', sandboxArgs, process.env, options)
      children.push(sandbox)
      const { url: server } = await sandbox.ready
      if (options.configuration) {
        configurationFile = await storeConfiguration(options.configuration, server)
        args.push('--config', configurationFile)
      } else {
        args.push('--sandbox', '--cluster-url', server)
        env.CONSOLE_SANDBOX_USERS = JSON.stringify(
          Object.fromEntries(sandboxUsers.map((name) => [name, name])),
        )
      }
    } else {
      args.push('--kubeconfig', options.kubeconfig)
      if (options.context !== undefined) args.push('--context', options.context)
    }
    let gateway = startChild('gateway', args, env, options)
    children.push(gateway)
    const { url, pageUrl, secret } = await gateway.ready
    const restartGateway = async () => {
      await gateway.stop()
      children.splice(children.indexOf(gateway), 1)
      const { port } = new URL(url)
      gateway = startChild('gateway', [...args, '--port', port], env, options)
      children.push(gateway)
      await gateway.ready
    }
    return {
      url,
      sandboxUrl: sandbox && (await sandbox.ready).url,
      pageUrl,
      secret,
      pids: { gateway: gateway.pid, ...(sandbox && { sandbox: sandbox.pid }) },
      died: Promise.race(children.map((child) => child.died)),
      stop,
      restartGateway,
      kill: () => children.forEach((child) => child.kill('SIGKILL')),
      signalSandbox: (signal) => sandbox?.kill(signal),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @returns {Promise<string>} the file's path, in a directory of its own */
async function storeConfiguration(configuration, server) {
  const file = join(await mkdtemp(join(tmpdir(), 'console-')), 'configuration.json')
  const clusters = configuration.clusters.map((cluster) => ({ server, ...cluster }))
  await writeFile(file, JSON.stringify({ ...configuration, clusters }))
  return file
}

/** @param {StackOptions} options */
function startChild(name, args, env, { quiet = false, onGuests } = {}) {
  const child = fork(`${root}dist/${name}/main.js`, args, {
    env,
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A process group of its own: Ctrl-C reaches only who started it, who ends all in order, and
    // what a crashed child leaves behind can still be ended.
    detached: true,
  })
  let isStopping = false
  let words = ''
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      words = `${words}${text}`.slice(-8192)
      if (!quiet && !isStopping) process[stream].write(text)
    })
  }
  const exited = once(child, 'exit')
  const kill = (signal) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // Nobody is left.
    }
  }
  const died = exited.then(([code, signal]) => {
    kill('SIGKILL')
    if (isStopping) return new Promise(() => {})
    const how = signal ? `by ${signal}` : `with code ${code}`
    const last = words.trim().split('\n').slice(-20).join('\n')
    return new Error(`The ${name} ended ${how}${quiet && last ? `:\n${last}` : ''}`)
  })
  const ready = new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (message.type === 'ready') resolve(message)
      if (message.type === 'guests') onGuests?.(message)
    })
    void died.then(reject)
  })
  ready.catch(() => {})

  async function stop() {
    isStopping = true
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => kill('SIGKILL'), stopGraceMs)
      await exited
      clearTimeout(timer)
    }
    kill('SIGKILL')
  }
  return { pid: child.pid, ready, died, stop, kill }
}
