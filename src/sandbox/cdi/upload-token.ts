/** Tokens for uploads: JWTs that name the claim. CDI signs with RSA; nobody reads them but its proxy. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const ISSUER = 'cdi-apiserver'
const TOKEN_SECONDS = 300

interface TokenPayload {
  operation: string
  /** Of the claim. */
  name: string
  namespace: string
  resource: { group: string; version: string; resource: string }
}

export interface UploadTokens {
  /** A token for uploading into a claim, good for five minutes. */
  issue(namespace: string, claim: string): string
  /** What a token is for; undefined when it isn't ours or no longer good. */
  read(token: string): TokenPayload | undefined
}

export function createUploadTokens(now = () => Date.now()): UploadTokens {
  const secret = randomBytes(32)
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest()

  return {
    issue(namespace, claim) {
      const seconds = Math.floor(now() / 1000)
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
        iss: ISSUER,
        operation: 'Upload',
        name: claim,
        namespace,
        resource: { group: '', version: 'v1', resource: 'persistentvolumeclaims' },
        iat: seconds,
        exp: seconds + TOKEN_SECONDS,
      })}`
      return `${text}.${sign(text).toString('base64url')}`
    },
    read(token) {
      const [head = '', body = '', signature = ''] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(`${head}.${body}`)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      const payload = JSON.parse(
        Buffer.from(body, 'base64url').toString('utf8'),
      ) as TokenPayload & {
        exp: number
      }
      return payload.exp * 1000 < now() ? undefined : payload
    },
  }
}
