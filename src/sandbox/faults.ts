/**
 * Faults a person can switch on by hand, to see what a client makes of them. They sit before the
 * API server, as a bad network or an overloaded cluster would.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** What is wrong at the moment. Everything zero or off is a healthy cluster. */
interface FaultState {
  /** Milliseconds by which every request is delayed. */
  latencyMs: number
  /** Answers this share (0 to 1) of requests with this code, e.g. 429 or 500. */
  status: { code: number; ratio: number } | null
  /** Every bearer token is taken for expired: 401. */
  expireTokens: boolean
  /** Time left during which connections are cut and refused, in milliseconds. */
  refuseConnectionsMs: number
  /** Nodes whose kubelet has stopped reporting. */
  stoppedNodes: string[]
}

/** What faults do to the cluster itself. */
export interface FaultTargets {
  /** Forgets the history of changes. */
  compact: () => void
  setKubelet: (node: string, isRunning: boolean) => void
}

/** A change of {@link FaultState}, with what is done once. */
export interface FaultChange extends Partial<FaultState> {
  /** Cuts every open watch now. */
  dropWatches?: boolean
  /** Cuts every open stream that is no watch now: consoles and forwarded ports. */
  dropStreams?: boolean
  /** Forgets the history of changes, so that watches from before get 410. */
  compact?: boolean
}

export interface Faults {
  readonly state: FaultState
  /** Throws when a field is unknown or has a wrong value. */
  apply(change: FaultChange): void
  /** Passes a request on, late or not at all. */
  handle(request: IncomingMessage, response: ServerResponse, pass: () => void): void
  upgrade(request: IncomingMessage, socket: Duplex, pass: () => void): void
  close(): void
}

export function createFaults(server: Server, { compact, setKubelet }: FaultTargets): Faults {
  let latencyMs = 0
  let status: FaultState['status'] = null
  let expireTokens = false
  let refuseUntil = 0
  let stoppedNodes: string[] = []
  const sockets = new Set<Duplex>()
  const watches = new Set<Duplex>()
  const streams = new Set<Duplex>()
  const timers = new Set<NodeJS.Timeout>()

  server.on('connection', (socket) => {
    if (isRefusing()) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })

  function isRefusing(): boolean {
    return Date.now() < refuseUntil
  }

  function delay(action: () => void): void {
    if (latencyMs === 0) {
      action()
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, latencyMs)
    timers.add(timer)
  }

  function trackWatch(
    request: IncomingMessage,
    socket: Duplex,
    end: (done: () => void) => void,
  ): void {
    if (!isWatch(request)) return
    watches.add(socket)
    end(() => watches.delete(socket))
  }

  function isWatch({ url = '' }: IncomingMessage): boolean {
    return /[?&]watch=(1|true)\b/.test(url)
  }

  function fault(): { code: number; reason: string; message: string } | undefined {
    if (expireTokens) return { code: 401, reason: 'Unauthorized', message: 'Unauthorized' }
    if (status && Math.random() < status.ratio) {
      return {
        code: status.code,
        reason: REASONS[status.code] ?? 'InternalError',
        message: MESSAGES[status.code] ?? `the sandbox was told to answer ${status.code}`,
      }
    }
    return undefined
  }

  return {
    get state() {
      const left = Math.max(0, refuseUntil - Date.now())
      return { latencyMs, status, expireTokens, refuseConnectionsMs: left, stoppedNodes }
    },
    apply(change) {
      const wanted = checked(change)
      latencyMs = wanted.latencyMs ?? latencyMs
      if (wanted.status !== undefined) status = wanted.status
      expireTokens = wanted.expireTokens ?? expireTokens
      if (wanted.stoppedNodes) {
        const stopped = wanted.stoppedNodes
        for (const node of stoppedNodes) if (!stopped.includes(node)) setKubelet(node, true)
        for (const node of stopped) setKubelet(node, false)
        stoppedNodes = stopped
      }
      if (wanted.compact) compact()
      if (wanted.dropWatches) for (const socket of watches) socket.destroy()
      if (wanted.dropStreams) for (const socket of streams) socket.destroy()
      if (wanted.refuseConnectionsMs === undefined) return
      refuseUntil = Date.now() + wanted.refuseConnectionsMs
      if (wanted.refuseConnectionsMs === 0) return
      // The answer to the request that asked for this still gets out.
      const timer = setTimeout(() => {
        timers.delete(timer)
        for (const socket of sockets) socket.destroy()
      }, ANSWER_MS)
      timers.add(timer)
    },
    handle(request, response, pass) {
      trackWatch(request, request.socket, (done) => response.on('close', done))
      delay(() => {
        const problem = fault()
        if (!problem) {
          pass()
          return
        }
        response
          .writeHead(problem.code, {
            'content-type': 'application/json',
            ...(problem.code === 429 ? { 'retry-after': '1' } : {}),
          })
          .end(JSON.stringify(statusObject(problem)))
      })
    },
    upgrade(request, socket, pass) {
      trackWatch(request, socket, (done) => socket.on('close', done))
      if (!isWatch(request)) {
        streams.add(socket)
        socket.on('close', () => streams.delete(socket))
      }
      delay(() => {
        const problem = fault()
        if (!problem) {
          pass()
          return
        }
        const body = JSON.stringify(statusObject(problem))
        socket.end(
          `HTTP/1.1 ${problem.code} ${problem.reason}\r\ncontent-type: application/json\r\n` +
            `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
        )
      })
    },
    close() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

const ANSWER_MS = 20

const REASONS: Record<number, string> = {
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

const MESSAGES: Record<number, string> = {
  429: 'Too many requests, please try again later.',
  500: 'Internal error occurred: the sandbox was told to fail',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted',
}

function statusObject(problem: { code: number; reason: string; message: string }): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    ...problem,
    ...(problem.code === 429 ? { details: { retryAfterSeconds: 1 } } : {}),
  }
}

function checked(change: FaultChange): FaultChange {
  const isTime = (value: unknown): boolean =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0
  const isFlag = (value: unknown): boolean => typeof value === 'boolean'
  const valid: Record<keyof FaultChange, (value: unknown) => boolean> = {
    latencyMs: isTime,
    refuseConnectionsMs: isTime,
    expireTokens: isFlag,
    dropWatches: isFlag,
    dropStreams: isFlag,
    compact: isFlag,
    stoppedNodes: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
    status: (value) => {
      if (value === null) return true
      const { code, ratio } = value as { code?: unknown; ratio?: unknown }
      return (
        Number.isInteger(code) &&
        Number(code) >= 400 &&
        Number(code) < 600 &&
        typeof ratio === 'number' &&
        ratio >= 0 &&
        ratio <= 1
      )
    },
  }
  for (const [field, value] of Object.entries(change)) {
    const check = Object.hasOwn(valid, field) ? valid[field as keyof FaultChange] : undefined
    if (!check) throw new Error(`there is no fault ${field}`)
    if (!check(value)) throw new Error(`${field} can't be ${JSON.stringify(value)}`)
  }
  return change
}
