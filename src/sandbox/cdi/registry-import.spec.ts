import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

import { pack } from 'tar-stream'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { importRegistry, isLocalRegistry, registryObstacle } from './registry-import.ts'

const kib = 1024
const sizeBytes = 64 * kib
const disk = Buffer.alloc(32 * kib, 'disk ')
let registry: Server
let host: string
let folder: string
/** What the registry answers, by path. */
let answers: Record<string, Buffer | object>
const asked: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-spec-'))
  registry = createServer(({ url = '' }, response) => {
    asked.push(url)
    const answer = url === '/v2/' ? {} : answers[url]
    if (answer === undefined) response.writeHead(404).end()
    else response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`
})
afterAll(async () => {
  registry.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  answers = {
    '/v2/disks/fedora/manifests/42': {
      manifests: [
        { digest: 'sha256:arm', platform: { os: 'linux', architecture: 'arm64' } },
        { digest: 'sha256:amd', platform: { os: 'linux', architecture: 'amd64' } },
      ],
    },
    '/v2/disks/fedora/manifests/sha256:amd': {
      layers: [{ digest: 'sha256:base' }, { digest: 'sha256:disk' }],
    },
    '/v2/disks/fedora/blobs/sha256:base': await layer({ 'etc/passwd': Buffer.from('root') }),
    '/v2/disks/fedora/blobs/sha256:disk': gzipSync(await layer({ './disk/fedora.img': disk })),
  }
})

function layer(files: Record<string, Buffer>): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content)
  archive.finalize()
  return buffer(archive)
}

const file = () => join(folder, 'volume.img')
const shares: number[] = []
const run = (image: string) =>
  importRegistry(
    `docker://${host}/${image}`,
    { file: file(), sizeBytes, tool: undefined },
    (share) => shares.push(share),
  )

it('fills the volume with the disk of the layer that has one', async () => {
  expect(await run('disks/fedora:42')).toBeUndefined()
  const content = await readFile(file())
  expect(content).toHaveLength(sizeBytes)
  expect(content.subarray(0, disk.length).equals(disk)).toBe(true)
  expect(shares.at(-1)).toBe(1)
  expect(asked).not.toContain('/v2/disks/fedora/manifests/sha256:arm')
})

const prefix =
  'Unable to process data: Unable to transfer source data to scratch space: Failed to read registry image: '

it('says why there is no image', async () => {
  expect(await run('disks/debian:13')).toBe(
    `${prefix}failed to pull image: reading manifest 13 in ${host}/disks/debian: manifest unknown`,
  )
})

it('says when the image has no disk', async () => {
  answers['/v2/disks/fedora/blobs/sha256:disk'] = await layer({ 'home/x': Buffer.from('x') })
  expect(await run('disks/fedora:42')).toBe(
    `${prefix}Failed to find VM disk image file in the container image`,
  )
})

it('says when nobody answers', async () => {
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const at = `127.0.0.1:${(gone.address() as AddressInfo).port}`
  await new Promise((resolve) => {
    gone.close(resolve)
  })
  const target = { file: file(), sizeBytes, tool: undefined }
  expect(await importRegistry(`docker://${at}/disks/fedora:42`, target, () => {})).toBe(
    `${prefix}failed to pull image: pinging container registry ${at}: Get "http://${at}/v2/": dial tcp ${at}: connect: connection refused`,
  )
})

it('reaches the registries of this machine only, and answers for its own', () => {
  expect(isLocalRegistry('docker://localhost:5000/a')).toBe(true)
  expect(isLocalRegistry('docker://quay.io/a')).toBe(false)
  expect(registryObstacle('docker://registry.example/a:1')).toBeUndefined()
  expect(registryObstacle('docker://quay.io/containerdisks/fedora:42')).toBe(
    `${prefix}failed to pull image: pinging container registry quay.io: Get "https://quay.io/v2/": dial tcp: lookup quay.io on 10.96.0.10:53: no such host`,
  )
})
