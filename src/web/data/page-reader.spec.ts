import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createKubeClient } from '../../kube/client.ts'
import { projectVm } from '../../kube/vm-facts.ts'
import type { PageAnswer, PageQuestion } from './list-worker.ts'

const path = '/apis/kubevirt.io/v1/virtualmachines?limit=500&continue=x'
const never = new AbortController().signal

/** What stands in for a worker: answers as `answer` says, or fails as one does that can't be loaded. */
let answer: (question: PageQuestion) => PageAnswer | 'error'
const started = vi.fn<(url: string) => void>()

class FakeWorker extends EventTarget {
  constructor(url: URL) {
    super()
    started(url.pathname)
  }
  postMessage(question: PageQuestion) {
    queueMicrotask(() => {
      const data = answer(question)
      this.dispatchEvent(
        data === 'error' ? new Event('error') : new MessageEvent('message', { data }),
      )
    })
  }
  terminate() {}
}

function createClient(body: object, status = 200) {
  const fetched: string[] = []
  const client = createKubeClient({
    fetch(asked) {
      fetched.push(asked)
      return Promise.resolve(Response.json(body, { status }))
    },
    openSocket: () => new WebSocket('ws://unused'),
    workerUrl: (asked) => `https://console.example${asked}`,
  })
  return { client, fetched }
}

beforeEach(() => {
  vi.resetModules()
  started.mockClear()
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => vi.unstubAllGlobals())

async function reader(client: ReturnType<typeof createClient>['client'], project = projectVm) {
  const { pageReader } = await import('./page-reader.ts')
  return pageReader(client, project)
}

/** The module is loaded anew for each test, and with it the projections it knows. */
async function knownProjection() {
  return (await import('./list-projections.ts')).listProjections.projectVm
}

it('lets one worker read all pages', async () => {
  const { client, fetched } = createClient({})
  answer = ({ id, url, projection }) => ({
    id,
    page: { resourceVersion: `${url} ${projection}`, items: [] },
  })
  const read = await reader(client, await knownProjection())
  const pages = await Promise.all([read?.(path, never), read?.(path, never)])
  expect(pages[1]?.resourceVersion).toBe(`https://console.example${path} projectVm`)
  expect(started).toHaveBeenCalledTimes(1)
  expect(fetched).toEqual([])
})

it('finds out itself why the worker has no page', async () => {
  const { client } = createClient({ kind: 'Status', message: 'expired' }, 410)
  answer = ({ id }) => ({ id, page: undefined })
  const read = await reader(client, await knownProjection())
  await expect(read?.(path, never)).rejects.toMatchObject({ code: 410, message: 'expired' })
})

it('reads pages itself once a worker has been refused', async () => {
  const { client, fetched } = createClient({ metadata: { resourceVersion: '7' }, items: [] })
  answer = () => 'error'
  const read = await reader(client, await knownProjection())
  await expect(read?.(path, never)).resolves.toMatchObject({ resourceVersion: '7' })
  await expect(read?.(path, never)).resolves.toMatchObject({ resourceVersion: '7' })
  expect(started).toHaveBeenCalledTimes(1)
  expect(fetched).toEqual([path, path])
})

it('leaves lists that are never long to the page', async () => {
  const { client } = createClient({})
  expect(await reader(client, () => ({}) as never)).toBeUndefined()
})
