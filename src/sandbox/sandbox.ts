/** The whole sandbox: API server, admission, controllers, guests and seed, on one loopback port. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { ResourceKey, Store, User } from './api/cluster.ts'
import type { OidcIssuer } from './api/oidc-tokens.ts'
import type { PodLogs } from './api/pod-logs.ts'
import { createApiServer, type ApiServer } from './api/server.ts'
import { followUploadProxy, startUploadProxy, type UploadProxy } from './cdi/upload-proxy.ts'
import { createUploadTokens } from './cdi/upload-token.ts'
import { setKubelet } from './controllers/node-health.ts'
import { startControllers, startKubernetesControllers } from './controllers/start-controllers.ts'
import { createFaults, type FaultChange, type Faults } from './faults.ts'
import { createGuestHost } from './guests/guest-host.ts'
import type { GuestReadiness } from './guests/guest.ts'
import type { RdpServers } from './guests/rdp-servers.ts'
import { isThere, type Addon, type Extra } from './kinds/addons.ts'
import { customResourceDefinitions, models, resourceDefinitions } from './kinds/all-definitions.ts'
import { defaultRoles } from './kinds/default-roles.ts'
import type { ResourceDefinition } from './kinds/resource-definition.ts'
import { registerAdmission } from './kubevirt/admission/register-admission.ts'
import { registerUploadApi } from './kubevirt/cdi-upload-api.ts'
import { containerLogs } from './kubevirt/container-logs.ts'
import { registerMetricsApi } from './kubevirt/metrics-api.ts'
import { registerTemplateApi } from './kubevirt/template-api.ts'
import { registerSubresources } from './kubevirt/virt-api.ts'
import { registerProcessedTemplates } from './openshift/processed-templates.ts'
import { startChurn } from './seed/churn.ts'
import { seedBulk } from './seed/seed-bulk.ts'
import { seedBareCluster, seedCluster } from './seed/seed-cluster.ts'
import { seedDemo } from './seed/seed-demo.ts'
import { seedOpenshiftTemplates } from './seed/seed-openshift.ts'

export interface SandboxOptions {
  /** 0 takes any free port. */
  port: number
  /**
   * `none` is a cluster with KubeVirt's and CDI's definitions but without their components, and
   * without nodes: an API server and kube-controller-manager, to be compared with real ones. A
   * request without a token is anonymous there.
   */
  components?: 'all' | 'none'
  users?: UserNames
  /** Whose tokens the cluster trusts besides those of its four users. */
  oidc?: OidcIssuer
  /** What the cluster lacks of what most have. */
  without?: readonly Addon[]
  /** What it has that few have. */
  with?: readonly Extra[]
  /** `empty` has the cluster's own objects only. */
  seed: 'demo' | 'empty'
  /** Further VMs, without guests of their own. */
  vms?: number
  /** Changes a second among these. */
  churn?: number
  guests?: 'auto' | 'simulated'
  /** With `auto`: names of the only VMIs whose guests are real, which spares a small machine the others. */
  realGuests?: readonly string[]
  /** Stand in for the RDP port of the guests they name. */
  rdpServers?: RdpServers
  /** Where QEMU and guest images are kept between runs; disks of this run are below it too. */
  cacheDirectory: string
  /** Multiplies every imitated duration, such as the time an import takes; 1 unless told. */
  pace?: number
  log: (line: string) => void
  onGuests?: (readiness: GuestReadiness) => void
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  url: string
  server: ApiServer
  faults: Faults
  /** Ends guests, streams and the server, and removes this run's files. */
  close(): Promise<void>
}

/** The users behind the tokens `sandbox-admin`, `sandbox-edit`, `sandbox-view`, `sandbox-none`. */
export interface UserNames {
  admin: string
  edit: string
  view: string
  none: string
}

/** Each is its token. */
const USER_NAMES: UserNames = {
  admin: 'sandbox-admin',
  edit: 'sandbox-edit',
  view: 'sandbox-view',
  none: 'sandbox-none',
}

const DISK_FOLDER = 'disks-'
const FAULTS_PATH = '/sandbox/faults'

/** Rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const log = options.log
  const bare = options.components === 'none'
  const isServed = isThere(options.without ?? [], options.with ?? [])
  const hasCdi = !options.without?.includes('cdi')
  const diskDirectory = await makeDiskDirectory(options.cacheDirectory)
  const guests = createGuestHost({
    cacheDirectory: options.cacheDirectory,
    mode: bare ? 'simulated' : (options.guests ?? 'auto'),
    ...(options.realGuests && { only: options.realGuests }),
    log,
  })
  if (options.onGuests) {
    options.onGuests(guests.readiness)
    guests.subscribe(options.onGuests)
  }
  const users = options.users ?? USER_NAMES
  const admin: User = { name: users.admin, groups: ['system:masters'] }
  let readLogs: PodLogs | undefined
  let uploadProxy: (() => Promise<UploadProxy>) | undefined
  const server = createApiServer({
    definitions: resourceDefinitions,
    isServed,
    models,
    tokens: {
      'sandbox-admin': admin,
      'sandbox-edit': { name: users.edit, groups: [] },
      'sandbox-view': { name: users.view, groups: [] },
      'sandbox-none': { name: users.none, groups: [] },
    },
    ...(options.oidc && { oidc: options.oidc }),
    // kubectl sends no token to a server without TLS.
    ...(bare ? {} : { withoutToken: admin }),
    podLogs: (...request) => {
      if (!readLogs) throw new Error('the sandbox is still starting')
      return readLogs(...request)
    },
  })
  /** What to end, in this order. */
  const closers: (() => void)[] = []
  const controllerOptions = {
    cluster: server,
    guests,
    diskDirectory,
    pace: options.pace ?? 1,
    log,
  }
  seedDefinitions(server.store, users, isServed)
  if (bare) {
    seedBareCluster(server.store)
    const controllers = startKubernetesControllers(controllerOptions)
    closers.push(() => controllers.close())
    readLogs = () => Promise.reject(new Error('no node runs containers'))
  } else {
    seed(server.store, options)
    registerAdmission(server)
    const controllers = startControllers(controllerOptions)
    const streams = registerSubresources(
      server,
      controllers.runner,
      options.rdpServers ?? new Map(),
    )
    if (hasCdi) {
      const tokens = createUploadTokens()
      registerUploadApi(server, tokens)
      uploadProxy = () => startUploadProxy(server.store, tokens, controllers.uploads)
    }
    registerTemplateApi(server)
    if (options.with?.includes('openshift-templates')) registerProcessedTemplates(server)
    closers.push(registerMetricsApi(server, controllers.runner, controllerOptions.pace))
    closers.push(() => streams.close())
    readLogs = containerLogs(server, controllers.runner, (action) => closers.push(action))
    if (options.churn) closers.push(startChurn(server.store, options.churn))
    closers.push(() => controllers.close())
  }

  // As kube-apiserver does: with Node's 5 s the gateway may send on a connection that is just being closed.
  // https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apiserver/pkg/server/secure_serving.go
  const http = createServer({ keepAliveTimeout: 90_000 })
  const faults = createFaults(http, {
    compact: () => server.compact(),
    setKubelet: (node, isRunning) => setKubelet(server.store, node, isRunning),
  })
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isTrusted(request)) {
      response.writeHead(403).end('This server is for programs on this machine, not for web pages.')
    } else if (request.url?.split('?')[0] === FAULTS_PATH) {
      answerFaults(request, response, faults).catch(() => response.destroy())
    } else {
      faults.handle(request, response, () => server.handle(request, response))
    }
  })
  http.on('upgrade', (request, socket, head: Buffer) => {
    if (isTrusted(request)) {
      faults.upgrade(request, socket, () => server.upgrade(request, socket, head))
    } else {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    }
  })

  const close = async (): Promise<void> => {
    for (const action of closers) action()
    await guests.close()
    server.close()
    faults.close()
    await new Promise<void>((resolve) => http.close(() => resolve()))
    await rm(diskDirectory, { recursive: true, force: true })
  }
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject)
      http.listen(options.port, '127.0.0.1', resolve)
    })
    if (uploadProxy) closers.push(followUploadProxy(server.store, await uploadProxy()))
  } catch (error) {
    await close()
    throw error
  }
  const { port } = http.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, server, faults, close }
}

/**
 * Without a token one is admin, so such requests must not come from a web page: neither from
 * another origin, nor by a name that somebody pointed at this machine.
 */
function isTrusted({ headers }: IncomingMessage): boolean {
  if (headers.authorization !== undefined) return true
  const protocols = headers['sec-websocket-protocol'] ?? ''
  if (protocols.includes('base64url.bearer.authorization.k8s.io.')) return true
  const host = (headers.host ?? '').replace(/:\d+$/, '')
  return headers.origin === undefined && ['127.0.0.1', 'localhost'].includes(host)
}

function seedDefinitions(
  store: Store,
  users: UserNames,
  isServed: (kind: ResourceDefinition) => boolean,
): void {
  const crds: ResourceKey = 'apiextensions.k8s.io/customresourcedefinitions'
  const found = resourceDefinitions.filter(isServed)
  for (const definition of customResourceDefinitions(found, new Date())) {
    store.create(crds, definition)
  }
  for (const { key, object } of defaultRoles(users)) store.create(key, object)
}

function seed(store: Store, options: SandboxOptions): void {
  seedCluster(store, options.without)
  if (options.with?.includes('openshift-templates')) seedOpenshiftTemplates(store)
  if (options.seed === 'demo') seedDemo(store, options)
  if (options.vms) {
    const started = performance.now()
    seedBulk(store, options.vms)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    options.log(`Seeded ${options.vms} further VMs in ${seconds} s`)
  }
}

/** Disk files live as long as the sandbox; what a killed one left is removed by the next. */
async function makeDiskDirectory(cacheDirectory: string): Promise<string> {
  await mkdir(cacheDirectory, { recursive: true })
  for (const name of await readdir(cacheDirectory)) {
    const pid = new RegExp(`^${DISK_FOLDER}(\\d+)-`).exec(name)?.[1]
    if (!pid || isRunning(Number(pid))) continue
    // One after the other: there is hardly ever more than one.
    // oxlint-disable-next-line no-await-in-loop
    await rm(join(cacheDirectory, name), { recursive: true, force: true })
  }
  return mkdtemp(join(cacheDirectory, `${DISK_FOLDER}${process.pid}-`))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** `GET` and `POST /sandbox/faults`, for the sandbox's admin only. Works while faults are on. */
async function answerFaults(
  request: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  const answer = (code: number, body: object): void => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (request.headers.authorization !== 'Bearer sandbox-admin') {
    answer(403, { message: 'Faults are for sandbox-admin.' })
    return
  }
  if (request.method === 'GET') {
    answer(200, faults.state)
    return
  }
  if (request.method !== 'POST') {
    answer(405, { message: 'GET or POST' })
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  try {
    const change = JSON.parse(Buffer.concat(chunks).toString('utf8')) as FaultChange
    faults.apply(change)
    answer(200, faults.state)
  } catch (error) {
    answer(400, { message: error instanceof Error ? error.message : String(error) })
  }
}
