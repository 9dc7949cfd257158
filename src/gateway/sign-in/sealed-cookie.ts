import type { IncomingMessage } from 'node:http'

import { EncryptJWT, jwtDecrypt } from 'jose'
import type { z } from 'zod'

import { cookieOf } from '../request-cookies.ts'
import type { SessionKeys } from './session-keys.ts'

export interface SealedCookieOptions<T> {
  /** Also what the content is for: one cookie's content is nothing in another. */
  name: string
  path: string
  sameSite: 'Strict' | 'Lax'
  /** Whether the browser reaches the console over TLS. */
  isSecure: boolean
  keys: SessionKeys
  /** What is read must be of this shape, as that of an older release may not be. */
  shape: z.ZodType<T>
}

interface Opened<T> {
  value: T
  /** Seconds since 1970. */
  issuedAt: number
  /** Seconds since 1970. */
  expiresAt: number
}

/** A value that is kept with the browser, which can neither read nor change it. */
export interface SealedCookie<T> {
  /** Undefined if there is none, or none that can be trusted, or it has expired. */
  open(request: IncomingMessage): Promise<Opened<T> | undefined>
  /**
   * Set-Cookie headers that replace what the request carries.
   * @param expiresAt seconds since 1970
   * @throws CookieTooLargeError
   */
  seal(request: IncomingMessage, value: T, expiresAt: number): Promise<string[]>
  /** Set-Cookie headers that remove what the request carries. */
  clear(request: IncomingMessage): string[]
}

export class CookieTooLargeError extends Error {}

/** Browsers keep 4096 bytes of name, value and attributes. */
const maxChunk = 3700
/** More would not fit into what servers and proxies take as headers. */
const maxChunks = 5

/**
 * JWE (RFC 7516) with a shared key, `dir` and A256GCM, in as many cookies as it needs. The first one
 * says how many there are, so that a left-over of a longer one is not taken for a part of it.
 */
export function createSealedCookie<T extends object>(
  options: SealedCookieOptions<T>,
): SealedCookie<T> {
  const { path, isSecure, keys, shape } = options
  // What bears these names can't be set by another host of the domain, nor over plain HTTP.
  const prefix = isSecure ? (path === '/' ? '__Host-' : '__Secure-') : ''
  const nameOf = (chunk: number) => `${prefix}${options.name}-${chunk}`
  const attributes = `; Path=${path}; HttpOnly; SameSite=${options.sameSite}${isSecure ? '; Secure' : ''}`

  function expire(request: IncomingMessage, from: number) {
    const chunks = Array.from({ length: maxChunks }, (_, chunk) => chunk).slice(from)
    return chunks
      .filter((chunk) => cookieOf(request, nameOf(chunk)) !== undefined)
      .map((chunk) => `${nameOf(chunk)}=; Max-Age=0${attributes}`)
  }

  return {
    async open(request) {
      const [, count, first] = /^([1-9])\.(.*)$/.exec(cookieOf(request, nameOf(0)) ?? '') ?? []
      if (count === undefined || first === undefined) return undefined
      const rest = Array.from({ length: Number(count) - 1 }, (_, at) =>
        cookieOf(request, nameOf(at + 1)),
      )
      if (rest.includes(undefined)) return undefined
      try {
        const { payload } = await jwtDecrypt(
          [first, ...rest].join(''),
          ({ kid }) => {
            const key = keys.list().find(({ id }) => id === kid)
            if (!key) throw new Error('made with a key that is no longer one of ours')
            return key.bytes
          },
          {
            audience: options.name,
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
            requiredClaims: ['iat', 'exp'],
          },
        )
        const value = shape.safeParse(payload['value'])
        const { iat: issuedAt = 0, exp: expiresAt = 0 } = payload
        return value.success ? { value: value.data, issuedAt, expiresAt } : undefined
      } catch {
        // Expired, made by another key, or by somebody else: nobody is signed in by it.
        return undefined
      }
    },

    async seal(request, value, expiresAt) {
      const [key] = keys.list()
      if (!key) throw new Error('There is no session key')
      const sealed = await new EncryptJWT({ value })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
        .setAudience(options.name)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .encrypt(key.bytes)
      const chunks = sealed.match(new RegExp(`.{1,${maxChunk}}`, 'g')) ?? []
      if (chunks.length > maxChunks) {
        throw new CookieTooLargeError(
          `it takes ${sealed.length} bytes, more than the ${maxChunk * maxChunks} that a browser’s cookies and the servers between can be trusted with`,
        )
      }
      const maxAge = Math.max(0, Math.floor(expiresAt - Date.now() / 1000))
      const written = chunks.map((chunk, at) => {
        const text = at === 0 ? `${chunks.length}.${chunk}` : chunk
        return `${nameOf(at)}=${text}; Max-Age=${maxAge}${attributes}`
      })
      return [...written, ...expire(request, chunks.length)]
    },

    clear: (request) => expire(request, 0),
  }
}
