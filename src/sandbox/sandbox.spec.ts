import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'

import { claimsOf } from './controllers/vm-controller.ts'
import { findCondition, hasCondition } from './kubevirt/conditions.ts'
import {
  keys,
  type Pod,
  type VirtualMachine,
  type VirtualMachineInstance,
} from './kubevirt/objects.ts'
import { startSandbox, type Sandbox } from './sandbox.ts'

const ADMIN = { authorization: 'Bearer sandbox-admin' }
const SUBRESOURCES = '/apis/subresources.kubevirt.io/v1/namespaces/demo'
const WAIT = { timeout: 30_000, interval: 20 }

let sandbox: Sandbox
let cacheDirectory: string
/** Stands in for the RDP port of `win-1`; says what it is. */
let rdpServer: Server
/** What bulk VMs looked like as seeded. */
let seeded: string[]

beforeAll(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'sandbox-spec-'))
  rdpServer = createServer((socket) => socket.end('RDP server')).listen(0, '127.0.0.1')
  await once(rdpServer, 'listening')
  const { port } = rdpServer.address() as AddressInfo
  sandbox = await startSandbox({
    port: 0,
    seed: 'demo',
    vms: 100,
    guests: 'simulated',
    rdpServers: new Map([['demo/win-1', { host: '127.0.0.1', port }]]),
    cacheDirectory,
    pace: 0.02,
    log: (line) => {
      if (line.includes('Error')) throw new Error(line)
    },
  })
  seeded = bulk().map(({ status }) => status?.printableStatus ?? '')
}, 60_000)

afterAll(async () => {
  await sandbox.close()
  rdpServer.close()
  await rm(cacheDirectory, { recursive: true })
})

function bulk(): VirtualMachine[] {
  const { store } = sandbox.server
  return store
    .list<VirtualMachine>(keys.vm)
    .filter(({ metadata }) => metadata.namespace?.startsWith('tenant-'))
}

function vm(name: string): VirtualMachine | undefined {
  return sandbox.server.store.get<VirtualMachine>(keys.vm, 'demo', name)
}

function vmi(name: string): VirtualMachineInstance | undefined {
  return sandbox.server.store.get<VirtualMachineInstance>(keys.vmi, 'demo', name)
}

async function untilStatus(name: string, status: string): Promise<void> {
  await vi.waitFor(() => expect(vm(name)?.status?.printableStatus).toBe(status), WAIT)
}

async function put(path: string, body?: object): Promise<{ code: number; text: string }> {
  const response = await fetch(`${sandbox.url}${SUBRESOURCES}/${path}`, {
    method: 'PUT',
    headers: { ...ADMIN, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { code: response.status, text: await response.text() }
}

async function get(path: string, token = 'sandbox-admin'): Promise<{ code: number; text: string }> {
  const response = await fetch(`${sandbox.url}${SUBRESOURCES}/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return { code: response.status, text: await response.text() }
}

describe('the seed', () => {
  it('comes to life as described', async () => {
    await untilStatus('web-1', 'Running')
    await untilStatus('db-1', 'Running')
    await untilStatus('win-1', 'Running')
    await untilStatus('cache-1', 'Paused')
    await untilStatus('batch-1', 'Stopped')
    await untilStatus('gpu-1', 'ErrorUnschedulable')
    await vi.waitFor(() => expect(vmi('probe')?.status?.phase).toBe('Running'), WAIT)
    await vi.waitFor(() => expect(vmi('win-1')?.status?.guestOSInfo).toBeDefined(), WAIT)
    expect(vmi('win-1')?.status?.guestOSInfo).toMatchObject({ id: 'mswindows' })
    expect(findCondition(vm('gpu-1')?.status?.conditions, 'PodScheduled')?.message).toMatch(
      /^0\/\d+ nodes are available: .*Insufficient nvidia\.com\/GA102GL_A10/,
    )
  })

  it('refers only to what exists', () => {
    const { store } = sandbox.server
    const missing: string[] = []
    for (const machine of store.list<VirtualMachine>(keys.vm)) {
      const { namespace = '' } = machine.metadata
      const { networks = [] } = machine.spec.template.spec
      for (const claim of claimsOf(machine.spec.template.spec)) {
        if (!store.get(keys.pvc, namespace, claim)) missing.push(`claim ${namespace}/${claim}`)
      }
      for (const { multus } of networks) {
        if (!multus) continue
        const [name, inNamespace = namespace] = multus.networkName.split('/').toReversed()
        if (!store.get(keys.nad, inNamespace, name!)) {
          missing.push(`network ${inNamespace}/${name}`)
        }
      }
    }
    for (const { metadata, spec } of store.list<Pod>(keys.pod)) {
      if (spec.nodeName && !store.get(keys.node, undefined, spec.nodeName)) {
        missing.push(`node ${spec.nodeName} of ${metadata.name}`)
      }
    }
    expect(missing).toEqual([])
  })

  it('lists bulk objects as they are stored, seeded and changed ones alike', async () => {
    const { store } = sandbox.server
    const { metadata } = bulk()[0]!
    store.update(keys.vm, metadata.namespace, metadata.name, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, changed: 'yes' }
    })
    for (const [key, path] of [
      [keys.vm, '/apis/kubevirt.io/v1/virtualmachines'],
      [keys.vmi, '/apis/kubevirt.io/v1/virtualmachineinstances'],
      [keys.pod, '/api/v1/pods'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const response = await fetch(`${sandbox.url}${path}`, { headers: ADMIN })
      // oxlint-disable-next-line no-await-in-loop
      const { items } = (await response.json()) as { items: VirtualMachine[] }
      const listed = items.filter((item) => item.metadata.namespace?.startsWith('tenant-'))
      expect(listed.length).toBeGreaterThan(80)
      for (const item of listed) {
        const stored = store.get(key, item.metadata.namespace, item.metadata.name)!
        expect({ ...item, kind: stored.kind, apiVersion: stored.apiVersion }).toEqual(stored)
      }
    }
  })

  it('gives bulk VMs a state that the controllers leave as it is', async () => {
    const { store } = sandbox.server
    expect(new Set(seeded)).toEqual(new Set(['Running', 'Paused', 'Stopped', 'ErrorUnschedulable']))
    for (const { metadata } of bulk()) {
      store.update(keys.vm, metadata.namespace, metadata.name, (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, touched: 'yes' }
      })
    }
    store.update<VirtualMachine>(keys.vm, 'demo', 'batch-1', ({ metadata }) => {
      metadata.annotations = { touched: 'yes' }
    })
    // The queue is in order: once this VM has been seen to, those before it have been.
    await put('virtualmachines/batch-1/start')
    await untilStatus('batch-1', 'Running')
    await put('virtualmachines/batch-1/stop')
    await untilStatus('batch-1', 'Stopped')
    expect(bulk().map(({ status }) => status?.printableStatus)).toEqual(seeded)
  })

  it('stops and starts a bulk VM as any other', async () => {
    const { store } = sandbox.server
    const one = bulk().find(({ status }) => status?.printableStatus === 'Running')!
    const { namespace, name } = one.metadata
    const before = store.get(keys.vmi, namespace, name)?.metadata.uid
    store.delete(keys.vmi, namespace, name)
    await vi.waitFor(() => {
      const now = store.get<VirtualMachineInstance>(keys.vmi, namespace, name)
      expect(now?.metadata.uid).not.toBe(before)
      expect(now?.status?.phase).toBe('Running')
    }, WAIT)
  })
})

describe('subresources', () => {
  it('refuse with KubeVirt’s words', async () => {
    await untilStatus('web-1', 'Running')
    const refused = async (path: string, body?: object): Promise<[number, string]> => {
      const { code, text } = await put(path, body)
      return [code, (JSON.parse(text) as { message: string }).message]
    }
    const conflict = (kind: string, name: string, why: string): [number, string] => [
      409,
      `Operation cannot be fulfilled on ${kind}.kubevirt.io "${name}": ${why}`,
    ]
    expect(await refused('virtualmachines/none/start')).toEqual([
      404,
      'virtualmachine.kubevirt.io "none" not found',
    ])
    expect(await refused('virtualmachines/web-1/start')).toEqual(
      conflict('virtualmachine', 'web-1', 'VM is already running'),
    )
    expect(await refused('virtualmachines/batch-1/stop')).toEqual(
      conflict('virtualmachine', 'batch-1', 'VM is not running'),
    )
    expect(await refused('virtualmachines/batch-1/restart')).toEqual(
      conflict(
        'virtualmachine',
        'batch-1',
        'RunStategy Halted does not support manual restart requests',
      ),
    )
    expect(await refused('virtualmachines/web-1/restart', { gracePeriodSeconds: 5 })).toEqual([
      400,
      'For force restart, only gracePeriod=0 is supported for now',
    ])
    expect(await refused('virtualmachineinstances/web-1/unpause')).toEqual(
      conflict('virtualmachineinstance', 'web-1', 'VMI is not paused'),
    )
    expect(await refused('virtualmachines/web-1/removevolume', { name: 'rootdisk' })).toEqual(
      conflict(
        'virtualmachine',
        'web-1',
        'Unable to remove volume [rootdisk] because it is not hotpluggable',
      ),
    )
  })

  it('answer failed reads with a bare 500 text', async () => {
    expect(await get('virtualmachineinstances/none/guestosinfo')).toEqual({
      code: 500,
      text: 'virtualmachineinstance.kubevirt.io "none" not found',
    })
  })

  it('authorize twice: 403 as Status first, then 401 as text', async () => {
    const path = 'virtualmachineinstances/web-1/vnc/screenshot'
    expect((await get(path, 'sandbox-view')).code).toBe(403)
    const second = await get(path, 'sandbox-edit')
    expect(second.code).toBe(401)
    expect(second.text).not.toContain('{')
    expect((await get(path)).code).toBe(200)
  })

  it('pause, resume, and move a running VM', async () => {
    await untilStatus('web-1', 'Running')
    expect(await put('virtualmachineinstances/web-1/pause')).toEqual({ code: 200, text: '' })
    await untilStatus('web-1', 'Paused')
    expect((await put('virtualmachineinstances/web-1/unpause')).code).toBe(200)
    await untilStatus('web-1', 'Running')
    const before = vmi('web-1')?.status?.nodeName
    expect(await put('virtualmachines/web-1/migrate')).toEqual({ code: 202, text: '' })
    await vi.waitFor(() => expect(vmi('web-1')?.status?.migrationState?.completed).toBe(true), WAIT)
    expect(vmi('web-1')?.status?.nodeName).not.toBe(before)
  })

  it('plug a claim into a running VM and out again', async () => {
    const added = await put('virtualmachines/web-1/addvolume', {
      name: 'extra',
      disk: { disk: { bus: 'scsi' } },
      volumeSource: { persistentVolumeClaim: { claimName: 'scratch' } },
    })
    expect(added).toEqual({ code: 202, text: '' })
    const status = () => vmi('web-1')?.status?.volumeStatus?.find(({ name }) => name === 'extra')
    await vi.waitFor(() => expect(status()?.phase).toBe('Ready'), WAIT)
    expect(hasCondition(vm('web-1')?.status?.conditions, 'RestartRequired')).toBe(false)
    await put('virtualmachines/web-1/removevolume', { name: 'extra' })
    await vi.waitFor(() => expect(status()).toBeUndefined(), WAIT)
  })

  it('move a volume of a running VM to another claim, and back before that is done', async () => {
    await untilStatus('web-1', 'Running')
    const { store } = sandbox.server
    const move = (claimName: string): void => {
      store.update<VirtualMachine>(keys.vm, 'demo', 'web-1', ({ spec }) => {
        spec['updateVolumesStrategy'] = 'Migration'
        for (const volume of spec.template.spec.volumes!)
          if (volume.name === 'extra') volume.persistentVolumeClaim!.claimName = claimName
      })
    }
    await put('virtualmachines/web-1/addvolume', {
      name: 'extra',
      disk: { disk: { bus: 'scsi' } },
      volumeSource: { persistentVolumeClaim: { claimName: 'scratch' } },
    })
    const status = () => vmi('web-1')?.status?.volumeStatus?.find(({ name }) => name === 'extra')
    const claim = () =>
      (status()?.persistentVolumeClaimInfo as { claimName?: string } | undefined)?.claimName
    const change = () => findCondition(vmi('web-1')?.status?.conditions, 'VolumesChange')
    await vi.waitFor(() => expect(status()?.phase).toBe('Ready'), WAIT)

    move('shared-media')
    await vi.waitFor(() => expect(change()).toMatchObject({ status: 'True' }), WAIT)
    expect(vmi('web-1')?.status).toMatchObject({
      migratedVolumes: [
        {
          volumeName: 'extra',
          sourcePVCInfo: { claimName: 'scratch' },
          destinationPVCInfo: { claimName: 'shared-media' },
        },
      ],
    })
    move('scratch')
    await vi.waitFor(
      () =>
        expect(change()).toMatchObject({ status: 'False', reason: 'VolumesChangeCancellation' }),
      WAIT,
    )

    move('shared-media')
    await vi.waitFor(() => expect(change()).toMatchObject({ status: 'True' }), WAIT)
    expect((await put('virtualmachines/web-1/migrate')).code).toBe(202)
    await vi.waitFor(() => expect([claim(), change()]).toEqual(['shared-media', undefined]), WAIT)
    expect(hasCondition(vm('web-1')?.status?.conditions, 'RestartRequired')).toBe(false)
    store.update<VirtualMachine>(keys.vm, 'demo', 'web-1', ({ spec }) => {
      Reflect.deleteProperty(spec, 'updateVolumesStrategy')
    })
    await put('virtualmachines/web-1/removevolume', { name: 'extra' })
    await vi.waitFor(() => expect(status()).toBeUndefined(), WAIT)
  })

  it('change the medium of a CD-ROM drive by its volume, and the drive stays', async () => {
    await untilStatus('web-1', 'Running')
    const { store } = sandbox.server
    const insert = (claimName?: string): void => {
      store.update<VirtualMachine>(keys.vm, 'demo', 'web-1', ({ spec: { template } }) => {
        const others = template.spec.volumes!.filter(({ name }) => name !== 'cdrom')
        template.spec.volumes = claimName
          ? [{ name: 'cdrom', persistentVolumeClaim: { claimName, hotpluggable: true } }, ...others]
          : others
      })
    }
    const status = () => vmi('web-1')?.status?.volumeStatus?.find(({ name }) => name === 'cdrom')
    const claim = () =>
      (status()?.persistentVolumeClaimInfo as { claimName?: string } | undefined)?.claimName
    const drives = () => vmi('web-1')?.spec.domain.devices.disks?.filter(({ cdrom }) => cdrom)
    expect(drives()).toEqual([{ name: 'cdrom', cdrom: { bus: 'sata' } }])

    insert('tools-iso')
    await vi.waitFor(() => expect(status()?.phase).toBe('Ready'), WAIT)
    insert('virtio-win-iso')
    await vi.waitFor(
      () => expect([claim(), status()?.phase]).toEqual(['virtio-win-iso', 'Ready']),
      WAIT,
    )
    insert()
    await vi.waitFor(() => expect(status()).toBeUndefined(), WAIT)
    expect(drives()).toEqual([{ name: 'cdrom', cdrom: { bus: 'sata' } }])
    expect(hasCondition(vm('web-1')?.status?.conditions, 'RestartRequired')).toBe(false)
  })
})

describe('streams', () => {
  function open(path: string): WebSocket {
    const url = `${sandbox.url.replace('http', 'ws')}${SUBRESOURCES}/${path}`
    return new WebSocket(url, 'plain.kubevirt.io', { headers: ADMIN })
  }

  async function opened(path: string): Promise<WebSocket> {
    const socket = open(path)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    expect(socket.protocol).toBe('plain.kubevirt.io')
    return socket
  }

  const closed = (socket: WebSocket): Promise<number> =>
    new Promise((resolve) => socket.once('close', resolve))

  it('let the newest viewer win and cut the old one without a close frame', async () => {
    await untilStatus('db-1', 'Running')
    const path = 'virtualmachineinstances/db-1/vnc'
    const first = await opened(path)
    const end = closed(first)
    const second = await opened(path)
    expect(await end).toBe(1006)
    const denied = open(`${path}?preserveSession=true`)
    const text = await new Promise<string>((resolve) => {
      denied.once('unexpected-response', (_request, response) => {
        expect(response.statusCode).toBe(500)
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () => resolve((JSON.parse(body) as { message: string }).message))
      })
    })
    expect(text).toMatch(/Active VNC connection\. Request denied\.$/)
    const gone = closed(second)
    second.close(1000)
    expect(await gone).toBe(1000)
    const third = await opened(`${path}?preserveSession=true`)
    third.terminate()
  })

  it('pass binary messages and drop text', async () => {
    const socket = await opened('virtualmachineinstances/db-1/console')
    let seen = ''
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      expect(isBinary).toBe(true)
      seen += data.toString()
    })
    socket.send('dropped\r')
    socket.send(Buffer.from('kept\r'))
    await vi.waitFor(() => expect(seen).toContain('kept'), WAIT)
    expect(seen).not.toContain('dropped')
    socket.terminate()
  })

  it('reach an RDP server that stands in for a guest’s port, and no other port of its', async () => {
    await untilStatus('win-1', 'Running')
    const path = 'virtualmachineinstances/win-1/portforward'
    const socket = open(`${path}/3389/tcp`)
    const [said] = (await once(socket, 'message')) as [Buffer]
    expect(said.toString()).toBe('RDP server')
    expect(vm('win-1')?.metadata.annotations).toMatchObject({
      'sandbox.kubevirt-console.io/rdp': expect.stringMatching(/^simulated: .* outside the guest$/),
    })
    const refused = open(`${path}/3390/tcp`)
    refused.on('error', () => undefined)
    const [, response] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage]
    expect(await text(response)).toContain('connect: connection refused')
  })

  it('bring nothing to the guest by empty messages', async () => {
    const socket = await opened('virtualmachineinstances/db-1/console')
    let seen = ''
    socket.on('message', (data: Buffer) => {
      seen += data.toString()
    })
    // Ends what the test before has typed: a password, which has no echo.
    socket.send(Buffer.from('\r'))
    await vi.waitFor(() => expect(seen).toMatch(/login: *$/), WAIT)
    socket.send(Buffer.from('em'))
    socket.send(Buffer.alloc(0))
    socket.send(Buffer.from('pty\r'))
    await vi.waitFor(() => expect(seen).toContain('empty'), WAIT)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.terminate()
  })

  it('end with the guest', async () => {
    const socket = await opened('virtualmachineinstances/db-1/console')
    const end = closed(socket)
    await put('virtualmachines/db-1/stop', { gracePeriod: 0 })
    expect(await end).toBe(1006)
    await vi.waitFor(() => expect(vmi('db-1')).toBeUndefined(), WAIT)
    const refused = open('virtualmachineinstances/db-1/console')
    const code = await new Promise((resolve) => {
      refused.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    })
    expect(code).toBe(404)
  })
})

it('leaves nothing behind', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-spec-'))
  const other = await startSandbox({
    port: 0,
    seed: 'empty',
    guests: 'simulated',
    cacheDirectory: directory,
    log: () => undefined,
  })
  await other.close()
  expect(await readdir(directory)).toEqual([])
  await rm(directory, { recursive: true })
  await expect(fetch(other.url)).rejects.toThrow('fetch failed')
})

describe('faults', () => {
  async function fault(change: object): Promise<number> {
    const response = await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: ADMIN,
      body: JSON.stringify(change),
    })
    return response.status
  }
  const version = () => fetch(`${sandbox.url}/version`, { headers: ADMIN })

  it('can be switched on and off', async () => {
    expect(await fault({ status: { code: 429, ratio: 1 } })).toBe(200)
    const answer = await version()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await fault({ status: null, expireTokens: true })).toBe(200)
    expect((await version()).status).toBe(401)
    expect(await fault({ expireTokens: false })).toBe(200)
    expect((await version()).status).toBe(200)
    expect(await fault({ gremlins: true })).toBe(400)
  })
})

it('starts without components what a bare cluster is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-spec-'))
  const bare = await startSandbox({
    port: 0,
    seed: 'demo',
    components: 'none',
    users: { admin: 'root', edit: 'ed', view: 'vi', none: 'no' },
    cacheDirectory: folder,
    log: () => undefined,
  })
  try {
    const vms = `${bare.url}/apis/kubevirt.io/v1/namespaces/lab/virtualmachines`
    const headers = { ...ADMIN, 'content-type': 'application/json' }
    const template = { spec: { domain: { devices: {} } } }
    const body = JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'a' },
      spec: { runStrategy: 'Always', template },
    })
    const created = await fetch(vms, { method: 'POST', headers, body })
    // No webhook adds to it, and no controller starts it.
    expect(await created.json()).toMatchObject({ spec: { runStrategy: 'Always', template } })
    expect(bare.server.store.list(keys.vmi)).toEqual([])
    const anonymous = await fetch(vms)
    expect(anonymous.status).toBe(403)
    expect(await anonymous.text()).toContain('system:anonymous')
    const refused = await fetch(vms, {
      method: 'POST',
      headers: { ...headers, authorization: 'Bearer sandbox-view' },
      body,
    })
    expect(await refused.text()).toContain(String.raw`User \"vi\" cannot create`)
  } finally {
    await bare.close()
    await rm(folder, { recursive: true })
  }
})
