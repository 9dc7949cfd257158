import { request as httpRequest } from 'node:http'
import type { OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

import type { Admitted } from './admission.ts'
import { messageOf } from './cluster-connection.ts'
import type { Refusal } from './status.ts'

const timeoutMs = 15_000
const maxAnswerBytes = 1024 * 1024

/** Asks the cluster for JSON as the person whose request was admitted; refusals keep its words. */
export function askCluster<T>(
  admitted: Admitted,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<T | Refusal> {
  const { server, agent } = admitted.route
  const payload = body && JSON.stringify(body)
  const send = server.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const outgoing = send({
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      path: `${server.pathname.replace(/\/$/, '')}${path}`,
      method,
      agent,
      timeout: timeoutMs,
      headers: {
        ...identity(admitted),
        accept: 'application/json',
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
      },
    })
    const fail = (error: unknown) =>
      resolve({
        code: 503,
        reason: 'ServiceUnavailable',
        message: `The gateway can't reach the cluster at ${server.origin}: ${messageOf(error)}`,
      })
    outgoing.on('timeout', () => outgoing.destroy(new Error('it does not answer')))
    outgoing.on('error', fail)
    outgoing.on('response', (response) => {
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxAnswerBytes) response.destroy(new Error('its answer is too long'))
      })
      text(response).then((answer) => resolve(read<T>(response.statusCode ?? 0, answer)), fail)
    })
    outgoing.end(payload)
  })
}

/** Who asks; nothing else of the request, which is about other bytes. */
function identity({ route, headers }: Admitted): OutgoingHttpHeaders {
  const isIdentity = (name: string) =>
    name === 'authorization' || name === 'host' || name.startsWith('impersonate-')
  const own = Object.entries(headers).filter(([name]) => isIdentity(name))
  return { ...Object.fromEntries(own), ...route.headers }
}

function read<T>(code: number, answer: string): T | Refusal {
  let value: unknown
  try {
    value = JSON.parse(answer)
  } catch {
    value = undefined
  }
  if (code >= 200 && code < 300 && value !== undefined) return value as T
  const { message, reason } = (value ?? {}) as { message?: string; reason?: string }
  return {
    code: code >= 400 ? code : 502,
    reason: reason ?? 'InternalError',
    message: message ?? (answer.slice(0, 500) || `The cluster answered ${code}`),
  }
}
