import { decodeJwt } from 'jose'

/** RFC 6750 §2.1, which leaves nothing that could end a header; Kubernetes' tokens are of it too. */
const tokenText = /^[\w.~+/-]+=*$/
/** As long as a session's cookies can hold, and some. */
const maxLength = 16 * 1024

/** Whether a text may be sent as a bearer token at all. */
export function isTokenText(text: string) {
  return text.length <= maxLength && tokenText.test(text)
}

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  const token = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  return token !== undefined && isTokenText(token) ? token : undefined
}

/**
 * When a token expires by its own words, in seconds since 1970: nobody has verified them, so they
 * are good for telling a person and for nothing else. Undefined if it is no JWT, or has no end.
 */
export function expiryOf(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token)
    return typeof exp === 'number' && Number.isFinite(exp) ? exp : undefined
  } catch {
    return undefined
  }
}
