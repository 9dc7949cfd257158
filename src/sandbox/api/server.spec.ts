import { type Server, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { ApiError } from './cluster.ts'
import { exampleDefinitions } from './example-definitions.ts'
import type { JsonObject } from './json-values.ts'
import { type ApiServer, createApiServer } from './server.ts'

let api: ApiServer
let http: Server
let base = ''

beforeAll(async () => {
  http = createServer((request, response) => api.handle(request, response))
  http.on('upgrade', (request, socket, head: Buffer) => api.upgrade(request, socket, head))
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  base = `127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterAll(() => {
  api.close()
  http.close()
  http.closeAllConnections()
})
beforeEach(() => {
  api = createApiServer({
    definitions: exampleDefinitions,
    models: {},
    tokens: {
      root: { name: 'admin', groups: ['system:masters'] },
      nobody: { name: 'nobody', groups: [] },
    },
  })
  api.store.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } })
})

const WIDGETS = '/apis/example.com/v1/namespaces/a/widgets'
const widget = (name: string, spec: JsonObject = { mode: 'Always' }) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
})

async function call(
  method: string,
  path: string,
  body?: unknown,
  { token = 'root', type = 'application/json', accept = 'application/json' } = {},
) {
  const response = await fetch(`http://${base}${path}`, {
    method,
    headers: {
      accept,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    // Each expectation names what it reads of the answer.
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, never> & {
      message: string
      metadata: { resourceVersion: string; generation: number; continue: string }
      spec: JsonObject
    },
  }
}
const patch = (path: string, body: unknown, kind = 'merge-patch+json') =>
  call('PATCH', path, body, { type: `application/${kind}` })

test('who is not known gets 401, who may not 403 with the exact text', async () => {
  expect((await call('GET', WIDGETS, undefined, { token: 'wrong' })).status).toBe(401)
  const denied = await call('GET', WIDGETS, undefined, { token: 'nobody' })
  expect(denied.json.message).toBe(
    'widgets.example.com is forbidden: User "nobody" cannot list resource "widgets" in API group "example.com" in the namespace "a"',
  )
  expect((await call('GET', WIDGETS, undefined, { token: '' })).json.message).toContain(
    'User "system:anonymous"',
  )
})

test('a custom resource is pruned, completed, validated and warned about', async () => {
  const created = await call('POST', WIDGETS, widget('w', { mode: 'Always', unknown: 1 }))
  expect(created.status).toBe(201)
  expect(created.headers.get('warning')).toBe(String.raw`299 - "unknown field \"spec.unknown\""`)
  expect(created.json.spec).toEqual({ mode: 'Always', replicas: 1 })
  const refused = await call('POST', WIDGETS, widget('x', { mode: 'Odd', replicas: 11 }))
  expect(refused.status).toBe(422)
  expect(refused.json).toMatchObject({
    reason: 'Invalid',
    details: {
      causes: [
        { field: 'spec.mode', reason: 'FieldValueNotSupported' },
        { field: 'spec.replicas', reason: 'FieldValueInvalid' },
        { field: '<nil>' },
      ],
    },
  })
  const strict = await call(
    'POST',
    `${WIDGETS}?fieldValidation=Strict`,
    widget('y', { mode: 'Always', z: 1 }),
  )
  expect(strict.json.message).toContain('strict decoding error: unknown field "spec.z"')
})

test('an update needs the latest version, and one without effect keeps it', async () => {
  const { json: first } = await call('POST', WIDGETS, widget('w'))
  const changed = { ...first, spec: { mode: 'Halted', replicas: 1 } }
  const { json: second } = await call('PUT', `${WIDGETS}/w`, changed)
  expect(second.metadata.generation).toBe(2)
  expect((await call('PUT', `${WIDGETS}/w`, changed)).status).toBe(409)
  const { json: same } = await patch(`${WIDGETS}/w`, { spec: { mode: 'Halted' } })
  expect(same.metadata.resourceVersion).toBe(second.metadata.resourceVersion)
})

test('status is written by its subresource only', async () => {
  await call('POST', WIDGETS, widget('w'))
  const main = await patch(`${WIDGETS}/w`, { status: { ready: true } })
  expect(main.json).not.toHaveProperty('status')
  const own = await patch(`${WIDGETS}/w/status`, {
    status: { ready: true },
    spec: { mode: 'Halted' },
  })
  expect(own.json).toMatchObject({
    status: { ready: true },
    spec: { mode: 'Always' },
    metadata: { generation: 1 },
  })
  const scaled = await patch(`${WIDGETS}/w/scale`, { spec: { replicas: 3 } })
  expect(scaled.json).toMatchObject({ kind: 'Scale', spec: { replicas: 3 } })
})

test('patch types by kind', async () => {
  await call('POST', WIDGETS, widget('w'))
  expect((await patch(`${WIDGETS}/w`, {}, 'strategic-merge-patch+json')).json.message).toBe(
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  )
  const applied = await patch(
    `${WIDGETS}/new?fieldManager=me`,
    'apiVersion: example.com/v1\nkind: Widget\nspec: {mode: Halted}\n',
    'apply-patch+yaml',
  )
  expect(applied.status).toBe(201)
  expect(applied.json.metadata).toMatchObject({
    name: 'new',
    managedFields: [{ manager: 'me', operation: 'Apply' }],
  })
})

test('dry run stores nothing', async () => {
  expect((await call('POST', `${WIDGETS}?dryRun=All`, widget('w'))).status).toBe(201)
  expect((await call('GET', `${WIDGETS}/w`)).status).toBe(404)
  await call('POST', WIDGETS, widget('w'))
  await call('DELETE', `${WIDGETS}/w?dryRun=All`)
  expect((await call('GET', `${WIDGETS}/w`)).status).toBe(200)
})

test('finalizers keep an object, and preconditions guard it', async () => {
  await call('POST', WIDGETS, {
    ...widget('w'),
    metadata: { name: 'w', finalizers: ['example.com/f'] },
  })
  expect((await call('DELETE', `${WIDGETS}/w`, { preconditions: { uid: 'other' } })).status).toBe(
    409,
  )
  const deleted = await call('DELETE', `${WIDGETS}/w`)
  expect(deleted.json).toMatchObject({
    kind: 'Widget',
    metadata: { generation: 2, deletionGracePeriodSeconds: 0 },
  })
  expect((await call('POST', WIDGETS, widget('w'))).json.message).toBe(
    'object is being deleted: widgets.example.com "w" already exists',
  )
  await patch(`${WIDGETS}/w`, { metadata: { finalizers: null } })
  expect((await call('GET', `${WIDGETS}/w`)).status).toBe(404)
})

test('pages are of one moment, whatever happens in between', async () => {
  for (const name of ['a', 'b', 'c', 'd'])
    api.store.create('example.com/widgets', { ...widget(name), metadata: { name, namespace: 'a' } })
  const { json: first } = await call('GET', `${WIDGETS}?limit=2`)
  expect(first.metadata).toMatchObject({ remainingItemCount: 2 })
  api.store.delete('example.com/widgets', 'a', 'd')
  const next = `${WIDGETS}?limit=2&continue=${first.metadata.continue}`
  const { json: second } = await call('GET', next)
  expect(second).toMatchObject({
    metadata: { resourceVersion: first.metadata.resourceVersion },
    items: [{ metadata: { name: 'c' } }, { metadata: { name: 'd' } }],
  })
  api.compact()
  const gone = await call('GET', next)
  expect(gone.status).toBe(410)
  expect(gone.json.metadata.continue).not.toBe('')
})

test('Table and PartialObjectMetadata', async () => {
  await call('POST', WIDGETS, widget('w'))
  const as = (kind: string) => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io` })
  expect((await call('GET', WIDGETS, undefined, as('Table'))).json).toMatchObject({
    kind: 'Table',
    columnDefinitions: [{ name: 'Name' }, { name: 'Age' }],
    rows: [{ cells: ['w', '0s'], object: { kind: 'PartialObjectMetadata' } }],
  })
  const partial = await call('GET', `${WIDGETS}/w`, undefined, as('PartialObjectMetadata'))
  expect(partial.json).not.toHaveProperty('spec')
  expect((await call('GET', WIDGETS, undefined, as('PartialObjectMetadata'))).status).toBe(406)
})

test('admission hooks change, warn and refuse, and see the user', async () => {
  api.admit(['example.com/widgets'], {
    mutate(request) {
      const { object, user } = request
      object['spec'] = { ...(object['spec'] as object), colour: 'red' }
      request.warn(`hello ${user.name}`)
    },
    validate({ object, operation }) {
      if (object.metadata.name === 'bad')
        throw new ApiError(422, `no ${operation}`, { reason: 'Invalid' })
    },
  })
  const created = await call('POST', WIDGETS, widget('w'))
  expect(created.json.spec).toMatchObject({ colour: 'red' })
  expect(created.headers.get('warning')).toBe('299 - "hello admin"')
  expect((await call('POST', WIDGETS, widget('bad'))).json.message).toBe('no CREATE')
})

test('aggregated APIs come after authorization, and may be unavailable', async () => {
  api.aggregate({
    group: 'sub.example.com',
    versions: ['v1'],
    resources: [{ name: 'widgets/poke', namespaced: true }],
    handle: async (request, response) => {
      response.end(JSON.stringify({ segments: request.segments, body: await request.body() }))
    },
    upgrade: () => Promise.reject(new ApiError(400, 'not today', { plainText: true })),
  })
  const path = '/apis/sub.example.com/v1/namespaces/a/widgets/w/poke'
  expect((await call('PUT', path, undefined, { token: 'nobody' })).json.message).toContain(
    'cannot update resource "widgets/poke" in API group "sub.example.com"',
  )
  expect((await call('PUT', path, { hard: true })).json).toEqual({
    segments: ['namespaces', 'a', 'widgets', 'w', 'poke'],
    body: { hard: true },
  })
  const refused = await new Promise<string>((done) => {
    const upgrade = httpRequest(`http://${base}${path}`, {
      headers: { authorization: 'Bearer root', connection: 'Upgrade', upgrade: 'websocket' },
    })
    upgrade.on('response', (response) => {
      response
        .setEncoding('utf8')
        .on('data', (text: string) => done(`${response.statusCode ?? 0} ${text}`))
    })
    upgrade.end()
  })
  expect(refused).toBe('400 not today')
  api.setUnavailable('sub.example.com', true)
  expect(await call('PUT', path)).toMatchObject({ status: 503, text: 'service unavailable\n' })
})

test('a watch over WebSocket takes its token from the subprotocol', async () => {
  const token = Buffer.from('root').toString('base64url')
  const socket = new WebSocket(
    `ws://${base}${WIDGETS}?watch=true`,
    [`base64url.bearer.authorization.k8s.io.${token}`, 'base64.binary.k8s.io'],
    { origin: 'http://example.com' },
  )
  const event = new Promise<string>((done) =>
    socket.on('message', (data: Buffer) => done(data.toString())),
  )
  await new Promise((done) => socket.on('open', done))
  expect(socket.protocol).toBe('base64.binary.k8s.io')
  await call('POST', WIDGETS, widget('w'))
  expect(JSON.parse(await event)).toMatchObject({
    type: 'ADDED',
    object: { metadata: { name: 'w' } },
  })
  socket.terminate()
})

test('discovery, OpenAPI and reviews', async () => {
  expect((await call('GET', '/apis/example.com/v1')).json).toMatchObject({
    resources: [
      { name: 'widgets' },
      { name: 'widgets/status' },
      { name: 'widgets/scale', kind: 'Scale' },
    ],
  })
  const document = await call('GET', '/openapi/v3/apis/example.com/v1')
  expect(document.text).toContain('"x-kubernetes-group-version-kind":[{"group":"example.com"')
  const ask = (token: string) =>
    call(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
      },
      { token },
    )
  expect((await ask('root')).json).toMatchObject({ status: { allowed: true } })
})

test('events are counted, and also seen under events.k8s.io', async () => {
  const about = api.store.create('example.com/widgets', {
    ...widget('w'),
    metadata: { name: 'w', namespace: 'a' },
  })
  api.event(about, 'Normal', 'Poked', 'ouch')
  api.event(about, 'Normal', 'Poked', 'ouch')
  const path = '/apis/events.k8s.io/v1/namespaces/a/events'
  expect((await call('GET', path)).json).toMatchObject({
    items: [{ note: 'ouch', deprecatedCount: 2, regarding: { name: 'w' } }],
  })
})
