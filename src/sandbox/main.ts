/**
 * The sandbox as a process of its own.
 *
 *   --port N     0, the default, takes any     --vms N     further VMs     --churn N   changes/s
 *   --guests auto|simulated|NAME,…             --cache DIR where QEMU and images are kept
 *   --seed demo|empty                          --components none, an API server without KubeVirt
 *   --rdp-server [NAME=]HOST:PORT,…  stands in for the RDP port of win-1 or of NAME
 *   --without multus,cdi,snapshot    what the cluster lacks, one or more of them
 *   --with openshift-templates       what it has that few have
 *   --users A,E,V,N  other names of the four users; their tokens stay
 *   --oidc-issuer-url URL --oidc-client-id ID  trusts that issuer's tokens, as kube-apiserver does;
 *     also --oidc-username-claim, --oidc-username-prefix, --oidc-groups-claim
 *
 * Over IPC it tells `{type:'ready',url}` and `{type:'guests',state,message}`. It ends on SIGTERM,
 * SIGINT, or when its parent is gone, and leaves nothing behind.
 */
import { parseArgs } from 'node:util'

import type { OidcIssuer } from './api/oidc-tokens.ts'
import { readRdpServers } from './guests/rdp-servers.ts'
import { addons, extras } from './kinds/addons.ts'
import { startSandbox, type Sandbox, type SandboxOptions, type UserNames } from './sandbox.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    vms: { type: 'string', default: '0' },
    churn: { type: 'string', default: '0' },
    guests: { type: 'string', default: 'auto' },
    cache: { type: 'string', default: '.cache' },
    seed: { type: 'string', default: 'demo' },
    'rdp-server': { type: 'string' },
    users: { type: 'string' },
    components: { type: 'string', default: 'all' },
    without: { type: 'string', default: '' },
    with: { type: 'string', default: '' },
    'oidc-issuer-url': { type: 'string' },
    'oidc-client-id': { type: 'string' },
    'oidc-username-claim': { type: 'string' },
    'oidc-username-prefix': { type: 'string' },
    'oidc-groups-claim': { type: 'string' },
  },
})

let sandbox: Sandbox | undefined
let stopping = false

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function tell(message: object): void {
  if (process.connected) process.send?.(message, () => undefined)
}

function count(name: 'port' | 'vms' | 'churn'): number {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= 0) return value
  throw new Error(`--${name} must be a whole number, not ${JSON.stringify(values[name])}`)
}

function choice<T extends string>(name: 'seed' | 'components', known: readonly T[]): T {
  const found = known.find((value) => value === values[name])
  if (found !== undefined) return found
  throw new Error(`--${name} must be ${known.join(' or ')}, not ${JSON.stringify(values[name])}`)
}

function guestChoice(): Pick<SandboxOptions, 'guests' | 'realGuests'> {
  const { guests } = values
  if (guests === 'auto' || guests === 'simulated') return { guests }
  const realGuests = guests.split(',')
  if (realGuests.every((name) => /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name))) {
    return { guests: 'auto', realGuests }
  }
  throw new Error(
    `--guests must be auto, simulated, or names of VMs with commas, not ${JSON.stringify(guests)}`,
  )
}

function some<T extends string>(name: 'without' | 'with', known: readonly T[]): T[] {
  const names = values[name].split(',').filter(Boolean)
  const found = known.filter((value) => names.includes(value))
  if (found.length === names.length) return found
  throw new Error(`--${name} must be of ${known.join(', ')}, not ${JSON.stringify(values[name])}`)
}

function userNames(): { users?: UserNames } {
  if (values.users === undefined) return {}
  const [admin, edit, view, none, ...more] = values.users.split(',')
  if (admin && edit && view && none && !more.length) return { users: { admin, edit, view, none } }
  throw new Error(`--users must be four names with commas, not ${JSON.stringify(values.users)}`)
}

function oidcIssuer(): { oidc?: OidcIssuer } {
  const issuerUrl = values['oidc-issuer-url']
  const clientId = values['oidc-client-id']
  if (issuerUrl === undefined && clientId === undefined) return {}
  if (!issuerUrl || !clientId) throw new Error('--oidc-issuer-url goes with --oidc-client-id')
  const usernameClaim = values['oidc-username-claim']
  const usernamePrefix = values['oidc-username-prefix']
  const groupsClaim = values['oidc-groups-claim']
  return {
    oidc: {
      issuerUrl,
      clientId,
      ...(usernameClaim !== undefined && { usernameClaim }),
      ...(usernamePrefix !== undefined && { usernamePrefix }),
      ...(groupsClaim !== undefined && { groupsClaim }),
    },
  }
}

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  // A sandbox that is still starting is stopped by whoever waits for it.
  await sandbox?.close()
  if (sandbox) process.exit(0)
}

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(signal as 'SIGTERM', () => void stop())
}

try {
  sandbox = await startSandbox({
    port: count('port'),
    components: choice('components', ['all', 'none']),
    seed: choice('seed', ['demo', 'empty']),
    ...userNames(),
    ...oidcIssuer(),
    without: some('without', addons),
    with: some('with', extras),
    vms: count('vms'),
    churn: count('churn'),
    ...guestChoice(),
    ...(values['rdp-server'] && { rdpServers: readRdpServers(values['rdp-server']) }),
    cacheDirectory: values.cache,
    log: say,
    onGuests: (readiness) => tell({ type: 'guests', ...readiness }),
  })
  if (stopping) {
    await sandbox.close()
    process.exit(0)
  }
  say(`Sandbox cluster: ${sandbox.url}`)
  tell({ type: 'ready', url: sandbox.url })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
