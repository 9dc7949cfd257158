import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createKubeClient } from './client.ts'
import { virtualMachineKind, type VirtualMachine } from './kinds.ts'
import { createListWatch, type Change, type ListWatchState } from './list-watch.ts'

interface Watch {
  url: URL
  send(type: string, object: unknown): void
  end(): void
  cut(): void
}

type ListAnswer = { items: object[]; resourceVersion?: string; continue?: string } | Response

/** A cluster whose answers are scripted: lists are served in order, watches wait for the test. */
function script(...lists: (ListAnswer | (() => never))[]) {
  const listUrls: URL[] = []
  const watches: Watch[] = []
  const refusals: (Response | Error)[] = []
  const client = createKubeClient({
    fetch(path) {
      const url = new URL(path, 'http://cluster')
      // What the console asks when a watch over WebSocket was refused.
      if (url.searchParams.has('watch')) {
        const refusal = refusals.shift()
        if (refusal instanceof Error) return Promise.reject(refusal)
        return Promise.resolve(refusal ?? new Response(''))
      }
      listUrls.push(url)
      const next = lists.shift()
      if (next === undefined) return new Promise(() => undefined)
      if (typeof next === 'function') return next()
      return Promise.resolve(next instanceof Response ? next : listResponse(next))
    },
    openSocket: (path) => openWatch(new URL(path, 'http://cluster'), watches, refusals.length > 0),
  })
  return { client, listUrls, watches, refusals }
}

function listResponse(answer: Exclude<ListAnswer, Response>): Response {
  const { items, resourceVersion = '100', continue: token } = answer
  return Response.json({ metadata: { resourceVersion, ...(token && { continue: token }) }, items })
}

/** A socket that opens, or is refused, in the next turn, and then does as the test says. */
function openWatch(url: URL, watches: Watch[], isRefused: boolean): WebSocket {
  const socket = new EventTarget()
  let isClosed = false
  const close = (code: number) => {
    if (isClosed) return
    isClosed = true
    socket.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
  queueMicrotask(() => {
    if (isRefused) return close(1006)
    socket.dispatchEvent(new Event('open'))
    watches.push({
      url,
      send(type, object) {
        if (isClosed) throw new TypeError('closed')
        socket.dispatchEvent(
          new MessageEvent('message', { data: JSON.stringify({ type, object }) }),
        )
      },
      end: () => close(1000),
      cut: () => close(1006),
    })
  })
  return Object.assign(socket, { close: () => close(1005) }) as unknown as WebSocket
}

function vm(name: string, resourceVersion: string, printableStatus = 'Running'): VirtualMachine {
  return {
    metadata: {
      name,
      namespace: 'demo',
      uid: name,
      resourceVersion,
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [{ manager: 'virt-controller' }],
    },
    spec: { template: {} as never },
    status: { printableStatus },
  }
}

const expired = () =>
  Response.json(
    { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
    { status: 410 },
  )

/** Runs the list-watch and keeps the rows as a consumer would. */
function follow(client: ReturnType<typeof script>['client']) {
  const rows = new Map<string, string>()
  const history: Change<string>[] = []
  const states: ListWatchState[] = []
  const seen: VirtualMachine[] = []
  const listWatch = createListWatch(
    client,
    virtualMachineKind,
    { namespace: 'demo' },
    {
      project(object) {
        seen.push(object)
        return object.status?.printableStatus ?? ''
      },
      onChanges(changes) {
        history.push(...changes)
        for (const change of changes)
          if (change.type === 'put') rows.set(change.key, change.item)
          else rows.delete(change.key)
      },
      onState: (state) => states.push(state),
    },
  )
  running.push(listWatch)
  return { listWatch, rows, history, states, seen, state: () => states.at(-1) }
}

const running: { stop(): void }[] = []

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  for (const one of running.splice(0)) one.stop()
  vi.useRealTimers()
})

describe('list', () => {
  it('shows each page as it arrives, the first one small, and ends complete', async () => {
    const cluster = script(
      { items: [vm('a', '1')], continue: 'more' },
      { items: [vm('b', '2')], resourceVersion: '100' },
    )
    const { rows, states, state } = follow(cluster.client)
    await vi.waitFor(() => expect(cluster.watches).toHaveLength(1))
    expect(cluster.listUrls.map((url) => url.searchParams.get('limit'))).toEqual(['200', '500'])
    expect(cluster.listUrls[1]?.searchParams.get('continue')).toBe('more')
    expect([...rows.keys()]).toEqual(['demo/a', 'demo/b'])
    expect(states.map(({ status }) => status)).toEqual(['partial', 'complete'])
    expect(state()).toEqual({ status: 'complete', connection: 'live' })
    expect(cluster.watches[0]?.url.searchParams.get('resourceVersion')).toBe('100')
    expect(cluster.watches[0]?.url.searchParams.get('allowWatchBookmarks')).toBe('true')
  })

  it('drops managedFields before anything is kept', async () => {
    const cluster = script({ items: [vm('a', '1')] })
    const { seen } = follow(cluster.client)
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    expect(seen[0]?.metadata.managedFields).toBeUndefined()
  })

  it('keeps the pages it has when a continue token expires, and then asks for all at once', async () => {
    const cluster = script(
      { items: [vm('a', '1'), vm('gone', '1')], continue: 'more' },
      expired(),
      { items: [vm('a', '1'), vm('b', '2')], resourceVersion: '200' },
    )
    const { rows, history, state } = follow(cluster.client)
    await vi.waitFor(() => expect(state()?.status).toBe('complete'))
    expect(cluster.listUrls[2]?.searchParams.get('limit')).toBeNull()
    expect([...rows.keys()]).toEqual(['demo/a', 'demo/b'])
    expect(history.filter((change) => change.key === 'demo/a')).toHaveLength(1)
  })

  it('fails with the cluster’s words when refused, and tries again when asked to', async () => {
    const cluster = script(
      Response.json(
        { kind: 'Status', code: 403, reason: 'Forbidden', message: 'may not list' },
        { status: 403 },
      ),
      { items: [vm('a', '1')] },
    )
    const { listWatch, rows, state } = follow(cluster.client)
    await vi.waitFor(() => expect(state()?.status).toBe('failed'))
    expect(state()?.error?.message).toBe('may not list')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(cluster.listUrls).toHaveLength(1)
    listWatch.retry()
    await vi.waitFor(() => expect(rows.size).toBe(1))
    expect(state()).toEqual({ status: 'complete', connection: 'live' })
  })

  it('keeps trying by itself while the cluster can’t be reached', async () => {
    const cluster = script(
      () => {
        throw new TypeError('fetch failed')
      },
      { items: [vm('a', '1')] },
    )
    const { rows, states } = follow(cluster.client)
    await vi.waitFor(() => expect(states[0]?.status).toBe('failed'))
    expect(states[0]?.connection).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(1000)
    expect(rows.size).toBe(1)
  })
})

describe('watch', () => {
  async function watching(...more: ListAnswer[]) {
    const cluster = script({ items: [vm('a', '1'), vm('b', '2')] }, ...more)
    const followed = follow(cluster.client)
    await vi.waitFor(() => expect(cluster.watches).toHaveLength(1))
    const [watch] = cluster.watches as [Watch]
    return { ...cluster, ...followed, watch }
  }

  it('applies additions, changes and deletions', async () => {
    const { watch, rows } = await watching()
    watch.send('ADDED', vm('c', '101'))
    watch.send('MODIFIED', vm('a', '102', 'Stopped'))
    watch.send('DELETED', vm('b', '103'))
    await vi.waitFor(() => expect(rows.has('demo/b')).toBe(false))
    expect(Object.fromEntries(rows)).toEqual({ 'demo/a': 'Stopped', 'demo/c': 'Running' })
  })

  it('goes on from the last bookmark when the server ends the watch in order', async () => {
    const { watch, watches, listUrls, state } = await watching()
    watch.send('BOOKMARK', { metadata: { resourceVersion: '555' } })
    await vi.advanceTimersByTimeAsync(5_000)
    watch.end()
    await vi.waitFor(() => expect(watches).toHaveLength(2))
    expect(watches[1]?.url.searchParams.get('resourceVersion')).toBe('555')
    expect(listUrls).toHaveLength(1)
    expect(state()?.connection).toBe('live')
  })

  it('keeps the rows and says so while a cut connection is being restored', async () => {
    const { watch, watches, refusals, rows, states, state } = await watching()
    refusals.push(new TypeError('fetch failed'), new TypeError('fetch failed'))
    watch.cut()
    await vi.waitFor(() => expect(state()?.connection).toBe('reconnecting'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(watches).toHaveLength(2)
    expect(rows.size).toBe(2)
    expect(states.every(({ status }) => status !== 'failed')).toBe(true)
    expect(state()).toEqual({ status: 'complete', connection: 'live' })
  })

  it('becomes stale when the cluster stays away', async () => {
    const { watch, refusals, rows, state } = await watching()
    for (let n = 0; n < 50; n += 1) refusals.push(new TypeError('fetch failed'))
    watch.cut()
    await vi.advanceTimersByTimeAsync(31_000)
    expect(state()?.connection).toBe('stale')
    expect(rows.size).toBe(2)
  })

  it('lists again after an ERROR event of 410, without blanking, and removes what is gone', async () => {
    const { watch, watches, rows, states } = await watching({
      items: [vm('a', '1'), vm('c', '150')],
      resourceVersion: '200',
    })
    watch.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' })
    await vi.waitFor(() => expect(watches).toHaveLength(2))
    expect([...rows.keys()]).toEqual(['demo/a', 'demo/c'])
    expect(states.some(({ status }) => status === 'loading' || status === 'failed')).toBe(false)
    expect(watches[1]?.url.searchParams.get('resourceVersion')).toBe('200')
  })

  it('loses no event that came right before an ERROR', async () => {
    const { watch, rows, watches } = await watching({
      items: [vm('a', '1'), vm('c', '101')],
      resourceVersion: '200',
    })
    watch.send('ADDED', vm('c', '101'))
    watch.send('DELETED', vm('b', '102'))
    watch.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' })
    await vi.waitFor(() => expect(watches).toHaveLength(2))
    expect([...rows.keys()]).toEqual(['demo/a', 'demo/c'])
  })

  it('keeps up by plain requests where WebSockets are refused, and lists nothing again', async () => {
    const { watch, watches, refusals, listUrls, rows, state } = await watching()
    const event = (type: string, object: object) => JSON.stringify({ type, object }) + '\n'
    refusals.push(new Response(event('DELETED', vm('b', '101')) + event('ADDED', vm('c', '102'))))
    refusals.push(new Response(event('MODIFIED', vm('a', '103', 'Stopped')) + '{"type":"ADD'))
    watch.cut()
    await vi.waitFor(() => expect([...rows.keys()]).toEqual(['demo/a', 'demo/c']))
    expect(state()?.connection).toBe('reconnecting')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(rows.get('demo/a')).toBe('Stopped')
    expect(listUrls).toHaveLength(1)
    expect(watches[1]?.url.searchParams.get('resourceVersion')).toBe('103')
    expect(state()?.connection).toBe('live')
  })

  it('slows down for a server that ends every watch at once, whatever it sends before', async () => {
    const { watches, rows } = await watching()
    let ended = 0
    for (let turn = 0; turn < 200; turn += 1) {
      for (const watch of watches.slice(ended)) {
        ended += 1
        watch.send('BOOKMARK', { metadata: { resourceVersion: String(500 + turn) } })
        await vi.advanceTimersByTimeAsync(1)
        watch.end()
      }
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(watches.length).toBeLessThan(10)
    expect(rows.size).toBe(2)
  })

  it('lists again when asking why the watch was refused answers 410', async () => {
    const { watch, watches, refusals, listUrls } = await watching({ items: [vm('a', '1')] })
    refusals.push(expired())
    await vi.advanceTimersByTimeAsync(5_000)
    watch.end()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(watches).toHaveLength(2)
    expect(listUrls).toHaveLength(2)
  })

  it('opens a connection gone silent again', async () => {
    const { watches, state } = await watching()
    await vi.advanceTimersByTimeAsync(151_000)
    expect(watches).toHaveLength(2)
    expect(state()?.connection).toBe('live')
  })

  it('ends with its consumer', async () => {
    const { watch, watches, listWatch, states } = await watching()
    const before = states.length
    listWatch.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(() => watch.send('ADDED', vm('c', '101'))).toThrow(TypeError)
    expect(watches).toHaveLength(1)
    expect(states).toHaveLength(before)
  })
})
