import type { IncomingMessage } from 'node:http'

import type { Refusal } from '../status.ts'

/**
 * Calls `onIdle` when a client has paused for too long within a body. A body that nobody reads at the
 * moment, because what it goes to is slow, is not the client's fault.
 */
export function limitIdleBody(request: IncomingMessage, idleMs: number, onIdle: () => void) {
  // Node reports it only while the request is incomplete.
  request.setTimeout(idleMs, () => {
    if (request.readableFlowing === true) onIdle()
    else request.setTimeout(idleMs)
  })
  // What comes after the body is an answer, which may take as long as it likes.
  request.once('end', () => request.setTimeout(0))
}

export const idleBody: Refusal = {
  code: 408,
  reason: 'Timeout',
  message: 'The request’s body stopped coming',
  cause: 'idle-body',
}

export function tooLarge(maxBytes: number): Refusal {
  return {
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `The request’s body is larger than the ${maxBytes} bytes that the gateway passes on to the cluster API`,
    cause: 'body-size',
  }
}

/** Whether the request says of itself that it is too large. */
export function isDeclaredTooLarge(request: IncomingMessage, maxBytes: number) {
  return Number(request.headers['content-length'] ?? 0) > maxBytes
}

/** Calls `onTooLarge` once more has come than may; for bodies in chunks, whose length nobody knows. */
export function limitBodySize(request: IncomingMessage, maxBytes: number, onTooLarge: () => void) {
  let size = 0
  const onData = (chunk: Buffer) => {
    size += chunk.length
    if (size <= maxBytes) return
    request.off('data', onData)
    onTooLarge()
  }
  // To listen for data makes them flow, and what they are for may not be there yet.
  request.once('resume', () => request.on('data', onData))
}
