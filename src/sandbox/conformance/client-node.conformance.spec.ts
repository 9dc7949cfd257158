/** The official JavaScript client against the sandbox: paging, and an informer that outlives its watch. */
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  makeInformer,
  type KubernetesObject,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { startSandbox } from '../sandbox.ts'

/** Custom objects come as they are, with `continue` and not `_continue`. */
interface Page {
  metadata?: { continue?: string }
  items: KubernetesObject[]
}

let sandbox: Awaited<ReturnType<typeof startSandbox>>
const config = new KubeConfig()
const vms = { group: 'kubevirt.io', version: 'v1', namespace: 'demo', plural: 'virtualmachines' }

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    seed: 'demo',
    vms: 1200,
    guests: 'simulated',
    cacheDirectory: '.cache',
    log: () => undefined,
  })
  config.loadFromClusterAndUser(
    { name: 'sandbox', server: sandbox.url, skipTLSVerify: true },
    { name: 'admin', token: 'sandbox-admin' },
  )
}, 60_000)

afterAll(() => sandbox.close())

it('pages through every VM exactly once', async () => {
  const api = config.makeApiClient(CustomObjectsApi)
  const seen = new Set<string>()
  let pages = 0
  let token: string | undefined
  do {
    const page = (await api.listCustomObjectForAllNamespaces({
      group: vms.group,
      version: vms.version,
      plural: vms.plural,
      limit: 500,
      ...(token !== undefined && { _continue: token }),
    })) as Page
    for (const { metadata } of page.items) {
      const key = `${metadata?.namespace}/${metadata?.name}`
      expect(seen.has(key), `${key} came twice`).toBe(false)
      seen.add(key)
    }
    token = page.metadata?.continue || undefined
    pages++
  } while (token !== undefined)
  expect(pages).toBeGreaterThan(2)
  expect(seen.size).toBeGreaterThanOrEqual(1200)
})

it('keeps an informer true over a dropped watch', async () => {
  const core = config.makeApiClient(CoreV1Api)
  const informer = makeInformer(config, '/api/v1/namespaces/demo/configmaps', () =>
    core.listNamespacedConfigMap({ namespace: 'demo' }),
  )
  const names = new Set<string>()
  informer.on('add', ({ metadata }) => names.add(metadata?.name ?? ''))
  informer.on('delete', ({ metadata }) => names.delete(metadata?.name ?? ''))
  // As its documentation asks: an error ends the informer, and the owner starts it again, later.
  informer.on('error', () => setTimeout(() => void informer.start(), 100))
  await informer.start()
  try {
    const create = (name: string) =>
      core.createNamespacedConfigMap({ namespace: 'demo', body: { metadata: { name } } })
    await create('before-drop')
    await vi.waitFor(() => expect([...names]).toContain('before-drop'), { timeout: 10_000 })
    await fetch(`${sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ dropWatches: true }),
    })
    await create('after-drop')
    await core.deleteNamespacedConfigMap({ namespace: 'demo', name: 'before-drop' })
    await vi.waitFor(
      () => {
        expect([...names]).toContain('after-drop')
        expect([...names]).not.toContain('before-drop')
      },
      { timeout: 20_000 },
    )
  } finally {
    await informer.stop()
  }
})
