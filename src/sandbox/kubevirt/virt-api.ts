/**
 * `subresources.kubevirt.io`: what virt-api serves behind the API server.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/api.go
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import { ApiError, type AggregatedRequest, type Cluster } from '../api/cluster.ts'
import { badRequest, pageNotFound } from '../api/failures.ts'
import type { GuestRunner } from '../controllers/guest-runner.ts'
import { ProfileNotFound, withProfileApplied } from '../controllers/instancetype.ts'
import type { RdpServers } from '../guests/rdp-servers.ts'
import type { VirtualMachine } from './objects.ts'
import { createStreams, mustHaveDisplay, vmiOfVm, type Streams } from './streams.ts'
import { asPlainText, bodyOf, getVm, getVmi } from './virt-api-errors.ts'
import {
  addVolume,
  memoryDump,
  migrateVm,
  removeMemoryDump,
  removeVolume,
  restartVm,
  startVm,
  stopVm,
} from './vm-actions.ts'
import {
  cancelEvacuation,
  freezeVmi,
  guestRead,
  pauseVmi,
  resetVmi,
  softRebootVmi,
  unfreezeVmi,
  unpauseVmi,
} from './vmi-actions.ts'

const GROUP = 'subresources.kubevirt.io'

/** Discovery leaves some out: memorydump, usbredir, vsock, and the VM's volumes and port-forward. */
const DISCOVERED = [
  'expand-vm-spec',
  'virtualmachineinstances/vnc',
  'virtualmachineinstances/vnc/screenshot',
  'virtualmachineinstances/console',
  'virtualmachineinstances/portforward',
  'virtualmachineinstances/backup',
  'virtualmachineinstances/redefine-checkpoint',
  'virtualmachineinstances/pause',
  'virtualmachineinstances/unpause',
  'virtualmachineinstances/freeze',
  'virtualmachineinstances/unfreeze',
  'virtualmachineinstances/reset',
  'virtualmachineinstances/softreboot',
  'virtualmachines/start',
  'virtualmachines/stop',
  'virtualmachines/restart',
  'virtualmachines/migrate',
  'virtualmachines/expand-spec',
  'virtualmachines/objectgraph',
  'virtualmachines/evacuate/cancel',
  'virtualmachineinstances/guestosinfo',
  'virtualmachineinstances/userlist',
  'virtualmachineinstances/filesystemlist',
  'virtualmachineinstances/addvolume',
  'virtualmachineinstances/removevolume',
  'virtualmachineinstances/objectgraph',
  'virtualmachineinstances/sev/fetchcertchain',
  'virtualmachineinstances/sev/querylaunchmeasurement',
  'virtualmachineinstances/sev/setupsession',
  'virtualmachineinstances/sev/injectlaunchsecret',
  'virtualmachineinstances/evacuate/cancel',
]

interface Target {
  namespace: string
  resource: string
  name: string
  subresource: string
  rest: string[]
}

type Handler = (
  request: AggregatedRequest,
  target: Target,
  response: ServerResponse,
) => Promise<void>

/** Registers the group. Returns what cuts its streams. */
export function registerSubresources(
  cluster: Cluster,
  runner: GuestRunner,
  rdpServers: RdpServers,
): Streams {
  const { store } = cluster
  const streams = createStreams(store, runner, rdpServers)
  const handlers = createHandlers(cluster, runner)
  cluster.aggregate({
    group: GROUP,
    versions: ['v1', 'v1alpha3'],
    resources: DISCOVERED.map((name) => ({ name, namespaced: true })),
    async handle(request, response) {
      if (serveOpen(request, response)) return
      const target = targetOf(request)
      authorize(cluster, request, target)
      const handler =
        handlers[`${request.method} ${target.resource}/${target.subresource}`] ??
        handlers[`${request.method} ${target.resource}`]
      if (!handler) throw pageNotFound()
      await handler(request, target, response)
    },
    async upgrade(request, socket, head) {
      const target = targetOf(request)
      authorize(cluster, request, target)
      await openStream(request, target, socket, head)
    },
  })
  return streams

  async function openStream(
    request: AggregatedRequest,
    { namespace, resource, name, subresource, rest }: Target,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const isVmi = resource === 'virtualmachineinstances'
    if (isVmi && subresource === 'console') {
      await streams.console(request, socket, head, namespace, name)
    } else if (isVmi && subresource === 'vnc') {
      await streams.vnc(request, socket, head, namespace, name)
    } else if (subresource === 'portforward') {
      const vmi = isVmi ? getVmi(store, namespace, name) : vmiOfVm(store, namespace, name)
      await streams.portForward(request, socket, head, vmi, rest[0], rest[1])
    } else if (isVmi && subresource === 'usbredir') {
      if (!getVmi(store, namespace, name).spec.domain.devices.clientPassthrough) {
        throw new ApiError(409, 'Not configured with USB Redirection', { reason: 'Conflict' })
      }
      throw badRequest('The sandbox has no USB devices to redirect.')
    } else if (isVmi && subresource === 'vsock') {
      throw badRequest('VSOCK is not attached.')
    } else {
      throw pageNotFound()
    }
  }
}

/** Paths that need no right: version and health. */
function serveOpen(request: AggregatedRequest, response: ServerResponse): boolean {
  const [path] = request.segments
  if (request.segments.length !== 1) return false
  if (path === 'version') {
    json(response, 200, {
      gitVersion: 'v1.9.0',
      gitCommit: '',
      gitTreeState: 'clean',
      buildDate: '2026-07-27T00:00:00Z',
      goVersion: 'go1.25.0',
      compiler: 'gc',
      platform: 'linux/amd64',
    })
    return true
  }
  if (path === 'healthz') {
    json(response, 200, { apiserver: { connectivity: 'ok' } })
    return true
  }
  if (path === 'guestfs') {
    json(response, 200, { registry: 'registry.example/kubevirt', tag: 'v1.9.0' })
    return true
  }
  return false
}

/** `namespaces/NS/RESOURCE[/NAME/SUB…]`. Throws 404 for anything else. */
function targetOf({ segments }: AggregatedRequest): Target {
  const [word, namespace, resource, name = '', ...path] = segments
  if (word !== 'namespaces' || !namespace || !resource) throw pageNotFound()
  if (path[0] === 'portforward') {
    return { namespace, resource, name, subresource: 'portforward', rest: path.slice(1) }
  }
  return { namespace, resource, name, subresource: path.join('/'), rest: [] }
}

/** virt-api's own review, with the whole path as subresource; denied is a 401 in plain text. */
function authorize(cluster: Cluster, request: AggregatedRequest, target: Target): void {
  const verb = request.method === 'PUT' ? 'update' : request.method === 'POST' ? 'create' : 'get'
  const allowed = cluster.allowed(request.user, {
    verb,
    group: GROUP,
    resource: target.resource,
    namespace: target.namespace,
    ...(target.subresource ? { subresource: target.subresource } : {}),
    ...(target.name ? { name: target.name } : {}),
  })
  if (allowed) return
  throw new ApiError(
    401,
    `User "${request.user.name}" cannot ${verb} resource "${target.resource}/${target.subresource}" in API group "${GROUP}" in the namespace "${target.namespace}"`,
    { plainText: true },
  )
}

function json(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function createHandlers(cluster: Cluster, runner: GuestRunner): Record<string, Handler> {
  const { store } = cluster
  const VM = 'PUT virtualmachines/'
  const VMI = 'PUT virtualmachineinstances/'

  /** An action that answers with an empty body. */
  function action<Options extends object>(
    code: 200 | 202,
    run: (target: Target, options: Partial<Options>) => void | Promise<void>,
  ): Handler {
    return async (request, target, response) => {
      const options = await bodyOf<Options>(() => request.body())
      await run(target, options)
      response.writeHead(code).end()
    }
  }

  /** A read whose every failure is a 500 in plain text. */
  function read(run: (target: Target) => Promise<object>): Handler {
    return async (_request, target, response) => {
      try {
        json(response, 200, await run(target))
      } catch (error) {
        throw asPlainText(error)
      }
    }
  }

  const guestReads = Object.fromEntries(
    (['guestosinfo', 'userlist', 'filesystemlist'] as const).map((what) => [
      `GET virtualmachineinstances/${what}`,
      read(({ namespace, name }) => guestRead(store, runner, namespace, name, what)),
    ]),
  )

  return {
    [`${VM}start`]: action<{ paused: boolean }>(202, (t, o) =>
      startVm(store, t.namespace, t.name, o),
    ),
    [`${VM}stop`]: action<{ gracePeriod: number }>(202, (t, o) =>
      stopVm(store, t.namespace, t.name, o),
    ),
    [`${VM}restart`]: action<{ gracePeriodSeconds: number }>(202, (t, o) =>
      restartVm(store, t.namespace, t.name, o),
    ),
    [`${VM}migrate`]: action(202, (t, o) => migrateVm(store, t.namespace, t.name, o)),
    [`${VM}addvolume`]: action(202, (t, o) => addVolume(store, 'vm', t.namespace, t.name, o)),
    [`${VM}removevolume`]: action(202, (t, o) => removeVolume(store, 'vm', t.namespace, t.name, o)),
    [`${VM}memorydump`]: action(202, (t, o) => memoryDump(store, t.namespace, t.name, o)),
    [`${VM}removememorydump`]: action(202, (t) => removeMemoryDump(store, t.namespace, t.name)),
    [`${VM}evacuate/cancel`]: action(200, (t, o) => {
      vmiOfVm(store, t.namespace, t.name)
      cancelEvacuation(store, t.namespace, t.name, o)
    }),
    'GET virtualmachines/expand-spec': async (_request, { namespace, name }, response) => {
      json(response, 200, expand(getVm(store, namespace, name)))
    },
    'PUT expand-vm-spec': async (request, { namespace }, response) => {
      const vm = (await request.body()) as VirtualMachine | undefined
      if (!vm?.spec?.template) throw badRequest('Object is not a valid VirtualMachine')
      if (vm.metadata?.namespace && vm.metadata.namespace !== namespace) {
        throw badRequest(
          `VM namespace must be empty or ${namespace}, but it is ${vm.metadata.namespace}`,
        )
      }
      json(response, 200, expand({ ...vm, metadata: { ...vm.metadata, namespace } }))
    },
    [`${VMI}pause`]: action(200, (t, o) => pauseVmi(store, runner, t.namespace, t.name, o)),
    [`${VMI}unpause`]: action(200, (t, o) => unpauseVmi(store, runner, t.namespace, t.name, o)),
    [`${VMI}reset`]: action(200, (t) => resetVmi(store, runner, t.namespace, t.name)),
    [`${VMI}softreboot`]: action(200, (t) => softRebootVmi(store, runner, t.namespace, t.name)),
    [`${VMI}freeze`]: action(200, (t, o) => freezeVmi(store, t.namespace, t.name, o)),
    [`${VMI}unfreeze`]: action(200, (t) => unfreezeVmi(store, t.namespace, t.name)),
    [`${VMI}addvolume`]: action(202, (t, o) => addVolume(store, 'vmi', t.namespace, t.name, o)),
    [`${VMI}removevolume`]: action(202, (t, o) =>
      removeVolume(store, 'vmi', t.namespace, t.name, o),
    ),
    [`${VMI}evacuate/cancel`]: action(200, (t, o) =>
      cancelEvacuation(store, t.namespace, t.name, o),
    ),
    ...guestReads,
    'GET virtualmachineinstances/vnc/screenshot': async (_request, target, response) => {
      let picture: Buffer
      try {
        const vmi = getVmi(store, target.namespace, target.name)
        mustHaveDisplay(vmi)
        picture = await (await runner.guestOf(vmi)).screenshot()
      } catch (error) {
        throw asPlainText(error)
      }
      response.writeHead(200, { 'content-type': 'image/png' }).end(picture)
    },
    ...streamsWithoutUpgrade(),
    'GET virtualmachines/objectgraph': gateOff,
    'GET virtualmachineinstances/objectgraph': gateOff,
  }

  function expand(vm: VirtualMachine): VirtualMachine {
    try {
      return withProfileApplied(store, vm)
    } catch (error) {
      if (!(error instanceof ProfileNotFound)) throw error
      throw new ApiError(400, error.message, {
        reason: 'BadRequest',
        details: { causes: [{ message: error.message }] },
      })
    }
  }
}

const gateOff: Handler = async () => {
  throw badRequest("'ObjectGraph' feature gate is not enabled")
}

/** A plain GET on a stream fails its upgrade, with the text of the WebSocket library. */
function streamsWithoutUpgrade(): Record<string, Handler> {
  const refuse: Handler = async () => {
    throw badRequest(
      "websocket: the client is not using the websocket protocol: 'upgrade' token not found in 'Connection' header",
    )
  }
  return Object.fromEntries(
    [
      'virtualmachineinstances/console',
      'virtualmachineinstances/vnc',
      'virtualmachineinstances/portforward',
      'virtualmachines/portforward',
    ].map((path) => [`GET ${path}`, refuse]),
  )
}
