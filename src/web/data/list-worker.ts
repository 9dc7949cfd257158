/** Reads pages of lists beside the page's own thread: reading is most of what a long list costs. */
import { readListPage, type ListPage } from '../../kube/list-page.ts'
import { listProjections, type ListProjectionName } from './list-projections.ts'

export interface PageQuestion {
  id: number
  url: string
  projection: ListProjectionName
}

/** Without a page when there was none to read; why, the asking thread then finds out. */
export interface PageAnswer {
  id: number
  page: ListPage<unknown> | undefined
}

/** The next page of each list, asked for while the page's own thread has yet to ask for it. */
const ahead = new Map<string, Promise<ArrayBuffer | undefined>>()

async function fetchBody(url: string): Promise<ArrayBuffer | undefined> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' } })
    return response.ok ? await response.arrayBuffer() : undefined
  } catch {
    return undefined
  }
}

function fetchAhead(url: string, continueToken: string): void {
  const next = new URL(url)
  next.searchParams.set('continue', continueToken)
  ahead.set(next.href, fetchBody(next.href))
}

async function readPage({ url, projection }: PageQuestion): Promise<PageAnswer['page']> {
  const asked = ahead.get(url) ?? fetchBody(url)
  ahead.delete(url)
  const body = await asked
  if (!body) return undefined
  try {
    const page = readListPage(body, listProjections[projection] as (object: never) => unknown)
    if (page.continueToken !== undefined) fetchAhead(url, page.continueToken)
    return page
  } catch {
    return undefined
  }
}

addEventListener('message', ({ data }: MessageEvent<PageQuestion>) => {
  void readPage(data).then((page) => {
    const answer: PageAnswer = { id: data.id, page }
    postMessage(answer)
  })
})
