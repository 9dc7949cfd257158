import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { ScreenSize } from './rdp-client.ts'
import { createSizeFollower } from './size-follower.ts'

const small: ScreenSize = { width: 800, height: 600 }
const large: ScreenSize = { width: 1200, height: 700 }
const settledMs = 400
const obeyedMs = 2000

/** A desktop of `small` in a window as large. */
function setUp() {
  const world = { window: small as ScreenSize | undefined, shown: small }
  const ask = vi.fn<(size: ScreenSize) => void>()
  const onStale = vi.fn<() => void>()
  const follower = createSizeFollower({
    windowSize: () => world.window,
    shownSize: () => world.shown,
    ask,
    onStale,
  })
  follower.opened(small, small)
  return {
    world,
    ask,
    onStale,
    follower,
    resizeTo: (size: ScreenSize | undefined) => {
      world.window = size
      follower.windowChanged()
    },
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('asks once the window has come to rest, and for what is new only', () => {
  const { resizeTo, ask, onStale, world } = setUp()
  resizeTo({ width: 1000, height: 640 })
  vi.advanceTimersByTime(settledMs - 1)
  resizeTo(large)
  vi.advanceTimersByTime(settledMs)
  expect(ask.mock.calls).toEqual([[large]])
  world.shown = large
  resizeTo(large)
  vi.advanceTimersByTime(settledMs + obeyedMs)
  expect(ask).toHaveBeenCalledTimes(1)
  expect(onStale).not.toHaveBeenCalled()
})

it('has a server that shows no new size connected anew, from then on at once', () => {
  const { resizeTo, ask, onStale, follower } = setUp()
  resizeTo(large)
  vi.advanceTimersByTime(settledMs + obeyedMs)
  expect(onStale).toHaveBeenCalledTimes(1)
  follower.closed()
  follower.opened(large, large)
  resizeTo(small)
  vi.advanceTimersByTime(settledMs)
  expect(onStale).toHaveBeenCalledTimes(2)
  expect(ask).toHaveBeenCalledTimes(1)
})

it.each([
  ['a switch to 1:1', ({ follower }: ReturnType<typeof setUp>) => follower.setFollowing(false)],
  ['the window at rest again', ({ resizeTo }) => resizeTo(large)],
  ['the tab in the background', ({ resizeTo }) => resizeTo(undefined)],
] as [string, (bench: ReturnType<typeof setUp>) => void][])(
  'finds out that a size was not obeyed though %s comes meanwhile',
  (_what, happens) => {
    const bench = setUp()
    bench.resizeTo(large)
    vi.advanceTimersByTime(settledMs)
    happens(bench)
    vi.advanceTimersByTime(obeyedMs)
    expect(bench.onStale).toHaveBeenCalledTimes(1)
  },
)

it('leaves a desktop alone that is shown 1:1, whose window is hidden, or that has its own size', () => {
  const { resizeTo, ask, onStale, follower, world } = setUp()
  follower.setFollowing(false)
  resizeTo(large)
  vi.advanceTimersByTime(settledMs + obeyedMs)
  follower.setFollowing(true)
  resizeTo(undefined)
  vi.advanceTimersByTime(settledMs + obeyedMs)
  follower.closed()
  world.shown = small
  follower.opened(large, small)
  resizeTo({ width: 1000, height: 640 })
  vi.advanceTimersByTime(settledMs + obeyedMs)
  expect(ask).not.toHaveBeenCalled()
  expect(onStale).not.toHaveBeenCalled()
})

it('asks for the size of the window when it is to follow again', () => {
  const { resizeTo, ask, follower } = setUp()
  follower.setFollowing(false)
  resizeTo(large)
  vi.advanceTimersByTime(settledMs)
  follower.setFollowing(true)
  vi.advanceTimersByTime(settledMs)
  expect(ask.mock.calls).toEqual([[large]])
})

it('lets a desktop be that has been closed', () => {
  const { resizeTo, ask, onStale, follower } = setUp()
  resizeTo(large)
  vi.advanceTimersByTime(settledMs)
  follower.closed()
  resizeTo(small)
  vi.advanceTimersByTime(settledMs + obeyedMs)
  expect(ask).toHaveBeenCalledTimes(1)
  expect(onStale).not.toHaveBeenCalled()
})
