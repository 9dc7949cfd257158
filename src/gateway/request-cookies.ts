import type { IncomingMessage } from 'node:http'

/** The value of a request's cookie. Of several by one name it is the first, as RFC 6265 orders them. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at >= 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}
