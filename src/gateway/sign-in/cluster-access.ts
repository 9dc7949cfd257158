import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { z } from 'zod'

import { isRefusal, unauthorized } from '../access.ts'
import type { Access, Session, SignInWay } from '../access.ts'
import type { ClusterConnection } from '../cluster-connection.ts'
import type { Refusal } from '../status.ts'
import { bearerOf, expiryOf, isTokenText } from './bearer-token.ts'
import { CookieTooLargeError } from './sealed-cookie.ts'
import type { SealedCookie } from './sealed-cookie.ts'
import { whoIs } from './who-is.ts'

/** A session by a token that somebody has pasted. */
export const tokenSessionShape = z.object({
  /** Random, new at each sign-in, so that nobody can be given a session that another one knows. */
  id: z.string(),
  token: z.string(),
  /** As the cluster has named them. */
  user: z.string(),
})
type TokenSession = z.output<typeof tokenSessionShape>

export interface ClusterAccessOptions {
  /** The cluster's name as a person knows it. */
  displayName: string
  connection: ClusterConnection
  /** Absent where tokens can't be pasted. */
  tokenCookie?: SealedCookie<TokenSession>
  /** How long a session lasts at most. */
  sessionSeconds: number
}

/** Who asks, by whatever way they have signed in. */
interface Held {
  token: string
  /** Known from the sign-in, for as long as the cluster can't be asked. */
  user: string
  expiresAt?: number
  isSession: boolean
}

/**
 * A cluster that knows its users: each request goes with the token of who has sent it. It is the
 * request's own (kubectl, or a proxy before the console that signs people in), or that of a session.
 */
export function clusterAccess(options: ClusterAccessOptions): Access {
  const { displayName, connection, tokenCookie, sessionSeconds } = options

  async function hold(request: IncomingMessage): Promise<Held | undefined> {
    const own = bearerOf(request.headers.authorization)
    if (own !== undefined) return { token: own, user: '', isSession: false }
    const opened = await tokenCookie?.open(request)
    if (!opened) return undefined
    const { token, user } = opened.value
    return { token, user, expiresAt: opened.expiresAt, isSession: true }
  }

  function sessionOf({ user, expiresAt, isSession }: Omit<Held, 'token'>): Session {
    return {
      mode: 'cluster',
      cluster: displayName,
      user,
      ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt * 1000).toISOString() }),
      canSignOut: isSession,
    }
  }

  async function signIn(given: string, request: IncomingMessage) {
    const token = given.trim()
    if (!tokenCookie || !isTokenText(token)) return unauthorized('That is not a bearer token')
    const asked = await whoIs(connection, token)
    if (isRefusal(asked)) return asked
    const { user } = asked
    const end = Math.floor(Date.now() / 1000) + sessionSeconds
    const expiresAt = Math.min(expiryOf(token) ?? end, end)
    try {
      const value = { id: randomUUID(), token, user }
      const cookies = await tokenCookie.seal(request, value, expiresAt)
      return { session: sessionOf({ user, expiresAt, isSession: true }), cookies }
    } catch (error) {
      if (error instanceof CookieTooLargeError) return tooLarge(error)
      throw error
    }
  }

  return {
    async credentials(request) {
      const held = await hold(request)
      return held ? { authorization: `Bearer ${held.token}` } : notSignedIn()
    },
    async session(request) {
      const held = await hold(request)
      if (!held) return notSignedIn()
      const asked = await whoIs(connection, held.token)
      // Out of reach is for the page to tell of each thing that it can't have.
      if (isRefusal(asked)) return asked.code === 401 ? asked : sessionOf(held)
      return sessionOf({ ...held, user: asked.user || held.user })
    },
    ways: tokenCookie ? ([{ type: 'token' }] satisfies SignInWay[]) : [],
    ...(tokenCookie && { signIn: { with: 'token', exchange: signIn } as const }),
    async refresh(request) {
      return (await hold(request))
        ? unauthorized('A pasted token can’t be renewed; sign in again with a new one')
        : notSignedIn()
    },
    async signOut(request) {
      return { cookies: tokenCookie?.clear(request) ?? [] }
    },
    withholds: (header) => /^(x-remote-|x-forwarded-|forwarded$|x-real-ip$)/.test(header),
  }
}

function notSignedIn() {
  return unauthorized('Nobody is signed in')
}

function tooLarge(error: CookieTooLargeError): Refusal {
  return {
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `The token is too long to be kept as a session: ${error.message}`,
  }
}
