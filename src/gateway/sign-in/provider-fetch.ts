import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { rootCertificates } from 'node:tls'

import { messageOf } from '../cluster-connection.ts'

/** The identity provider gave no answer, or none of its own: it may be well again in a minute. */
export class ProviderUnreachableError extends TypeError {}

interface FetchOptions {
  method: string
  headers: Record<string, string> | Headers
  body?: unknown
  signal?: AbortSignal
}

const maxAnswerBytes = 1024 * 1024

/**
 * `fetch` as the OIDC library wants it, with one thing that Node's own lacks: trust in a certificate
 * authority. Redirects are not followed.
 * @param ca PEM of an authority to trust besides those that Node ships
 * @throws ProviderUnreachableError
 */
export function providerFetch(ca: string | undefined) {
  const trust = ca === undefined ? {} : { ca: [...rootCertificates, ca] }
  return async (
    url: string,
    { method, headers, body, signal }: FetchOptions,
  ): Promise<Response> => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    try {
      const [status, answerHeaders, bytes] = await new Promise<[number, Headers, Buffer]>(
        (resolve, reject) => {
          const sent = body instanceof URLSearchParams ? body.toString() : body
          const outgoing = send(url, {
            method,
            headers: Object.fromEntries(new Headers(headers)),
            ...trust,
            ...(signal && { signal }),
          })
          outgoing.on('error', reject)
          outgoing.on('response', (response) => {
            let size = 0
            response.on('data', (chunk: Buffer) => {
              size += chunk.length
              if (size > maxAnswerBytes) response.destroy(new Error('its answer is too long'))
            })
            const pairs = Object.entries(response.headersDistinct).flatMap(([name, values]) =>
              (values ?? []).map((value): [string, string] => [name, value]),
            )
            buffer(response).then(
              (whole) => resolve([response.statusCode ?? 0, new Headers(pairs), whole]),
              reject,
            )
          })
          outgoing.end(typeof sent === 'string' ? sent : undefined)
        },
      )
      // What stands before a provider answers in its place while it is gone.
      if (status >= 500) throw new Error(`it answered ${status}`)
      const isEmpty = status === 204 || status === 304
      return new Response(isEmpty ? null : new Uint8Array(bytes), {
        status,
        headers: answerHeaders,
      })
    } catch (error) {
      const why = signal?.aborted ? 'it does not answer' : messageOf(error)
      throw new ProviderUnreachableError(`${new URL(url).origin}: ${why}`, { cause: error })
    }
  }
}
