import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'
import { isLocalUrl } from './http-import.ts'

const mib = 2 ** 20
let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({
    seed: 'demo',
    pace: 0.01,
  })
})
afterAll(() => sandbox.close())

interface Answer {
  spec: { volumeName: string }
  status: Record<string, string>
  metadata: { uid: string }
}

async function api(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/${path}`, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return (await response.json()) as Answer
}

const dataVolumes = 'apis/cdi.kubevirt.io/v1beta1/namespaces/demo/datavolumes'

function phaseIs(name: string, phase: string) {
  return vi.waitFor(
    async () => expect((await api(`${dataVolumes}/${name}`)).status['phase']).toBe(phase),
    { timeout: 10_000 },
  )
}

async function readyVolume(name: string, storage = '4Mi') {
  await api(dataVolumes, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name },
    spec: {
      source: { upload: {} },
      storage: { resources: { requests: { storage } }, storageClassName: 'standard' },
    },
  })
  await phaseIs(name, 'UploadReady')
}

async function send(name: string, body: Buffer, path = 'upload', headers = {}) {
  const requests = 'apis/upload.cdi.kubevirt.io/v1beta1/namespaces/demo/uploadtokenrequests'
  const request = await api(requests, { metadata: { name }, spec: { pvcName: name } })
  const authorization = `Bearer ${request.status['token']}`
  const proxy = await proxyUrl()
  const response = await fetch(`${proxy}/v1beta1/${path}`, {
    method: 'POST',
    headers: { authorization, ...headers },
    body: new Uint8Array(body),
  })
  return { code: response.status, text: await response.text(), headers: response.headers }
}

async function proxyUrl() {
  const config = await api('apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config')
  return config.status['uploadProxyURL'] ?? ''
}

async function contentOf(name: string): Promise<Buffer> {
  const claim = await api(`api/v1/namespaces/demo/persistentvolumeclaims/${name}`)
  return readFile(await sandbox.diskFile(claim))
}

describe('an upload', () => {
  it.each([
    ['raw', (image: Buffer) => image, 'upload'],
    ['gz', (image: Buffer) => gzipSync(image), 'upload-async'],
  ])('of %s fills the volume, the rest of it with zeros', async (name, pack, path) => {
    const image = Buffer.alloc(mib + 512)
    image.write('first', 0)
    image.write('last', mib + 500)
    await readyVolume(`filled-${name}`)
    expect(
      await send(`filled-${name}`, pack(image), path, { origin: 'https://page' }),
    ).toMatchObject({ code: 200, text: '' })
    await phaseIs(`filled-${name}`, 'Succeeded')
    const content = await contentOf(`filled-${name}`)
    expect(content.length).toBe(4 * mib)
    expect(content.subarray(0, image.length).equals(image)).toBe(true)

    const again = await send(`filled-${name}`, image, path)
    expect(again).toMatchObject({
      code: 503,
      text: `rejecting Upload Request for PVC filled-${name} that already finished uploading`,
    })
  })

  it('is refused in CDI’s words when it is too large, and may be tried again', async () => {
    await readyVolume('small')
    const answer = await send('small', Buffer.alloc(5 * mib, 'x'))
    expect(answer.code).toBe(400)
    expect(answer.text).toMatch(
      /^Saving stream failed: effective image size is larger than the reported available storage: .*no space left on device$/,
    )
    expect(await send('small', Buffer.from('fits'))).toMatchObject({ code: 200 })
  })

  it('needs a token of ours and a claim that waits for one', async () => {
    const post = async (authorization?: string) =>
      (
        await fetch(`${await proxyUrl()}/v1beta1/upload`, {
          method: 'POST',
          headers: authorization === undefined ? {} : { authorization },
        })
      ).status
    expect(await post()).toBe(400)
    expect(await post('Basic x')).toBe(400)
    expect(await post('Bearer a.e30.b')).toBe(401)
    expect(await send('debian-image', Buffer.from('x'))).toMatchObject({
      code: 503,
      text: 'PVC debian-image is not an upload target',
    })
  })

  it('may come from any page', async () => {
    const response = await fetch(`${await proxyUrl()}/v1beta1/upload-async`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://console.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization')
  })
})

describe('an import from this machine', () => {
  let server: Server
  let url: string
  let image: Buffer | undefined

  beforeAll(async () => {
    server = createServer((_request, response) => {
      if (image) response.end(image)
      else response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk.img.gz`
  })
  afterAll(() => server.close())

  async function importVolume(name: string, from: string) {
    await api(dataVolumes, {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      metadata: { name },
      spec: {
        source: { http: { url: from } },
        storage: { resources: { requests: { storage: '4Mi' } }, storageClassName: 'standard' },
      },
    })
  }

  async function failure(name: string): Promise<string | undefined> {
    const { status } = await api(`${dataVolumes}/${name}`)
    const conditions = status['conditions'] as unknown as { type: string; message: string }[]
    return conditions?.find(({ type }) => type === 'Running')?.message
  }

  it('crashes until the server has the image, then fills the volume', async () => {
    await importVolume('imported', url)
    await vi.waitFor(
      async () =>
        expect(await failure('imported')).toBe(
          'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found',
        ),
      { timeout: 10_000 },
    )
    const content = Buffer.alloc(mib, 'image')
    image = gzipSync(content)
    await phaseIs('imported', 'Succeeded')
    expect((await contentOf('imported')).subarray(0, mib).equals(content)).toBe(true)
    expect((await api(`${dataVolumes}/imported`)).status['progress']).toBe('100.0%')
  })

  it('says that nobody listens', async () => {
    await importVolume('unreachable', 'http://127.0.0.1:9/disk.img')
    await vi.waitFor(
      async () =>
        expect(await failure('unreachable')).toBe(
          'Unable to connect to http data source: HTTP request errored: Get "http://127.0.0.1:9/disk.img": dial tcp 127.0.0.1:9: connect: connection refused',
        ),
      { timeout: 10_000 },
    )
  })

  it.each([
    ['http://localhost:8080/a', true],
    ['http://127.0.0.1/a', true],
    ['https://localhost/a', false],
    ['http://127.0.0.1.example.com/a', false],
    ['http://10.0.0.1/a', false],
  ])('is one from %s: %s', (from, isLocal) => {
    expect(isLocalUrl(from)).toBe(isLocal)
  })
})
