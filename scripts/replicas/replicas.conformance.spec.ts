/**
 * Two gateways behind a round-robin, before the sandbox: any of them answers anybody, and what was
 * open through one that dies or leaves comes back through the other by itself.
 */
import { once } from 'node:events'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'

import { createKubeClient } from '../../src/kube/client.ts'
import { virtualMachineKind } from '../../src/kube/kinds.ts'
import { createListWatch, type ListWatch, type ListWatchState } from '../../src/kube/list-watch.ts'
import type { Transport } from '../../src/kube/transport.ts'
import type { SpecSandbox } from '../../src/sandbox/spec-sandbox.ts'
import { startSpecSandbox } from '../../src/sandbox/spec-sandbox.ts'
import { startRoundRobin, type RoundRobin } from './round-robin.ts'
import { prepareReplicas, type Replica, type Replicas } from './start-replica.ts'

const drainSeconds = 2
/** Through a round-robin of two, half of them each. */
const lists = 6
const patience = { timeout: 30_000 }

let sandbox: SpecSandbox
let replicas: Replicas
let first: Replica
let second: Replica
let service: RoundRobin
let cookie: string
const following: ListWatch[] = []

beforeAll(async () => {
  sandbox = await startSpecSandbox({ seed: 'demo' })
})
afterAll(() => sandbox.close())

beforeEach(async () => {
  replicas = await prepareReplicas(sandbox.url, drainSeconds)
  ;[first, second] = await Promise.all([replicas.start(), replicas.start()])
  service = await startRoundRobin([first.port, second.port])
  cookie = await signIn(service.url)
})
afterEach(async () => {
  for (const list of following.splice(0)) list.stop()
  service.close()
  await replicas.close()
})

/** Each on a connection of its own, so that the next replica is asked. */
function ask(url: string, path: string, init: RequestInit = {}) {
  const headers = new Headers(init.headers)
  headers.set('connection', 'close')
  if (cookie) headers.set('cookie', cookie)
  return fetch(new URL(path, url), { ...init, headers })
}

async function signIn(url: string) {
  cookie = ''
  const response = await ask(url, '/api/console/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify({ token: 'sandbox-admin' }),
  })
  expect(response.status).toBe(200)
  return response.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')
}

const userAt = async (url: string) => {
  const response = await ask(url, '/api/console/session')
  return response.ok ? (await response.json()).user : response.status
}

function openSocket(path: string, protocol?: string) {
  const url = new URL(`/api/kubernetes${path}`, service.url)
  return new WebSocket(url.href.replace('http', 'ws'), protocol ? [protocol] : [], {
    headers: { cookie, origin: service.url },
  })
}

const transport: Transport = {
  fetch: (path, init) => ask(service.url, `/api/kubernetes${path}`, init),
  openSocket(path, protocol) {
    const socket = openSocket(path, protocol)
    socket.binaryType = 'arraybuffer'
    // A client that is cut before it is connected reports it; its close is what counts.
    socket.on('error', () => undefined)
    return socket as unknown as globalThis.WebSocket
  },
}
const client = createKubeClient(transport)

/** Keeps the names of the VMs, and each state there was. */
function follow() {
  const names = new Set<string>()
  const states: ListWatchState[] = []
  const list = createListWatch(
    client,
    virtualMachineKind,
    { namespace: 'demo' },
    {
      project: ({ metadata }) => metadata.name,
      onChanges(changes) {
        for (const change of changes) {
          if (change.type === 'put') names.add(change.item)
          else names.delete(change.key.split('/').at(-1) ?? '')
        }
      },
      onState: (state) => states.push(state),
    },
  )
  following.push(list)
  return {
    names,
    isLive: () => states.at(-1)?.status === 'complete' && states.at(-1)?.connection === 'live',
    states,
  }
}

function createVm(name: string) {
  return client.create(virtualMachineKind, 'demo', {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: { devices: {}, memory: { guest: '64Mi' } },
          volumes: [{ name: 'root', containerDisk: { image: 'quay.io/containerdisks/alpine' } }],
        },
      },
    },
  })
}

/** Connected to the screen of a running guest once the server has said which version it speaks. */
async function openScreen() {
  const socket = openSocket(
    '/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/web-1/vnc?preserveSession=true',
    'plain.kubevirt.io',
  )
  const closed = once(socket, 'close').then(([code]) => code as number)
  closed.catch(() => undefined)
  const [greeting] = await once(socket, 'message')
  return { greeting: String(greeting), closed }
}

/** Another screen takes over from the one before as soon as the cluster lets it. */
const openScreenAgain = () => vi.waitFor(openScreen, { ...patience, interval: 300 })

it('a session that one replica has begun is known to the other', async () => {
  expect(await Promise.all([userAt(first.url), userAt(second.url)])).toEqual([
    'sandbox-admin',
    'sandbox-admin',
  ])
})

describe('a replica that is killed', () => {
  it('takes nothing with it: lists go on, and a screen opens again', async () => {
    const followed = Array.from({ length: lists }, follow)
    await vi.waitFor(() => expect(followed.every(({ isLive }) => isLive())).toBe(true), patience)
    const screens = [await openScreen()]
    const start = performance.now()

    expect(await first.end('SIGKILL')).toBeNull()
    await createVm('made-meanwhile')
    await vi.waitFor(
      () =>
        expect(followed.map(({ names }) => names.has('made-meanwhile'))).toEqual(
          Array.from({ length: lists }, () => true),
        ),
      patience,
    )
    await vi.waitFor(() => expect(followed.every(({ isLive }) => isLive())).toBe(true), patience)
    // Not one of them failed: what was on the screen stayed.
    expect(
      followed.flatMap(({ states }) => states).filter(({ status }) => status === 'failed'),
    ).toEqual([])
    const wasCut = followed.filter(({ states }) =>
      states.some(({ connection }) => connection !== 'live'),
    )
    expect(wasCut.length).toBeGreaterThan(0)
    console.info(
      `Lists current again ${Math.round(performance.now() - start)} ms after the kill, ${wasCut.length} of ${lists} having been cut`,
    )

    // Of two replicas either had the screen; the one left is asked to let go of its own.
    await second.end('SIGKILL')
    service.add((await replicas.start()).port)
    expect(await screens[0]?.closed).toBe(1006)
    expect((await openScreenAgain()).greeting).toMatch(/^RFB 003/)
  })
})

describe('a replica that is asked to end', () => {
  it('says it isn’t ready, serves on meanwhile, and tells whoever is connected to come back', async () => {
    service.remove(second.port)
    const screen = await openScreen()
    const list = follow()
    await vi.waitFor(() => expect(list.isLive()).toBe(true), patience)
    service.add(second.port)
    const status = async (path: string) => (await ask(first.url, path)).status
    expect(await status('/readyz')).toBe(200)

    const ended = first.end('SIGTERM')
    await vi.waitFor(async () => expect(await status('/readyz')).toBe(503), patience)
    expect(await status('/healthz')).toBe(200)
    expect(await userAt(first.url)).toBe('sandbox-admin')
    service.remove(first.port)

    expect(await screen.closed).toBe(1012)
    expect(await ended).toBe(0)
    expect((await openScreenAgain()).greeting).toMatch(/^RFB 003/)
    await createVm('made-afterwards')
    await vi.waitFor(() => expect(list.names.has('made-afterwards')).toBe(true), patience)
    expect(list.isLive()).toBe(true)
  })
})
