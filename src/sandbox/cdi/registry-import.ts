/**
 * Imports of disks from container images, really made from registries of this machine by plain HTTP.
 * The first file below `disk/` of the first layer that has one is the disk. In the importer's words.
 * Sources: https://github.com/kubevirt/containerized-data-importer/blob/c07cdb6fbd18976c44f65f1e4c0deae03e33e718/pkg/importer/transport.go
 * and pkg/importer/registry-datasource.go of the same;
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
import { Readable, Transform } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

import { extract } from 'tar-stream'

import { compressionOf, HEAD_BYTES } from './image-format.ts'
import { receiveImage, type ImageTarget } from './image-import.ts'
import { decompress, peek } from './image-stream.ts'

/** The registry that images of the demo are from: it is nowhere, and the sandbox answers for it. */
const OWN_REGISTRY = 'registry.example'

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

interface ImageName {
  /** `127.0.0.1:5000` */
  host: string
  /** `containerdisks/fedora` */
  repository: string
  /** Tag or digest. */
  reference: string
}

interface Manifest {
  manifests?: { digest: string; platform?: { os?: string; architecture?: string } }[]
  layers?: { digest: string }[]
}

/** `docker://HOST/REPOSITORY[:TAG|@DIGEST]`; undefined for what isn't that. */
function imageName(url: string): ImageName | undefined {
  const [, host, path] = /^docker:\/\/([^/]+)\/(.+)$/.exec(url) ?? []
  if (host === undefined || path === undefined) return undefined
  const [, repository = path, reference = 'latest'] = /^(.+?)(?:@|:)([^/]+)$/.exec(path) ?? []
  return { host, repository, reference }
}

/** Whether an image would be from a plain registry of this machine. */
export function isLocalRegistry(url: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(imageName(url)?.host ?? '')
}

/** Why nothing can be had from a registry elsewhere; undefined for the sandbox's own and local ones. */
export function registryObstacle(url: string): string | undefined {
  const name = imageName(url)
  if (name?.host === OWN_REGISTRY || isLocalRegistry(url)) return undefined
  if (!name) return failure(`Could not parse image: Invalid image name "${url}", unknown transport`)
  const { host } = name
  const lookup = `dial tcp: lookup ${host.replace(/:\d+$/, '')} on 10.96.0.10:53: no such host`
  return failure(
    pulling(`pinging container registry ${host}: Get "https://${host}/v2/": ${lookup}`),
  )
}

/**
 * Fills the volume from the image at `url`.
 * @param onProgress told the share of the disk that has come, 0 to 1
 * @returns the importer's termination message if it fails
 */
export async function importRegistry(
  url: string,
  target: ImageTarget,
  onProgress: (share: number) => void,
): Promise<string | undefined> {
  const name = imageName(url)
  if (!name) return registryObstacle(url)
  try {
    await ping(name)
    const { layers = [] } = await platformManifest(name)
    for (const { digest } of layers) {
      // The next layer is read only if this one has no disk.
      // oxlint-disable-next-line no-await-in-loop
      if (await fromLayer(name, digest, target, onProgress)) return undefined
    }
    return failure('Failed to find VM disk image file in the container image')
  } catch (error) {
    return failure(error instanceof Error ? error.message : String(error))
  }
}

function failure(words: string): string {
  return `Unable to process data: Unable to transfer source data to scratch space: Failed to read registry image: ${words}`
}

function pulling(words: string): string {
  return `failed to pull image: ${words}`
}

async function ping({ host }: ImageName): Promise<void> {
  const url = `http://${host}/v2/`
  let status: number
  try {
    ;({ status } = await fetch(url))
  } catch (error) {
    const { cause } = error as Error & { cause?: NodeJS.ErrnoException }
    const why =
      cause?.code === 'ECONNREFUSED'
        ? `dial tcp ${host}: connect: connection refused`
        : (cause?.message ?? String(error))
    throw new Error(pulling(`pinging container registry ${host}: Get "${url}": ${why}`))
  }
  if (status === 401)
    throw new Error(pulling('unable to retrieve auth token: invalid username/password'))
}

async function manifestOf({ host, repository }: ImageName, reference: string): Promise<Manifest> {
  const response = await fetch(`http://${host}/v2/${repository}/manifests/${reference}`, {
    headers: { accept: MANIFESTS.join(', ') },
  })
  if (response.ok) return (await response.json()) as Manifest
  const why = response.status === 404 ? 'manifest unknown' : `status ${response.status}`
  throw new Error(pulling(`reading manifest ${reference} in ${host}/${repository}: ${why}`))
}

/** The manifest itself, or that of an index for the sandbox's nodes. */
async function platformManifest(name: ImageName): Promise<Manifest> {
  const manifest = await manifestOf(name, name.reference)
  if (!manifest.manifests) return manifest
  const found = manifest.manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  )
  if (found) return manifestOf(name, found.digest)
  throw new Error(
    'Error retrieving image: choosing image instance: no image found in image index for architecture "amd64", variant "", OS "linux"',
  )
}

/** Whether the layer had a disk; it is in the volume then. */
async function fromLayer(
  { host, repository }: ImageName,
  digest: string,
  target: ImageTarget,
  onProgress: (share: number) => void,
): Promise<boolean> {
  const response = await fetch(`http://${host}/v2/${repository}/blobs/${digest}`)
  // A layer that can't be read is passed over, as CDI does.
  if (!response.ok || !response.body) return false
  const blob = Readable.fromWeb(response.body as ReadableStream)
  const { head, all } = await peek(blob, HEAD_BYTES)
  const compression = compressionOf(head)
  const layer = (compression ? decompress(all, compression) : all).pipe(
    new Transform({ transform }),
  )
  const archive = extract()
  layer.on('error', (error) => archive.destroy(error))
  layer.pipe(archive)
  try {
    for await (const entry of archive) {
      const { name, type, size } = entry.header
      if (type === 'file' && /^(\.\/)?disk\/(?!\.wh\.)[^/]+$/.test(name)) {
        const disk = Readable.from(entry, { objectMode: false })
        const image = await receiveImage(disk, target, (bytes) => onProgress(bytes / size))
        await image.finish()
        return true
      }
      entry.resume()
    }
    return false
  } finally {
    blob.destroy()
    await finished(blob).catch(() => undefined)
  }

  function transform(chunk: Buffer, _encoding: string, done: (error: null, data: Buffer) => void) {
    done(null, chunk)
  }
}
