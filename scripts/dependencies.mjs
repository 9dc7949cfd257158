/** What has to be there before anything else can be: Node and the packages. Needs only Node itself. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @throws Error naming the version that is needed */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Error(`Node 20.19 or newer is needed; this is ${process.versions.node}`)
}

/** Runs `npm ci` if a package is missing or another version than package-lock.json says. */
export function installDependencies() {
  const stale = firstStalePackage()
  if (!stale) return
  console.log(`Installing dependencies (${stale}) …`)
  const start = performance.now()
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--no-fund', '--no-audit', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_ENV: '' },
    },
  )
  if (error) throw new Error(`npm can't be run: ${error.message}`)
  if (status !== 0) throw new Error('npm ci failed; its messages are above')
  console.log(`Installed dependencies in ${((performance.now() - start) / 1000).toFixed(0)} s`)
}

/** Compares the wanted packages with npm's own record of the installed ones. */
function firstStalePackage() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  let installed
  try {
    const record = readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')
    installed = JSON.parse(record).packages
  } catch {
    return 'none are there'
  }
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (path === '' || link) continue
    const found = installed[path]
    // An optional package is for another platform.
    if (found ? found.version !== version : !optional) {
      return `${path.slice('node_modules/'.length)} is ${found ? 'outdated' : 'missing'}`
    }
  }
  return undefined
}
