/** Long lists are read by a worker, where the host and the browser allow one. */
import type { KubeClient } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/kinds.ts'
import { readListPage, type ListPage } from '../../kube/list-page.ts'
import { listProjections, type ListProjectionName } from './list-projections.ts'
import type { PageAnswer, PageQuestion } from './list-worker.ts'

/** An idle worker keeps the memory that it has needed at most. */
const idleMs = 5_000

type Page = ListPage<unknown> | undefined

interface ReadingWorker {
  read(question: Omit<PageQuestion, 'id'>, signal: AbortSignal): Promise<Page>
}

let current: ReadingWorker | undefined
let isRefused = typeof Worker === 'undefined'

function startWorker(): ReadingWorker {
  const worker = new Worker(new URL('./list-worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, (page: Page) => void>()
  let lastId = 0
  let idleTimer: ReturnType<typeof setTimeout> | undefined

  function end(): void {
    worker.terminate()
    current = undefined
    for (const answer of waiting.values()) answer(undefined)
  }
  worker.addEventListener('message', ({ data: { id, page } }: MessageEvent<PageAnswer>) => {
    waiting.get(id)?.(page)
    waiting.delete(id)
    if (waiting.size === 0) idleTimer = setTimeout(end, idleMs)
  })
  worker.addEventListener('error', () => {
    isRefused = true
    end()
  })

  return {
    read(question, signal) {
      clearTimeout(idleTimer)
      lastId += 1
      const id = lastId
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        waiting.set(id, resolve)
        worker.postMessage({ id, ...question } satisfies PageQuestion)
      })
    },
  }
}

/**
 * Reads pages of a long list in a worker; what it can't read the page reads itself, and so finds out
 * why. Undefined for lists that are never long, and where the host's requests need the page.
 */
export function pageReader<T extends KubeObject, P>(
  client: KubeClient,
  project: (object: T) => P,
): ((path: string, signal: AbortSignal) => Promise<ListPage<P>>) | undefined {
  const { workerUrl } = client.transport
  const names = Object.keys(listProjections) as ListProjectionName[]
  const projection = names.find((name) => listProjections[name] === (project as unknown))
  if (projection === undefined || !workerUrl) return undefined

  return async (path, signal) => {
    if (!isRefused) {
      current ??= startWorker()
      const page = await current.read({ url: workerUrl(path), projection }, signal)
      if (page) return page as ListPage<P>
    }
    return readListPage(await client.readBytes(path, signal), project)
  }
}
