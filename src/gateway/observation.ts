import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import { apiTargetOf, isDryRun } from './api-target.ts'
import type { AuditLog, AuditRecord } from './audit/audit-log.ts'
import type { Identity } from './identity.ts'
import type { Metrics, SignInResult } from './metrics/metrics.ts'
import { guestOf } from './rdp/rdp-leg.ts'
import { isRead, requestKindOf, streamKindOf } from './request-kind.ts'
import type { StreamKind } from './request-kind.ts'
import { withoutQuery } from './request-path.ts'
import type { SignInReport } from './session-routes.ts'
import { onUpgradeAnswer } from './upgrade.ts'
import { claimOf } from './upload/upload-leg.ts'

/** A request as it has arrived. */
export interface Arrival {
  request: IncomingMessage
  /** Without a cluster's prefix. */
  target: string
  /** Name of the cluster that it is for; empty if for none. */
  cluster: string
  client: string
  who: () => Promise<Identity>
}

/** What is kept in the audit log and counted, of all that passes. */
export interface Observation {
  request(arrival: Arrival, response: ServerResponse): void
  upgrade(arrival: Arrival, socket: Duplex): void
  signIn: (arrival: Arrival, what: SignInReport) => void
}

/** @param onError told when it can't be said who somebody is */
export function createObservation(
  audit: AuditLog | undefined,
  metrics: Metrics,
  onError: (error: unknown) => void,
): Observation {
  function write(
    { cluster, client, who }: Arrival,
    facts: Omit<AuditRecord, 'user' | 'identifiedBy' | 'cluster' | 'client'>,
  ) {
    if (!audit) return
    who().then(
      ({ user, identifiedBy }) => audit.write({ ...facts, user, identifiedBy, cluster, client }),
      onError,
    )
  }

  return {
    request(arrival, response) {
      const start = performance.now()
      const method = arrival.request.method ?? ''
      const { target } = arrival
      const stream = streamKindOf(target, false)
      const closeStream = isRead(method) && stream ? metrics.stream(stream) : undefined
      const kind = requestKindOf(method, target)
      const isMutation = (kind === 'write' || kind === 'upload') && !isRead(method)
      // Asked at once: the session may be another one, or gone, when the answer is there.
      const who = isMutation ? remember(arrival) : arrival
      response.once('close', () => {
        const status = response.headersSent ? response.statusCode : undefined
        const durationMs = Math.round(performance.now() - start)
        closeStream?.()
        if (!closeStream) metrics.request({ method, kind, status, seconds: durationMs / 1000 })
        if (!isMutation) return
        write(who, {
          event: 'mutation',
          ...subjectOf(method, target),
          ...(isDryRun(target) && { dryRun: true }),
          ...(status !== undefined && { status }),
          ...(!response.writableFinished && { aborted: true }),
          durationMs,
        })
      })
    },

    upgrade(arrival, socket) {
      const kind = streamKindOf(arrival.target, true) ?? 'other'
      const start = performance.now()
      const who = kind === 'watch' ? arrival : remember(arrival)
      const facts = {
        console: kind,
        session: randomUUID(),
        ...subjectOf('GET', arrival.target, true),
      }
      onUpgradeAnswer(socket, (status) => {
        if (status === 101) follow(kind, start, who, facts, socket)
        else if (kind !== 'watch') write(who, { event: 'console-refused', ...facts, status })
      })
    },

    signIn(arrival, { event, way, status, user }) {
      metrics.signIn(event === 'sign-in' ? way : event, resultOf(status))
      const who = async (): Promise<Identity> =>
        user === undefined ? arrival.who() : { user, identifiedBy: 'session', key: '' }
      write({ ...arrival, who }, { event, way, status })
    },
  }

  function follow(
    kind: StreamKind,
    start: number,
    arrival: Arrival,
    facts: Pick<AuditRecord, 'console' | 'session'>,
    socket: Duplex,
  ) {
    const bytes = byteMeter(socket)
    const close = metrics.stream(kind, bytes)
    let end: 'closed' | 'broken' = 'broken'
    for (const event of ['end', 'finish']) socket.once(event, () => (end = 'closed'))
    socket.once('error', () => (end = 'broken'))
    if (kind !== 'watch') write(arrival, { event: 'console-open', ...facts, status: 101 })
    socket.once('close', () => {
      close()
      if (kind === 'watch') return
      const { fromClient, toClient } = bytes()
      write(arrival, {
        event: 'console-end',
        ...facts,
        durationMs: Math.round(performance.now() - start),
        bytesFromClient: fromClient,
        bytesToClient: toClient,
        end,
      })
    })
  }
}

function remember(arrival: Arrival): Arrival {
  const known = arrival.who()
  // Whoever asks is told; until then nobody has to hear of it.
  known.catch(() => undefined)
  return { ...arrival, who: () => known }
}

function resultOf(status: number): SignInResult {
  if (status < 400) return 'accepted'
  if (status === 429) return 'limited'
  return status >= 500 ? 'failed' : 'refused'
}

/** What a request is about, in the words of RBAC. */
function subjectOf(method: string, target: string, isUpgrade = false): Partial<AuditRecord> {
  const guest = guestOf(target)
  const claim = claimOf(target)
  if (guest) {
    return {
      verb: 'connect',
      group: 'subresources.kubevirt.io',
      resource: 'virtualmachineinstances',
      subresource: 'portforward',
      ...guest,
    }
  }
  if (claim) {
    return {
      verb: 'create',
      group: 'upload.cdi.kubevirt.io',
      resource: 'uploadtokenrequests',
      subresource: '',
      ...claim,
    }
  }
  return apiTargetOf(method, target, isUpgrade) ?? { verb: method, path: withoutQuery(target) }
}

/** Counts from now on what goes through a connection. */
function byteMeter(socket: Duplex) {
  if (!(socket instanceof Socket)) return () => ({ fromClient: 0, toClient: 0 })
  const before = { read: socket.bytesRead, written: socket.bytesWritten }
  let last = { fromClient: 0, toClient: 0 }
  return () => {
    // A socket that is gone has forgotten what it wrote.
    const { bytesRead, bytesWritten } = socket
    last = {
      fromClient: Math.max(last.fromClient, bytesRead - before.read),
      toClient: Math.max(last.toClient, (bytesWritten ?? 0) - before.written),
    }
    return last
  }
}
