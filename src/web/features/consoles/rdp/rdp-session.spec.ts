// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import type { RdpConnection, RdpCredentials } from './rdp-client.ts'
import type { RdpDisplay } from './rdp-display.ts'
import { RdpConnectError, rdpProblem, type RdpProblemKind } from './rdp-problem.ts'
import { createRdpSession, type RdpSession } from './rdp-session.ts'

interface Facts {
  uid?: string
  phase?: string
  node?: string
  isMoving?: boolean
}

function vmi({ uid = 'u1', phase = 'Running', node = 'node-1', isMoving = false }: Facts = {}) {
  const migrationState = isMoving ? { startTimestamp: 'now' } : undefined
  return {
    metadata: { uid },
    status: { phase, nodeName: node, migrationState },
  } as unknown as VirtualMachineInstance
}

interface Attempt {
  credentials: RdpCredentials
  signal: AbortSignal
  isClosed: boolean
  /** The server's window no longer fits. */
  onStale: () => void
  succeed(): void
  fail(kind: RdpProblemKind): void
  /** Ends what stood: with a farewell of the guest, or cut. */
  end(farewell?: string): void
}

const anna = { username: 'anna', password: 'secret', domain: '' }

/** A session, and the guest and the cluster around it as the test wants them. */
function setUp() {
  const attempts: Attempt[] = []
  const world = {
    guest: vmi() as VirtualMachineInstance | undefined,
    error: undefined as KubeError | undefined,
    missingRight: undefined as string | undefined,
    renewals: 0,
    pictures: [] as ('kept' | 'cleared')[],
    loads: 0,
    loadError: undefined as Error | undefined,
    disposed: 0,
  }
  const display: RdpDisplay = {
    clipboard: undefined as never,
    open: ({ credentials, signal, onStale }) =>
      new Promise<RdpConnection>((resolve, reject) => {
        let end = (_farewell: string) => {}
        let cut = (_why: Error) => {}
        const ended = new Promise<string>((say, breakOff) => {
          end = say
          cut = breakOff
        })
        const attempt: Attempt = {
          credentials,
          signal,
          onStale,
          isClosed: false,
          succeed: () =>
            resolve({
              ended,
              close() {
                attempt.isClosed = true
                end('closed here')
              },
            } as unknown as RdpConnection),
          fail: (kind) => reject(new RdpConnectError(rdpProblem(kind))),
          end: (farewell) => (farewell === undefined ? cut(new Error('cut')) : end(farewell)),
        }
        attempts.push(attempt)
      }),
    closed: (isPictureKept) => world.pictures.push(isPictureKept ? 'kept' : 'cleared'),
    setScale: () => undefined,
    sendKeys: () => undefined,
    shown: () => undefined,
    focus: () => undefined,
    dispose() {
      world.disposed += 1
    },
  }
  const session = createRdpSession({
    endpoint: { url: '/api/rdp/of-the-guest' },
    loadDisplay() {
      world.loads += 1
      return world.loadError ? Promise.reject(world.loadError) : Promise.resolve(display)
    },
    readGuest: () => (world.error ? Promise.reject(world.error) : Promise.resolve(world.guest)),
    renewals: () => world.renewals,
    readAccess: () =>
      Promise.resolve(
        world.missingRight === undefined
          ? { allowed: true }
          : { allowed: false, reason: world.missingRight },
      ),
  })
  return {
    session,
    world,
    attempts,
    get latest() {
      const last = attempts.at(-1)
      if (!last) throw new Error('nothing was opened')
      return last
    },
    /** What the watch reports. */
    news(guest: VirtualMachineInstance | undefined, allowed = true) {
      world.guest = guest
      session.update(guest, allowed)
    },
    get state() {
      return stateOf(session)
    },
  }
}

function stateOf(session: RdpSession): string {
  const state = session.getState()
  if (state.name === 'disconnected') return `disconnected ${state.cause}`
  if (state.name === 'signIn') return `signIn ${state.problem?.kind ?? ''}`.trim()
  return state.name
}

const settled = () => vi.advanceTimersByTimeAsync(0)
/** Long enough to find out why a connection ended. */
const explained = () => vi.advanceTimersByTimeAsync(750)

async function signedIn() {
  const bench = setUp()
  bench.session.attach()
  bench.news(vmi())
  bench.session.signIn(anna)
  await settled()
  bench.latest.succeed()
  await settled()
  expect(bench.state).toBe('live')
  return bench
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('rdp session', () => {
  it('loads and connects nothing before somebody signs in', async () => {
    const bench = setUp()
    bench.session.attach()
    bench.news(vmi())
    bench.session.connect()
    await settled()
    expect(bench.state).toBe('signIn')
    expect(bench.world.loads).toBe(0)
    bench.session.signIn(anna)
    expect(bench.state).toBe('connecting')
    await settled()
    expect(bench.latest.credentials).toEqual(anna)
    expect(bench.session.lastUser).toEqual({ username: 'anna', domain: '' })
  })

  it.each([
    ['wrongPassword', 'signIn wrongPassword'],
    ['portClosed', 'signIn portClosed'],
    ['noRight', 'denied'],
    ['signedOut', 'expired'],
  ] as const)('says of a first connection that fails: %s', async (kind, state) => {
    const bench = setUp()
    bench.session.attach()
    bench.news(vmi())
    bench.session.signIn(anna)
    await settled()
    bench.latest.fail(kind)
    await settled()
    expect(bench.state).toBe(state)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(bench.attempts).toHaveLength(1)
  })

  it('loads its client again if it could not be loaded', async () => {
    const bench = setUp()
    bench.news(vmi())
    bench.world.loadError = new RdpConnectError(rdpProblem('client'))
    bench.session.signIn(anna)
    await settled()
    expect(bench.state).toBe('signIn client')
    bench.world.loadError = undefined
    bench.session.signIn(anna)
    await settled()
    bench.latest.succeed()
    await settled()
    expect(bench.state).toBe('live')
  })

  it('reconnects by itself after a cut, with a picture and with patience', async () => {
    const bench = await signedIn()
    bench.latest.end()
    await explained()
    expect(bench.state).toBe('disconnected network')
    expect(bench.world.pictures.at(-1)).toBe('kept')
    await vi.advanceTimersByTimeAsync(500)
    expect(bench.attempts).toHaveLength(2)
    expect(bench.latest.credentials).toEqual(anna)
    bench.latest.fail('portClosed')
    await settled()
    expect(bench.state).toBe('disconnected network')
    await vi.advanceTimersByTimeAsync(1000)
    bench.latest.succeed()
    await settled()
    expect(bench.state).toBe('live')
  })

  it('asks for the sign-in again when patience has an end or the password is refused', async () => {
    const bench = await signedIn()
    bench.latest.end()
    await explained()
    for (let tries = 0; tries < 20 && bench.state !== 'signIn hungUp'; tries += 1) {
      await vi.advanceTimersByTimeAsync(30_000)
      bench.latest.fail('hungUp')
      await settled()
    }
    expect(bench.state).toBe('signIn hungUp')

    const other = await signedIn()
    other.latest.end()
    await explained()
    await vi.advanceTimersByTimeAsync(500)
    other.latest.fail('wrongPassword')
    await settled()
    expect(other.state).toBe('signIn wrongPassword')
    other.session.connect()
    await settled()
    expect(other.state).toBe('signIn')
  })

  it('waits for the network off the screen, and goes on when looked at', async () => {
    const bench = await signedIn()
    bench.session.detach()
    bench.latest.end()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(bench.attempts).toHaveLength(1)
    bench.session.attach()
    await settled()
    expect(bench.attempts).toHaveLength(2)
  })

  it('follows a migration with the same sign-in', async () => {
    const bench = await signedIn()
    bench.news(vmi({ isMoving: true }))
    bench.latest.end()
    await explained()
    expect(bench.state).toBe('migrating')
    await vi.advanceTimersByTimeAsync(500)
    bench.latest.fail('unreachable')
    await settled()
    expect(bench.state).toBe('migrating')
    bench.news(vmi({ node: 'node-2' }))
    await vi.advanceTimersByTimeAsync(2000)
    bench.latest.succeed()
    await settled()
    expect(bench.state).toBe('live')
    expect(bench.latest.credentials).toEqual(anna)
  })

  it('tells a restart, and signs in anew only when told to', async () => {
    const bench = await signedIn()
    bench.news(vmi({ uid: 'u2' }))
    bench.latest.end()
    await explained()
    expect(bench.state).toBe('disconnected restarted')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(bench.attempts).toHaveLength(1)
    bench.session.connect()
    await settled()
    expect(bench.latest.credentials).toEqual(anna)
  })

  it('tells that the guest is off, and that it is back', async () => {
    const bench = await signedIn()
    bench.news(undefined)
    bench.latest.end()
    await explained()
    expect(bench.state).toBe('guestOff')
    bench.news(vmi({ uid: 'u2' }))
    expect(bench.state).toBe('disconnected restarted')
  })

  it('takes a farewell for an end, and forgets the password', async () => {
    const bench = await signedIn()
    bench.latest.end('Signed out')
    await explained()
    expect(bench.state).toBe('disconnected ended')
    bench.session.connect()
    await settled()
    expect(bench.state).toBe('signIn')
    expect(bench.attempts).toHaveLength(1)
  })

  it('tells an expired sign-in to the cluster from a right that is gone', async () => {
    const expired = await signedIn()
    expired.world.error = new KubeError(401, 'Unauthorized')
    expired.latest.end()
    await explained()
    expect(expired.state).toBe('expired')

    const denied = await signedIn()
    denied.world.missingRight = 'may not get portforward'
    denied.latest.end()
    await explained()
    expect(denied.session.getState()).toEqual({ name: 'denied', detail: 'may not get portforward' })
  })

  it('goes on when the sign-in to the cluster has been renewed, with the same password', async () => {
    const bench = setUp()
    bench.session.attach()
    bench.news(vmi())
    bench.session.signIn(anna)
    await settled()
    // What asks the cluster renews it.
    bench.world.renewals += 1
    bench.latest.fail('signedOut')
    await settled()
    expect(bench.attempts).toHaveLength(2)
    bench.latest.succeed()
    await settled()
    expect(bench.state).toBe('live')
    expect(bench.latest.credentials).toEqual(anna)
  })

  it('opens a desktop anew for a size that its server does not follow', async () => {
    const bench = await signedIn()
    const first = bench.latest
    first.onStale()
    await settled()
    expect(first.isClosed).toBe(true)
    expect(bench.attempts).toHaveLength(2)
    bench.latest.succeed()
    await settled()
    // The end of the first one is no end of the second.
    await explained()
    expect(bench.state).toBe('live')
  })

  it('can be given up, and leaves nothing behind', async () => {
    const bench = setUp()
    bench.news(vmi())
    bench.session.signIn(anna)
    await settled()
    bench.session.disconnect()
    expect(bench.latest.signal.aborted).toBe(true)
    expect(bench.state).toBe('signIn')

    const live = await signedIn()
    live.session.disconnect()
    expect(live.latest.isClosed).toBe(true)
    expect(live.state).toBe('disconnected byUser')
    expect(live.world.pictures.at(-1)).toBe('cleared')
    live.session.dispose()
    await settled()
    expect(live.world.disposed).toBe(1)
    expect(live.session.lastUser).toBeUndefined()
  })
})
