import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

import { requestKinds, streamKinds } from '../request-kind.ts'
import type { RequestKind, StreamKind } from '../request-kind.ts'
import { refusalCauses } from '../status.ts'
import type { Refusal } from '../status.ts'

export type SignInResult = 'accepted' | 'refused' | 'limited' | 'failed'

/** How much has gone through an open stream so far. */
interface StreamBytes {
  fromClient: number
  toClient: number
}

export interface Metrics {
  registry: Registry
  request(facts: {
    method: string
    kind: RequestKind
    /** Undefined if the client left before there was one. */
    status: number | undefined
    seconds: number
  }): void
  /**
   * Counts a stream until it is closed.
   * @param bytes asked at each scrape and at the end
   * @returns to be called at its end
   */
  stream(kind: StreamKind, bytes?: () => StreamBytes): () => void
  /** @param way to sign in, or `sign-out`, or `refresh-failed` */
  signIn(way: string, result: SignInResult): void
  refused(cause: Refusal['cause']): void
  clusterError(cluster: string): void
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * What Prometheus is told. Every label has few values that are known beforehand (clusters are those of
 * the configuration): no name of a VM, a namespace, a user or an address is among them.
 * @param withProcess also what Node tells of itself: memory, processor, event loop
 */
export function createMetrics(clusters: readonly string[], withProcess: boolean): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const name = (rest: string) => `kubevirt_console_${rest}`
  if (withProcess) collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: name('request_duration_seconds'),
    help: 'Time from the headers of a request to the end of its answer, without streams',
    labelNames: ['method', 'kind', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  const openStreams = new Gauge({
    name: name('open_streams'),
    help: 'Watches, logs and consoles that are open',
    labelNames: ['kind'],
    registers,
  })
  const streams = new Counter({
    name: name('streams_total'),
    help: 'Watches, logs and consoles that were opened',
    labelNames: ['kind'],
    registers,
  })
  const open = new Set<() => void>()
  const spliced = new Counter({
    name: name('spliced_bytes_total'),
    help: 'Bytes of upgraded connections, as they went over the wire between client and gateway',
    labelNames: ['kind', 'direction'],
    registers,
    collect: () => open.forEach((update) => update()),
  })
  const signIns = new Counter({
    name: name('sign_ins_total'),
    help: 'Attempts to sign in, sessions that could not be renewed, and ones that were ended',
    labelNames: ['way', 'result'],
    registers,
  })
  const refusals = new Counter({
    name: name('refused_total'),
    help: 'Requests and connections that a defence of the gateway has refused',
    labelNames: ['cause'],
    registers,
  })
  const clusterErrors = new Counter({
    name: name('cluster_errors_total'),
    help: 'Requests for which the cluster, or credentials for it, could not be had',
    labelNames: ['cluster'],
    registers,
  })
  // What has not happened yet is 0 rather than absent.
  for (const kind of streamKinds) {
    openStreams.set({ kind }, 0)
    streams.inc({ kind }, 0)
  }
  for (const cause of refusalCauses) refusals.inc({ cause }, 0)
  for (const cluster of clusters) clusterErrors.inc({ cluster }, 0)
  for (const kind of requestKinds) requests.zero({ method: 'GET', kind, status: '2xx' })

  return {
    registry,
    request({ method, kind, status, seconds }) {
      requests.observe(
        {
          method: methods.has(method) ? method : 'other',
          kind,
          status: status === undefined ? 'aborted' : `${Math.floor(status / 100)}xx`,
        },
        seconds,
      )
    },
    stream(kind, bytes) {
      openStreams.inc({ kind })
      streams.inc({ kind })
      let told: StreamBytes = { fromClient: 0, toClient: 0 }
      const update = () => {
        const now = bytes?.() ?? told
        spliced.inc(
          { kind, direction: 'from-client' },
          Math.max(0, now.fromClient - told.fromClient),
        )
        spliced.inc({ kind, direction: 'to-client' }, Math.max(0, now.toClient - told.toClient))
        told = now
      }
      if (bytes) open.add(update)
      return () => {
        if (bytes) update()
        open.delete(update)
        openStreams.dec({ kind })
      }
    },
    signIn: (way, result) => signIns.inc({ way, result }),
    refused: (cause) => cause && refusals.inc({ cause }),
    clusterError: (cluster) => clusterErrors.inc({ cluster }),
  }
}
