import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { KubeError } from '../../../../kube/kube-error.ts'
import { createScreenFeed, intervalMs, requestsAtOnce, type ScreenRef } from './screen-feed.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(0)
const refs = (count: number): ScreenRef[] =>
  Array.from({ length: count }, (_, index) => ({ namespace: 'demo', name: `vm-${index}` }))

/** A cluster that answers when told to. */
function cluster() {
  const open: {
    name: string
    signal: AbortSignal
    answer: (text: string) => void
    refuse: (error: Error) => void
  }[] = []
  const dropped: string[] = []
  const texts = new Map<Blob, string>()
  let isHidden = false
  const feed = createScreenFeed<string>({
    read: ({ name }, signal) =>
      new Promise((resolve, reject) => {
        const request = {
          name,
          signal,
          answer(text: string) {
            const blob = new Blob()
            texts.set(blob, text)
            resolve(blob)
          },
          refuse: reject,
        }
        open.push(request)
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      }),
    look(blob, former) {
      const picture = texts.get(blob) ?? ''
      const isChanged = former !== undefined && former !== picture
      return Promise.resolve({ picture, isChanged })
    },
    drop: (picture) => dropped.push(picture),
    isHidden: () => isHidden,
  })
  return {
    feed,
    dropped,
    open: () => open.filter(({ signal }) => !signal.aborted),
    answer: async (text: string) => {
      for (const request of open.splice(0)) request.answer(text)
      await settle()
    },
    refuse: async (error: Error) => {
      for (const request of open.splice(0)) request.refuse(error)
      await settle()
    },
    setHidden: (hidden: boolean) => {
      isHidden = hidden
      if (!hidden) feed.resume()
    },
  }
}

describe('screen feed', () => {
  const [first, second] = refs(2) as [ScreenRef, ScreenRef]

  it('asks for a few at once, and for the next when one has answered', async () => {
    const { feed, open, answer } = cluster()
    for (const ref of refs(10)) feed.watch(ref)
    expect(open().map(({ name }) => name)).toEqual(['vm-0', 'vm-1', 'vm-2', 'vm-3'])
    await answer('a')
    expect(open()).toHaveLength(requestsAtOnce)
    expect(open()[0]?.name).toBe('vm-4')
  })

  it('asks again after the interval, and says when the picture has changed', async () => {
    const { feed, open, answer, dropped } = cluster()
    feed.watch(first)
    await answer('a')
    expect(feed.getState(first).picture).toBe('a')
    expect(feed.getState(first).changedAt).toBeUndefined()
    await vi.advanceTimersByTimeAsync(intervalMs - 1000)
    expect(open()).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1000)
    await answer('b')
    expect(feed.getState(first).changedAt).toBeDefined()
    expect(dropped).toEqual(['a'])
  })

  it('ends the request of a screen that is out of view', async () => {
    const { feed, open } = cluster()
    const unwatch = feed.watch(first)
    const [request] = open()
    unwatch()
    expect(request?.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(10 * intervalMs)
    expect(open()).toHaveLength(0)
  })

  it('keeps the picture and waits longer after a failure', async () => {
    const { feed, open, answer, refuse } = cluster()
    feed.watch(first)
    await answer('a')
    expect(feed.getState(first).picture).toBe('a')
    await vi.advanceTimersByTimeAsync(intervalMs)
    await refuse(new KubeError(500, 'no screen'))
    expect(feed.getState(first)).toMatchObject({ picture: 'a', error: 'no screen' })
    await vi.advanceTimersByTimeAsync(2 * intervalMs - 1)
    expect(open()).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(open()).toHaveLength(1)
  })

  it('asks for nothing while the cluster wants a pause', async () => {
    const { feed, open, refuse } = cluster()
    feed.watch(first)
    await refuse(new KubeError(429, 'too many requests', { retryAfterSeconds: 7 }))
    feed.watch(second)
    expect(open()).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(7000)
    expect(open().map(({ name }) => name)).toEqual(['vm-1'])
  })

  it('asks for nothing while nobody can see the page', async () => {
    const { feed, open, setHidden } = cluster()
    setHidden(true)
    feed.watch(first)
    await vi.advanceTimersByTimeAsync(intervalMs)
    expect(open()).toHaveLength(0)
    setHidden(false)
    expect(open()).toHaveLength(1)
  })

  it('lets go of every picture in the end', async () => {
    const { feed, answer, dropped } = cluster()
    feed.watch(first)
    await answer('a')
    expect(feed.getState(first).picture).toBe('a')
    feed.dispose()
    expect(dropped).toEqual(['a'])
  })
})
