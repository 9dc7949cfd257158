/**
 * The manifests of `deploy/`, as far as they can be judged without a cluster: rendered by stock
 * kubectl, sent to the sandbox's API server as a dry run, and held to the rules that a restricted
 * namespace and a console without power of its own set.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readConfigurationSources } from '../../src/gateway/settings/read-configuration.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSpecSandbox } from '../../src/sandbox/spec-sandbox.ts'
import { otherKinds } from './other-kinds.ts'
import {
  applicable,
  apply,
  configFile,
  deployDirectory,
  one,
  podTemplates,
  render,
  renderSite,
  type Manifest,
} from './rendered.ts'

const host = 'vms.acme.test'

const variants: [name: string, load: () => Promise<Manifest[]>][] = [
  // That of the OpenShift Console is another kind of gateway: `openshift.conformance.spec.ts`.
  ...(await applicable())
    .filter((name) => name !== 'openshift')
    .map((name): (typeof variants)[number] => [
      `deploy/${name}`,
      () => render(join(deployDirectory, name)),
    ]),
  ['a site with an Ingress', () => renderSite(['../ingress'], host)],
  [
    'a site with the Gateway API and monitoring',
    () => renderSite(['../gateway-api', '../monitoring'], host),
  ],
]

let folder: string
let sandbox: Sandbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'))
  sandbox = await startSpecSandbox({ seed: 'empty' })
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

const keyOf = ({ apiVersion, kind }: Manifest) => `${apiVersion} ${kind}`

describe.each(variants)('%s', (_name, load) => {
  let manifests: Manifest[]
  beforeAll(async () => {
    manifests = await load()
  })

  it('is taken by an API server, or by the schema of a kind that the sandbox lacks', async () => {
    const others = manifests.filter((manifest) => otherKinds.has(keyOf(manifest)))
    for (const manifest of others) otherKinds.get(keyOf(manifest))?.parse(manifest)
    const known = manifests.filter((manifest) => !others.includes(manifest))
    // A dry run makes no namespace for what is in it.
    await apply(sandbox.url, folder, [one(manifests, 'Namespace')])
    const lines = await apply(sandbox.url, folder, known, '--dry-run=server')
    expect(lines).toHaveLength(known.length)
    for (const line of lines) expect(line).toMatch(/ \(server dry run\)$/)
  })

  it('gives the console no right and no token of its own, and holds no secret', () => {
    const kinds = manifests.map(({ kind }) => kind)
    expect(kinds.filter((kind) => /Role|Secret/.test(kind))).toEqual([])
    expect(one(manifests, 'ServiceAccount')['automountServiceAccountToken']).toBe(false)
    for (const template of podTemplates(manifests)) {
      expect(template.spec).toMatchObject({
        automountServiceAccountToken: false,
        serviceAccountName: one(manifests, 'ServiceAccount').metadata.name,
      })
    }
  })

  it('runs as a restricted pod with a root that can’t be written, from an image with a version', () => {
    const templates = podTemplates(manifests)
    expect(templates).not.toEqual([])
    for (const { spec } of templates) {
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      for (const container of spec.containers) {
        expect(container.image).toMatch(/:\d+\.\d+\.\d+[^:]*$/)
        expect(container.resources.limits.memory).toBeDefined()
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
      }
    }
  })

  it('names what is there: labels, ports, volumes', () => {
    const [{ metadata, spec }] = podTemplates(manifests)
    const [container] = spec.containers
    const ports = container.ports.map(({ name }: { name: string }) => name)
    for (const selector of [
      one(manifests, 'Deployment')['spec'].selector.matchLabels,
      one(manifests, 'Service')['spec'].selector,
      one(manifests, 'PodDisruptionBudget')['spec'].selector.matchLabels,
      one(manifests, 'NetworkPolicy')['spec'].podSelector.matchLabels,
    ]) {
      expect(metadata.labels).toMatchObject(selector)
    }
    expect(ports).toEqual(expect.arrayContaining(['http', 'metrics']))
    for (const probe of [container.livenessProbe, container.readinessProbe]) {
      expect(ports).toContain(probe.httpGet.port)
    }
    const service = one(manifests, 'Service')
    expect(service['spec'].ports).toEqual([
      expect.objectContaining({ name: 'http', port: 80, targetPort: 'http' }),
    ])
    const named = ({ name }: { name: string }) => name
    expect(container.volumeMounts.map(named).toSorted()).toEqual(spec.volumes.map(named).toSorted())
  })

  it('has a configuration that the gateway takes', async () => {
    const [{ spec }] = podTemplates(manifests)
    const [container] = spec.containers
    const file = join(folder, 'console.yaml')
    await writeFile(file, configFile(manifests, 'config', 'console.yaml'))
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    )
    const configuration = readConfigurationSources(file, env, [])
    const portOf = (name: string) =>
      container.ports.find((port: { name: string }) => port.name === name).containerPort
    expect(configuration.listen.port).toBe(portOf('http'))
    expect(configuration.metrics?.port).toBe(portOf('metrics'))
    // Each file it names is in a volume of the pod.
    const files = JSON.stringify(configuration).match(/"\/[^"]+"/g) ?? []
    expect(files.length).toBeGreaterThan(1)
    for (const path of [...files, JSON.stringify(env['CONSOLE_CONFIG'])]) {
      const isMounted = container.volumeMounts.some(({ mountPath }: { mountPath: string }) =>
        path.startsWith(`"${mountPath}/`),
      )
      expect({ path, isMounted }).toEqual({ path, isMounted: true })
    }
  })
})

describe('the site', () => {
  it.each([
    ['an Ingress', ['../ingress']],
    ['the Gateway API', ['../gateway-api']],
  ])('says the host once, for everything, with %s', async (_name, components) => {
    const manifests = await renderSite(components, host)
    const [{ spec }] = podTemplates(manifests)
    expect(spec.containers[0].env).toContainEqual({
      name: 'CONSOLE_PUBLIC_URL',
      value: `https://${host}`,
    })
    const ways = manifests.filter(({ kind }) => /Ingress|Gateway|HTTPRoute/.test(kind))
    expect(ways).not.toEqual([])
    for (const way of ways) expect(JSON.stringify(way)).toContain(host)
    expect(JSON.stringify(ways)).not.toContain('example')
    // What it is said in stays here.
    const names = manifests.map(({ metadata }) => metadata.name)
    expect(names.filter((name) => name.includes('site'))).toEqual([])
  })

  it('leads an Ingress and an HTTPRoute to the Service', async () => {
    const ingress = one(await renderSite(['../ingress'], host), 'Ingress')
    expect(ingress['spec'].rules[0].http.paths).toEqual([
      {
        path: '/',
        pathType: 'Prefix',
        backend: { service: { name: 'kubevirt-console', port: { name: 'http' } } },
      },
    ])
    const routes = await renderSite(['../gateway-api'], host)
    expect(one(routes, 'HTTPRoute', 'kubevirt-console')['spec'].rules[0].backendRefs).toEqual([
      { name: 'kubevirt-console', port: 80 },
    ])
  })
})

describe('what these checks see', () => {
  it('is a field that doesn’t exist', async () => {
    const manifests = await render(join(deployDirectory, 'base'))
    await apply(sandbox.url, folder, [one(manifests, 'Namespace')])
    const deployment = structuredClone(one(manifests, 'Deployment'))
    deployment['spec'].template.spec.containers[0].readinesProbe = {}
    await expect(apply(sandbox.url, folder, [deployment], '--dry-run=server')).rejects.toThrow(
      'readinesProbe',
    )
    const policy = structuredClone(one(manifests, 'NetworkPolicy'))
    policy['spec'].egres = []
    await expect(apply(sandbox.url, folder, [policy], '--dry-run=server')).rejects.toThrow('egres')
  })

  it('is a misspelt field of a kind known by its schema alone', async () => {
    const manifests = await renderSite(['../gateway-api', '../monitoring'], host)
    const others = manifests.filter((manifest) => otherKinds.has(keyOf(manifest)))
    expect(others.map(({ kind }) => kind).toSorted()).toEqual([
      'Gateway',
      'HTTPRoute',
      'HTTPRoute',
      'PodMonitor',
    ])
    for (const manifest of others) {
      const broken = { ...manifest, spec: { ...manifest['spec'], hostnams: [] } }
      expect(otherKinds.get(keyOf(manifest))?.safeParse(broken).success).toBe(false)
    }
  })
})
