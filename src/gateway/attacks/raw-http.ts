/** Attacks that no tidy client would send. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import { answerWith, gateway } from '../gateway-harness.ts'

/**
 * Sends bytes as they are, on a connection of their own. What is to be answered says
 * `connection: close`, or nothing would end.
 * @returns all that comes back, until the gateway closes; empty if it does without a word
 */
export async function sendRaw(...parts: string[]): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.write(parts.join(''), 'latin1')
  return text(socket).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') return ''
    throw error
  })
}

/** The status codes of the answers in what came back. */
export function statusesOf(answers: string): number[] {
  return [...answers.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => Number(code))
}

/** What the cluster is asked from now on, as `METHOD path body`; it answers all of it with `{}`. */
export function recordRequests(): string[] {
  const asked: string[] = []
  answerWith((request, response) => {
    void text(request).then((body) => {
      asked.push(`${request.method} ${request.url} ${body}`.trim())
      response.end('{}')
    })
  })
  return asked
}
