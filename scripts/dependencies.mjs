/** What has to be there before anything else can be: Node and the packages. Needs only Node itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { lockCheckout } from './lock.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const progressMs = 5_000
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** @throws Error naming the version that is needed */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Error(`Node 20.19 or newer is needed; this is ${process.versions.node}`)
}

/** Runs `npm ci` if a package is missing or another version than package-lock.json says. */
export async function installDependencies() {
  if (!firstStalePackage()) return
  const lock = await lockCheckout()
  try {
    const stale = firstStalePackage()
    if (stale) await install(stale, lock.handle)
  } finally {
    lock.release()
  }
}

async function install(reason, lockHandle) {
  console.log(`Installing dependencies (${reason}) …`)
  const start = performance.now()
  const paths = Object.keys(wantedPackages()).filter((path) => path !== '')
  const timer = setInterval(() => {
    const count = paths.filter((path) => existsSync(join(root, path, 'package.json'))).length
    // Packages for other platforms never come, so no total is named.
    console.log(`Installing dependencies: ${count} packages so far`)
  }, progressMs)
  const npm = spawn('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    // Should this process be killed, npm goes on for a while and keeps others out until it ends.
    stdio: ['ignore', 'ignore', 'inherit', lockHandle],
    env: { ...process.env, NODE_ENV: '' },
  })
  const stop = (signal) => {
    npm.kill(signal)
    process.exit(130)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  try {
    const [status] = await once(npm, 'close')
    if (status !== 0) throw new Error('npm ci failed; its messages are above')
  } catch (error) {
    if (error.syscall) throw new Error(`npm can't be run: ${error.message}`, { cause: error })
    throw error
  } finally {
    clearInterval(timer)
    for (const signal of stopSignals) process.off(signal, stop)
  }
  console.log(`Installed dependencies in ${((performance.now() - start) / 1000).toFixed(0)} s`)
}

function wantedPackages() {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
}

/** Compares the wanted packages with npm's own record of the installed ones. */
function firstStalePackage() {
  let installed
  try {
    const record = readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')
    installed = JSON.parse(record).packages
  } catch {
    return 'none are there'
  }
  for (const [path, { version, optional, link }] of Object.entries(wantedPackages())) {
    if (path === '' || link) continue
    const found = installed[path]
    // An optional package is for another platform.
    if (found ? found.version !== version : !optional) {
      return `${path.slice('node_modules/'.length)} is ${found ? 'outdated' : 'missing'}`
    }
  }
  return undefined
}
