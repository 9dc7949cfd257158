import type { ServerResponse } from 'node:http'

/** Why the gateway itself refuses a request, in the form in which clients know refusals. */
export interface Refusal {
  code: number
  /** A Kubernetes reason such as `Forbidden`. */
  reason: string
  message: string
  /** When to try again, where that is known. */
  retryAfterSeconds?: number
  /** For the metrics: which defence it was. */
  cause?: RefusalCause
}

export const refusalCauses = [
  'foreign',
  'malformed',
  'header-size',
  'header-time',
  'body-size',
  'idle-body',
  'requests-per-address',
  'upgrades-per-person',
  'upgrades',
] as const
type RefusalCause = (typeof refusalCauses)[number]

/** A Kubernetes Status, so that the page and kubectl show our words as they show the cluster's. */
export function toStatus(refusal: Refusal) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: refusal.message,
    reason: refusal.reason,
    ...(refusal.retryAfterSeconds !== undefined && {
      details: { retryAfterSeconds: refusal.retryAfterSeconds },
    }),
    code: refusal.code,
  }
}

export function sendStatus(response: ServerResponse, refusal: Refusal) {
  const body = `${JSON.stringify(toStatus(refusal))}\n`
  response.writeHead(refusal.code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(refusal.retryAfterSeconds !== undefined && {
      'retry-after': String(refusal.retryAfterSeconds),
    }),
  })
  response.end(body)
}
