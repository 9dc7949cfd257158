/**
 * `deploy/openshift`, as far as it can be judged without OpenShift: rendered by stock kubectl, taken by
 * the sandbox's API server or a strict schema, and held together: what the ConsolePlugin leads to is
 * there, under the names that the gateway answers to.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import pluginManifest from '../../plugin-manifest.json' with { type: 'json' }
import { readConfigurationSources } from '../../src/gateway/settings/read-configuration.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSpecSandbox } from '../../src/sandbox/spec-sandbox.ts'
import { consoleGateway } from '../../src/web/host/openshift-gateway.ts'
import {
  apply,
  configFile,
  deployDirectory,
  one,
  podTemplates,
  render,
  type Manifest,
} from './rendered.ts'

const service = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  port: z.int(),
  basePath: z.string().startsWith('/').optional(),
})

/**
 * What of a ConsolePlugin is used here:
 * https://github.com/openshift/api/blob/master/console/v1/types_console_plugin.go
 */
const consolePluginSchema = z.strictObject({
  apiVersion: z.literal('console.openshift.io/v1'),
  kind: z.literal('ConsolePlugin'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.strictObject({
    displayName: z.string().min(1).max(128),
    backend: z.strictObject({ type: z.literal('Service'), service }),
    i18n: z.strictObject({ loadType: z.enum(['Preload', 'Lazy', '']) }),
    proxy: z.array(
      z.strictObject({
        alias: z.string().regex(/^[A-Za-z0-9-_]{1,128}$/),
        authorization: z.enum(['UserToken', 'None']),
        endpoint: z.strictObject({
          type: z.literal('Service'),
          service: service.omit({ basePath: true }),
        }),
      }),
    ),
  }),
})

let folder: string
let sandbox: Sandbox
let manifests: Manifest[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openshift-manifests-'))
  sandbox = await startSpecSandbox({ seed: 'empty' })
  manifests = await render(join(deployDirectory, 'openshift'))
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

const plugin = () => consolePluginSchema.parse(one(manifests, 'ConsolePlugin'))

it('is taken by an API server, and the ConsolePlugin by its schema', async () => {
  const known = manifests.filter(({ kind }) => kind !== 'ConsolePlugin')
  await apply(sandbox.url, folder, [one(manifests, 'Namespace')])
  const lines = await apply(sandbox.url, folder, known, '--dry-run=server')
  expect(lines).toHaveLength(known.length)
  expect(plugin().metadata.name).toBe(pluginManifest.name)
})

it('runs under restricted-v2, without a right, a token or a user of its own', () => {
  const [{ spec }] = podTemplates(manifests)
  expect(manifests.filter(({ kind }) => /Role|Secret/.test(kind))).toEqual([])
  expect(one(manifests, 'ServiceAccount')['automountServiceAccountToken']).toBe(false)
  expect(spec).toMatchObject({
    serviceAccountName: one(manifests, 'ServiceAccount').metadata.name,
    automountServiceAccountToken: false,
  })
  // The SCC gives the namespace's own range of users; one named here would be refused.
  expect(JSON.stringify(spec)).not.toMatch(/runAsUser|runAsGroup|fsGroup|hostPath/)
  expect(spec.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  expect(spec.containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
})

it('leads the console to the Service, and the page to the gateway', () => {
  const { backend, proxy } = plugin().spec
  const { metadata, spec } = one(manifests, 'Service')
  const [{ metadata: pod, spec: podSpec }] = podTemplates(manifests)
  const services = [backend.service, ...proxy.map(({ endpoint }) => endpoint.service)]
  for (const { name, namespace, port } of services) {
    expect({ name, namespace }).toEqual({ name: metadata.name, namespace: metadata.namespace })
    expect(spec.ports).toMatchObject([{ port, targetPort: 'https' }])
  }
  expect(podSpec.containers[0].ports).toMatchObject([{ name: 'https' }])
  for (const selector of [
    spec.selector,
    one(manifests, 'Deployment')['spec'].selector.matchLabels,
    one(manifests, 'PodDisruptionBudget')['spec'].selector.matchLabels,
    one(manifests, 'NetworkPolicy')['spec'].podSelector.matchLabels,
  ]) {
    expect(pod.labels).toMatchObject(selector)
  }
  const [{ alias, authorization }] = proxy as [(typeof proxy)[0]]
  const user = { key: '', name: '', headers: {}, protocols: [] }
  const { uploadBase } = consoleGateway(() => Promise.reject(new Error()), '/', user)
  expect(uploadBase).toBe(`/api/proxy/plugin/${plugin().metadata.name}/${alias}/api/upload`)
  expect(authorization).toBe('UserToken')
})

it('has a configuration that the gateway takes, with the Service’s names and certificate', async () => {
  const [{ spec }] = podTemplates(manifests)
  const [container] = spec.containers
  const file = join(folder, 'gateway.yaml')
  await writeFile(file, configFile(manifests, 'config', 'gateway.yaml'))
  const configuration = readConfigurationSources(file, {}, [])
  expect(configuration).toMatchObject({
    openshiftPlugin: true,
    listen: { port: container.ports[0].containerPort },
  })
  const { name, namespace, annotations } = one(manifests, 'Service').metadata as {
    name: string
    namespace: string
    annotations: Record<string, string>
  }
  const names = ['svc', 'svc.cluster.local'].map((suffix) => `${name}.${namespace}.${suffix}`)
  expect(configuration.hostNames.toSorted()).toEqual(names)
  expect(spec.volumes).toContainEqual({
    name: 'certificate',
    secret: {
      secretName: annotations['service.beta.openshift.io/serving-cert-secret-name'],
    },
  })
  const files = JSON.stringify(configuration).match(/"\/[^"]+"/g) ?? []
  expect(files).toHaveLength(3)
  for (const path of files) {
    const isMounted = container.volumeMounts.some(({ mountPath }: { mountPath: string }) =>
      path.startsWith(`"${mountPath}/`),
    )
    expect({ path, isMounted }).toEqual({ path, isMounted: true })
  }
})
