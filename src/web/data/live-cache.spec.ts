import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createKubeClient } from '../../kube/client.ts'
import { virtualMachineKind, type VirtualMachine } from '../../kube/kinds.ts'
import { liveEntry, putInLiveCache } from './live-cache.ts'

function vm(name: string, resourceVersion: string): VirtualMachine {
  const metadata = { name, namespace: 'demo', uid: name, resourceVersion }
  return { metadata, spec: { template: {} } } as VirtualMachine
}

/** A cluster that lists what `items` holds and whose watches open and stay silent. */
function createCluster(...items: VirtualMachine[]) {
  const sockets: { isClosed: boolean; say: (type: string, object: object) => void }[] = []
  const lists: string[] = []
  const client = createKubeClient({
    fetch(path) {
      lists.push(path)
      return Promise.resolve(Response.json({ metadata: { resourceVersion: '100' }, items }))
    },
    openSocket() {
      const events = new EventTarget()
      const socket = {
        isClosed: false,
        say: (type: string, object: object) =>
          events.dispatchEvent(
            new MessageEvent('message', { data: JSON.stringify({ type, object }) }),
          ),
      }
      sockets.push(socket)
      queueMicrotask(() => events.dispatchEvent(new Event('open')))
      const close = () => (socket.isClosed = true)
      return Object.assign(events, { close }) as unknown as WebSocket
    },
  })
  return { client, items, lists, sockets }
}

const label = ({ metadata }: VirtualMachine) => `${metadata.name} ${metadata.resourceVersion}`
const entryOf = ({ client }: ReturnType<typeof createCluster>) =>
  liveEntry(client, virtualMachineKind, { namespace: 'demo' }, label)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('serves all readers by one list and one watch, kept for a while after the last', async () => {
  const cluster = createCluster(vm('a', '1'))
  const leave = entryOf(cluster).subscribe(() => undefined)
  const leaveToo = entryOf(cluster).subscribe(() => undefined)
  await vi.waitFor(() => expect(entryOf(cluster).getSnapshot().items).toEqual(['a 1']))
  leave()
  leaveToo()
  await vi.advanceTimersByTimeAsync(9000)
  entryOf(cluster).subscribe(() => undefined)()
  await vi.advanceTimersByTimeAsync(9000)
  expect(cluster.lists).toHaveLength(1)
  expect(cluster.sockets.map(({ isClosed }) => isClosed)).toEqual([false])
  await vi.advanceTimersByTimeAsync(2000)
  expect(cluster.sockets.map(({ isClosed }) => isClosed)).toEqual([true])
})

it('starts anew for a reader who found the collection before it was given up', async () => {
  const cluster = createCluster(vm('a', '1'), vm('b', '2'))
  const entry = entryOf(cluster)
  entry.subscribe(() => undefined)()
  await vi.advanceTimersByTimeAsync(11_000)
  cluster.items.splice(0, 2, vm('a', '7'))
  entry.subscribe(() => undefined)
  expect(entry.getSnapshot().state.status).toBe('loading')
  await vi.waitFor(() => expect(entry.getSnapshot().items).toEqual(['a 7']))
  expect(entryOf(cluster)).toBe(entry)
})

it('shows the answer to a write at once, and not what the watch said before it', async () => {
  const cluster = createCluster(vm('a', '1'))
  const entry = entryOf(cluster)
  entry.subscribe(() => undefined)
  await vi.waitFor(() => expect(entry.getSnapshot().items).toEqual(['a 1']))
  putInLiveCache(cluster.client, virtualMachineKind, vm('a', '110'))
  cluster.sockets[0]?.say('MODIFIED', vm('a', '109'))
  await vi.waitFor(() => expect(entry.getSnapshot().items).toEqual(['a 110']))
  cluster.sockets[0]?.say('MODIFIED', vm('a', '111'))
  await vi.waitFor(() => expect(entry.getSnapshot().items).toEqual(['a 111']))
})
