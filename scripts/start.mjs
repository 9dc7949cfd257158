/**
 * `npm start [-- options]`: installs and builds what is missing, then runs the console.
 *
 *   --vms N             seed N further VMs            --churn N   with N changes a second
 *   --guests simulated  no real guests, though they could be had; or NAME,…: only these are real
 *   --rdp-server 127.0.0.1:PORT  an RDP server of this machine in place of win-1's; see docs/sandbox.md
 *   --kubeconfig FILE   a real cluster instead of the sandbox      [--context NAME]
 *
 * PORT chooses another port than 9080. Ctrl-C ends everything.
 */
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'

import { checkNode, installDependencies } from './dependencies.mjs'

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

async function main() {
  checkNode()
  const options = readOptions()
  await checkPort(options.port)
  await installDependencies()
  const isSandbox = options.kubeconfig === undefined
  const { build } = await import('./build.mjs')
  await build(isSandbox ? ['web', 'gateway', 'sandbox'] : ['web', 'gateway'])

  let starting
  let stack
  let isStopping = false
  const stop = async () => {
    // Asked twice, one does not want to wait.
    if (isStopping) {
      stack?.kill()
      process.exit(130)
    }
    isStopping = true
    console.log('\nStopping …')
    await starting?.then(
      (started) => started.stop(),
      () => undefined,
    )
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop())

  const { startStack } = await import('./stack.mjs')
  if (isSandbox) console.log('Starting the sandbox cluster …')
  starting = startStack({ ...options, onGuests: guestReporter() })
  stack = await starting
  if (isStopping) return
  printUrl(stack)
  const error = await stack.died
  await stack.stop()
  throw error
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      vms: { type: 'string' },
      churn: { type: 'string' },
      guests: { type: 'string' },
      'rdp-server': { type: 'string' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
    },
  })
  for (const name of ['vms', 'churn']) {
    if (values[name] !== undefined && !/^\d+$/.test(values[name])) {
      throw new Error(`--${name} must be a number, not ${JSON.stringify(values[name])}`)
    }
  }
  const port = Number(process.env.PORT ?? 9080)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(
      `PORT must be a number from 1 to 65535, not ${JSON.stringify(process.env.PORT)}`,
    )
  }
  return { ...values, rdpServer: values['rdp-server'], port }
}

/** Fails before anything slow is done. */
async function checkPort(port) {
  const server = createServer()
  await new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') {
        reject(new Error(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`))
      } else if (error.code === 'EACCES') {
        reject(new Error(`Port ${port} is not for you. Choose another one: PORT=9080 npm start`))
      } else {
        reject(error)
      }
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  await new Promise((resolve) => server.close(resolve))
}

function guestReporter() {
  let last = ''
  return ({ message }) => {
    if (message !== last) console.log(`Guests: ${message}`)
    last = message
  }
}

function printUrl({ url, pageUrl, secret }) {
  // Over plain HTTP kubectl sends a login that is part of the URL, but no --token.
  const kubectl = (login = '') =>
    `kubectl --server ${url.replace('://', `://${login}`)}/api/kubernetes get vms -A`
  if (secret !== undefined) {
    console.log(`
KubeVirt Console is ready. Open the whole line, it holds the key to this session:

  ${pageUrl}/#secret=${secret}

A browser that can't find it finds the same at ${url}, where other users of this machine could have
a page of theirs shown its cookie.

  ${kubectl(`console:${secret}@`)}

Ctrl-C ends it.`)
    return
  }
  console.log(`
KubeVirt Console is ready:

  ${url}

  ${kubectl()}

You are sandbox-admin. Be sandbox-edit, sandbox-view or sandbox-none by the page's user menu, or by

  ${kubectl('sandbox-view@')}

Ctrl-C ends it all.
`)
}
