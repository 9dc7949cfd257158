// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import type { ConsoleDisplay } from './console-session.ts'
import type { ConsoleKind } from './console-state.ts'
import { createStreamSession } from './stream-session.ts'
import type { WindowLockOptions } from './window-lock.ts'

class FakeSocket extends EventTarget {
  readonly CLOSED = 3
  readyState = 0
  readonly sent: Uint8Array[] = []
  send(bytes: Uint8Array) {
    this.sent.push(bytes)
  }
  accept() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  /** Closes from the server's side, without a close frame. */
  cut(code = 1006) {
    this.readyState = 3
    this.dispatchEvent(new CloseEvent('close', { code }))
  }
  close() {
    if (this.readyState !== 3) this.cut(1005)
  }
}

interface Facts {
  uid?: string
  phase?: string
  node?: string
  deleted?: boolean
}

function vmi({ uid = 'u1', phase = 'Running', node = 'node-1', deleted = false }: Facts = {}) {
  return {
    metadata: { uid, ...(deleted && { deletionTimestamp: 'now' }) },
    status: { phase, nodeName: node },
  } as unknown as VirtualMachineInstance
}

/** A session, and the cluster around it as the test wants it. */
function setUp(kind: ConsoleKind = 'vnc') {
  const sockets: { socket: FakeSocket; takeOver: boolean }[] = []
  const world = {
    guest: vmi() as VirtualMachineInstance | undefined,
    error: undefined as KubeError | undefined,
    missingRight: undefined as string | undefined,
    renewals: 0,
    waiting: Promise.resolve(),
    follows: [] as FakeSocket[],
    tellFollowers: (_count: number) => {},
    lockIsFree: true,
    lockOptions: undefined as WindowLockOptions | undefined,
    locksHeld: 0,
    displaysLoaded: 0,
    displaysDisposed: 0,
    library: Promise.resolve(),
  }
  const session = createStreamSession<ConsoleDisplay>({
    kind,
    openSocket({ takeOver }) {
      const socket = new FakeSocket()
      sockets.push({ socket, takeOver })
      return socket as unknown as WebSocket
    },
    async loadDisplay() {
      world.displaysLoaded += 1
      await world.library
      return {
        attach: (socket, { onReady }) => socket.addEventListener('open', onReady),
        detach() {},
        shown() {},
        focus() {},
        dispose() {
          world.displaysDisposed += 1
        },
      }
    },
    renewals: () => world.renewals,
    readAccess: () =>
      Promise.resolve(
        world.missingRight === undefined
          ? { allowed: true }
          : { allowed: false, reason: world.missingRight },
      ),
    share: {
      carry: () => undefined,
      follow() {
        const socket = new FakeSocket()
        world.follows.push(socket)
        return socket as unknown as WebSocket
      },
      onFollowers(listener) {
        world.tellFollowers = listener
      },
      dispose: () => undefined,
    },
    async readGuest() {
      await world.waiting
      if (world.error) throw world.error
      return world.guest
    },
    acquireLock(options) {
      world.lockOptions = options
      const isTaken = !world.lockIsFree || world.locksHeld > 0
      if (isTaken && !options.move) return Promise.resolve(undefined)
      world.locksHeld += 1
      return Promise.resolve({
        release() {
          world.locksHeld -= 1
          return Promise.resolve()
        },
      })
    },
  })
  return {
    session,
    world,
    sockets,
    get latest() {
      const last = sockets.at(-1)
      if (!last) throw new Error('no socket was opened')
      return last
    },
    /** What the watch reports. */
    news(guest: VirtualMachineInstance | undefined) {
      world.guest = guest
      session.update(guest, true)
    },
    get state() {
      const state = session.getState()
      return state.name === 'disconnected' ? `disconnected ${state.cause}` : state.name
    },
  }
}

type Bench = ReturnType<typeof setUp>

const settled = () => vi.advanceTimersByTimeAsync(0)

async function live(kind: ConsoleKind = 'vnc'): Promise<Bench> {
  const bench = setUp(kind)
  bench.session.attach()
  bench.news(vmi())
  await settled()
  bench.latest.socket.accept()
  expect(bench.state).toBe('live')
  return bench
}

/** Long enough to find out why a stream ended, not long enough for a second retry. */
const explained = () => vi.advanceTimersByTimeAsync(900)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('console session', () => {
  it('connects by itself, once, and politely', async () => {
    const bench = setUp()
    bench.session.attach()
    let finishLoading = () => {}
    bench.world.library = new Promise((resolve) => {
      finishLoading = resolve
    })
    bench.news(vmi())
    await settled()
    bench.news(vmi())
    await settled()
    finishLoading()
    await settled()
    expect(bench.world.displaysLoaded).toBe(1)
    expect(bench.sockets.map(({ takeOver }) => takeOver)).toEqual([false])
    expect(bench.state).toBe('connecting')
  })

  it('is not shown as under way when it is quick, and opens one stream for two clicks', async () => {
    const bench = await live()
    bench.session.disconnect()
    const shown: string[] = []
    bench.session.subscribe(() => shown.push(bench.session.getShownState().name))
    bench.session.connect()
    bench.session.connect()
    await vi.advanceTimersByTimeAsync(100)
    expect(bench.state).toBe('connecting')
    bench.session.connect()
    await settled()
    expect(bench.sockets).toHaveLength(2)
    bench.latest.socket.accept()
    expect(new Set(shown)).toEqual(new Set(['disconnected', 'live']))

    bench.session.disconnect()
    bench.session.connect()
    await vi.advanceTimersByTimeAsync(200)
    expect(bench.session.getShownState().name).toBe('connecting')
  })

  it('opens nothing without the right, or before it is known', async () => {
    const bench = setUp()
    bench.session.attach()
    bench.session.update(vmi(), undefined)
    await settled()
    expect(bench.state).toBe('connecting')
    bench.session.update(vmi(), false)
    await settled()
    expect(bench.state).toBe('denied')
    expect(bench.sockets).toEqual([])
  })

  it('stays replaced, and takes over only when told', async () => {
    const bench = await live()
    bench.latest.socket.cut()
    expect(bench.state).toBe('disconnected unexplained')
    await explained()
    expect(bench.state).toBe('replaced')

    bench.session.detach()
    bench.session.attach()
    bench.news(vmi())
    await vi.advanceTimersByTimeAsync(120_000)
    expect(bench.state).toBe('replaced')
    expect(bench.sockets).toHaveLength(1)

    bench.session.connect({ takeOver: true })
    await settled()
    expect(bench.latest.takeOver).toBe(true)
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('says that the screen is in use when a polite connection is refused', async () => {
    const bench = setUp()
    bench.session.attach()
    bench.news(vmi())
    await settled()
    bench.latest.socket.cut()
    await explained()
    expect(bench.state).toBe('inUse')
    expect(bench.sockets).toHaveLength(1)
  })

  it('corrects itself when the news of the stop comes after the close', async () => {
    const bench = await live()
    bench.latest.socket.cut()
    await explained()
    expect(bench.state).toBe('replaced')
    bench.news(vmi({ phase: 'Succeeded' }))
    expect(bench.state).toBe('guestOff')
  })

  it('reconnects when the guest it was connected to has been restarted', async () => {
    const bench = await live()
    bench.world.guest = vmi({ deleted: true })
    bench.latest.socket.cut()
    await explained()
    expect(bench.state).toBe('guestOff')
    bench.news(vmi({ uid: 'u2', phase: 'Scheduling' }))
    await settled()
    expect(bench.sockets).toHaveLength(1)
    bench.news(vmi({ uid: 'u2' }))
    await settled()
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('leaves a restarted guest alone while nobody looks at it', async () => {
    const bench = await live()
    bench.session.detach()
    bench.world.guest = undefined
    bench.latest.socket.cut()
    await explained()
    bench.news(vmi({ uid: 'u2' }))
    await settled()
    expect(bench.sockets).toHaveLength(1)
    bench.session.attach()
    await settled()
    expect(bench.sockets).toHaveLength(2)
  })

  it('does not come back between a viewer who took over and a restart', async () => {
    const bench = await live()
    bench.latest.socket.cut()
    await vi.advanceTimersByTimeAsync(20_000)
    bench.news(undefined)
    expect(bench.state).toBe('guestOff')
    bench.news(vmi({ uid: 'u2' }))
    await settled()
    expect(bench.state).toBe('disconnected restarted')
    expect(bench.sockets).toHaveLength(1)
  })

  it('follows a migration to the other node', async () => {
    const bench = await live()
    bench.world.guest = vmi({ node: 'node-2' })
    bench.latest.socket.cut()
    await explained()
    expect(bench.state).toBe('migrating')
    await vi.advanceTimersByTimeAsync(500)
    expect(bench.sockets).toHaveLength(2)
    // The new node may not serve yet: that is no other viewer.
    bench.latest.socket.cut()
    await settled()
    expect(bench.state).toBe('migrating')
    await vi.advanceTimersByTimeAsync(500)
    expect(bench.latest.takeOver).toBe(false)
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('backs off while the cluster is out of reach, and comes back', async () => {
    const bench = await live()
    bench.world.error = new KubeError(0, 'no answer')
    bench.latest.socket.cut()
    await explained()
    const lost = bench.session.getState()
    expect(lost).toMatchObject({ name: 'disconnected', cause: 'network' })
    expect(lost).toHaveProperty('retryAt', expect.any(Number))
    await vi.advanceTimersByTimeAsync(1000)
    expect(bench.sockets).toHaveLength(2)
    bench.latest.socket.cut()
    await settled()
    bench.world.error = undefined
    await vi.advanceTimersByTimeAsync(2000)
    expect(bench.sockets).toHaveLength(3)
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('puts a cut down to the network when the watch was cut as well', async () => {
    const bench = await live()
    bench.latest.socket.cut()
    bench.session.update(bench.world.guest, true, true)
    await explained()
    expect(bench.state).toBe('disconnected network')
    bench.news(vmi())
    await settled()
    expect(bench.sockets.map(({ takeOver }) => takeOver)).toEqual([false, false])
  })

  it('says which right has been withdrawn, and asks anew when told to', async () => {
    const bench = await live()
    bench.world.missingRight = 'No right to vnc.'
    bench.latest.socket.cut()
    await explained()
    expect(bench.session.getState()).toEqual({ name: 'denied', detail: 'No right to vnc.' })
    bench.session.connect()
    await settled()
    expect(bench.state).toBe('denied')
    expect(bench.sockets).toHaveLength(1)
    bench.world.missingRight = undefined
    bench.session.connect()
    await settled()
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('comes back by itself when an expired sign-in is back', async () => {
    const bench = await live()
    bench.world.error = new KubeError(401, 'Unauthorized')
    bench.latest.socket.cut()
    await explained()
    expect(bench.state).toBe('expired')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(bench.state).toBe('expired')
    expect(bench.sockets).toHaveLength(1)
    bench.world.error = undefined
    window.dispatchEvent(new Event('focus'))
    await settled()
    expect(bench.latest.takeOver).toBe(false)
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('comes back when the credentials were renewed while it asked, and blames no other viewer', async () => {
    for (const wasOpen of [false, true]) {
      const bench = setUp()
      bench.session.attach()
      bench.news(vmi())
      await settled()
      if (wasOpen) bench.latest.socket.accept()
      let signIn = () => {}
      // The answer waits until somebody has signed in.
      bench.world.waiting = new Promise((resolve) => {
        signIn = resolve
      })
      bench.latest.socket.cut()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(bench.sockets).toHaveLength(1)
      bench.world.renewals += 1
      signIn()
      await settled()
      expect(bench.state).toBe('disconnected network')
      await vi.advanceTimersByTimeAsync(1000)
      bench.latest.socket.accept()
      expect(bench.state).toBe('live')
    }
  })

  it('knows an expired sign-in though the watch was cut as well', async () => {
    const bench = await live()
    bench.world.error = new KubeError(401, 'Unauthorized')
    bench.latest.socket.cut()
    bench.session.update(bench.world.guest, true, true)
    await explained()
    expect(bench.state).toBe('expired')
  })

  it('waits until the screen is free, politely and with growing pauses', async () => {
    const bench = setUp()
    bench.session.attach()
    bench.news(vmi())
    await settled()
    bench.latest.socket.cut()
    await explained()
    expect(bench.state).toBe('inUse')
    bench.session.connect({ wait: true })
    const asked: number[] = []
    for (let second = 0; second < 60; second += 1) {
      const before = bench.sockets.length
      await vi.advanceTimersByTimeAsync(1000)
      expect(bench.state).toBe('waiting')
      if (bench.sockets.length > before) asked.push(second)
      if (bench.latest.socket.readyState === 0) bench.latest.socket.cut()
      await settled()
    }
    expect(asked.length).toBeLessThan(7)
    expect(bench.sockets.every(({ takeOver }) => !takeOver)).toBe(true)
    await vi.advanceTimersByTimeAsync(30_000)
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('stops waiting when told to', async () => {
    const bench = await live()
    bench.latest.socket.cut()
    await explained()
    bench.session.connect({ wait: true })
    expect(bench.state).toBe('waiting')
    bench.session.disconnect()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(bench.state).toBe('disconnected byUser')
    expect(bench.sockets).toHaveLength(1)
  })

  it('says why it is connected again', async () => {
    const bench = await live()
    expect(bench.session.getState()).toEqual({ name: 'live' })
    bench.world.guest = undefined
    bench.latest.socket.cut()
    await explained()
    bench.news(vmi({ uid: 'u2' }))
    await settled()
    bench.latest.socket.accept()
    expect(bench.session.getState()).toMatchObject({ returned: { from: 'restart' } })
    bench.world.guest = vmi({ uid: 'u2', node: 'node-2' })
    bench.latest.socket.cut()
    await vi.advanceTimersByTimeAsync(1400)
    bench.latest.socket.accept()
    expect(bench.session.getState()).toMatchObject({ returned: { from: 'migration' } })
  })

  it.each([
    ['a moment', 5000, 'live'],
    ['long', 60_000, 'disconnected awayLong'],
  ])('away for %s, serial is %s', async (_word, awayMs, expected) => {
    const bench = await live('serial')
    bench.world.error = new KubeError(0, 'no answer')
    bench.latest.socket.cut()
    await explained()
    for (let passed = 0; passed < awayMs; passed += 500) {
      await vi.advanceTimersByTimeAsync(500)
      bench.latest.socket.cut()
    }
    const before = bench.sockets.length
    bench.world.error = undefined
    await vi.advanceTimersByTimeAsync(31_000)
    if (bench.sockets.length > before) bench.latest.socket.accept()
    // Nobody is displaced who may have come meanwhile.
    expect(bench.state).toBe(expected)
  })

  it('keeps proxies from cutting a quiet stream, with nothing for the guest', async () => {
    const bench = await live()
    const { socket } = bench.latest
    await vi.advanceTimersByTimeAsync(60_000)
    expect(socket.sent.map(({ length }) => length)).toEqual([0, 0])
    socket.cut()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(socket.sent).toHaveLength(2)
  })

  it('follows another window without a lock or a stream of its own', async () => {
    const bench = setUp('serial')
    bench.world.lockIsFree = false
    bench.session.attach()
    bench.news(vmi())
    await settled()
    expect(bench.state).toBe('disconnected otherTab')
    bench.session.connect({ follow: true })
    await settled()
    bench.world.follows[0]?.accept()
    expect(bench.session.getState()).toEqual({ name: 'live', isFollowing: true })
    expect(bench.sockets).toEqual([])
    // The other window has lost its stream, gets it back, and loses it for good.
    bench.world.follows[0]?.cut()
    await vi.advanceTimersByTimeAsync(1200)
    bench.world.follows[1]?.accept()
    expect(bench.state).toBe('live')
    bench.world.follows[1]?.cut()
    for (let turn = 0; turn < 30; turn += 1) {
      await vi.advanceTimersByTimeAsync(600)
      bench.world.follows.at(-1)?.cut()
    }
    await explained()
    expect(bench.state).toBe('disconnected followEnded')
    expect(bench.sockets).toEqual([])
  })

  it('says how many windows follow', async () => {
    const bench = await live('serial')
    bench.world.tellFollowers(1)
    expect(bench.session.getState()).toEqual({ name: 'live', followers: 1 })
    bench.world.tellFollowers(0)
    expect(bench.session.getState()).toEqual({ name: 'live' })
  })

  it('stays disconnected when the user disconnected', async () => {
    const bench = await live()
    bench.session.disconnect()
    expect(bench.state).toBe('disconnected byUser')
    bench.session.detach()
    bench.session.attach()
    bench.news(vmi())
    await explained()
    expect(bench.state).toBe('disconnected byUser')
    expect(bench.sockets).toHaveLength(1)
    expect(bench.world.locksHeld).toBe(0)
  })

  it('keeps its stream while it is off the page', async () => {
    const bench = await live('serial')
    bench.session.detach()
    await vi.advanceTimersByTimeAsync(120_000)
    bench.session.attach()
    expect(bench.state).toBe('live')
    expect(bench.sockets).toHaveLength(1)
  })

  it('leaves a session alone that another tab has, and moves it here on request', async () => {
    const bench = setUp()
    bench.world.lockIsFree = false
    bench.session.attach()
    bench.news(vmi())
    await settled()
    expect(bench.state).toBe('disconnected otherTab')
    expect(bench.sockets).toEqual([])
    bench.session.connect({ move: true })
    await settled()
    bench.latest.socket.accept()
    expect(bench.state).toBe('live')
  })

  it('makes one display, however often one connects while it loads, and disposes of it', async () => {
    const bench = setUp()
    let arrive: (() => void) | undefined
    bench.world.library = new Promise((resolve) => (arrive = resolve))
    bench.session.attach()
    bench.news(vmi())
    await settled()
    bench.session.disconnect()
    bench.session.connect()
    await settled()
    bench.session.dispose()
    arrive?.()
    await settled()
    expect(bench.world).toMatchObject({ displaysLoaded: 1, displaysDisposed: 1, locksHeld: 0 })
    expect(bench.sockets).toEqual([])
  })

  it('gives way to another tab that asks', async () => {
    const bench = await live()
    bench.world.lockOptions?.onAsked()
    expect(bench.state).toBe('disconnected moved')
    await settled()
    expect(bench.world.locksHeld).toBe(0)
  })
})
