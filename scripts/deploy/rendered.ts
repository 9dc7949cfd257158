/** The manifests of `deploy/` as `kubectl apply -k` would send them. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { parse, parseAllDocuments } from 'yaml'

import { findKubectl } from '../kubectl.mjs'

export const deployDirectory = fileURLToPath(new URL('../../deploy/', import.meta.url))

/* oxlint-disable typescript/no-explicit-any -- manifests are looked into freely */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  [field: string]: any
}

/** The folders of `deploy/` that can be applied by themselves, as `base`. */
export async function applicable(): Promise<string[]> {
  const entries = await readdir(deployDirectory, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const kinds = await Promise.all(
    folders.map(async (name) =>
      String(parse(await readFile(join(deployDirectory, name, 'kustomization.yaml'), 'utf8')).kind),
    ),
  )
  return folders.filter((_, index) => kinds[index] === 'Kustomization')
}

/**
 * `kubectl apply` with strict validation; more options may make it a dry run.
 * @param folder for its files
 * @returns what kubectl prints of each object
 * @throws its words, if the API server refuses one
 */
export async function apply(
  server: string,
  folder: string,
  manifests: readonly Manifest[],
  ...options: string[]
): Promise<string[]> {
  const file = join(folder, 'manifests.yaml')
  await writeFile(file, manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'))
  const { stdout } = await promisify(execFile)(await findKubectl(), [
    '--kubeconfig=/dev/null',
    `--cache-dir=${join(folder, 'cache')}`,
    `--server=${server}`,
    'apply',
    '--validate=strict',
    ...options,
    '-f',
    file,
  ])
  return stdout.trim().split('\n')
}

/** @returns the objects in the order of rendering */
export async function render(directory: string): Promise<Manifest[]> {
  const { stdout } = await promisify(execFile)(await findKubectl(), ['kustomize', directory])
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest)
}

/**
 * `deploy/site` as somebody would fill it in.
 * @param components e.g. `['../gateway-api']`
 * @param host what `site.env` names
 */
export async function renderSite(components: string[], host: string): Promise<Manifest[]> {
  const copy = await mkdtemp(join(tmpdir(), 'deploy-'))
  try {
    await cp(deployDirectory, copy, { recursive: true })
    const site = join(copy, 'site')
    const file = join(site, 'kustomization.yaml')
    const kustomization = parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...kustomization, components }))
    await writeFile(join(site, 'site.env'), `host=${host}\nclass=some-class\n`)
    return await render(site)
  } finally {
    await rm(copy, { recursive: true })
  }
}

export function one(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name),
  )
  const [first] = found
  if (!first || found.length > 1) throw new Error(`${found.length} of kind ${kind}`)
  return first
}

/** The pods that the manifests lead to, as their templates say. */
export function podTemplates(manifests: readonly Manifest[]) {
  return manifests.flatMap((manifest) => {
    const template = manifest['spec']?.template
    return template?.spec?.containers ? [template] : []
  })
}

/** The text of a file of the ConfigMap that a volume of the pod is made of. */
export function configFile(manifests: readonly Manifest[], volumeName: string, key: string) {
  const [template] = podTemplates(manifests)
  const volume = template.spec.volumes.find(({ name }: { name: string }) => name === volumeName)
  return one(manifests, 'ConfigMap', volume.configMap.name)['data'][key] as string
}
