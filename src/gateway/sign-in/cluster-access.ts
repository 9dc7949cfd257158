import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { z } from 'zod'

import { isRefusal, unauthorized } from '../access.ts'
import type { Access, Session, SessionChange, SignInWay } from '../access.ts'
import type { ClusterConnection } from '../cluster-connection.ts'
import type { Refusal } from '../status.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import { bearerOf, expiryOf, isTokenText } from './bearer-token.ts'
import type { OidcSession, OidcSessions } from './oidc-session.ts'
import { providerFailure } from './provider-failure.ts'
import { CookieTooLargeError } from './sealed-cookie.ts'
import type { SealedCookie } from './sealed-cookie.ts'
import type { TrustedProxy } from './trusted-proxy.ts'
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
  /** Absent where no identity provider is configured. */
  oidc?: OidcSessions
  /** Absent where no proxy before the console signs people in. */
  proxy?: TrustedProxy
  /** Limits how often tokens are tried in vain, by who tries. */
  attempts?: { limit: AttemptLimit; addressOf(request: IncomingMessage): string }
  /** How long a session lasts at most. */
  sessionSeconds: number
}

/** Who asks, by whatever way they have signed in. */
interface Held {
  token: string
  /** Known from the sign-in; empty if only the cluster knows it. */
  user: string
  expiresAt?: number
  isSession: boolean
  /** What is to be renewed. */
  oidc?: OidcSession
}

/**
 * A cluster that knows its users: each request goes with the token of who has sent it. It is the
 * request's own (kubectl, or a proxy before the console that signs people in), or that of a session.
 * A token proves itself to the cluster, so a client may bring one in `Authorization` whoever it is.
 */
export function clusterAccess(options: ClusterAccessOptions): Access {
  const { displayName, connection, tokenCookie, oidc, proxy, attempts, sessionSeconds } = options
  const ways: SignInWay[] = [
    ...(oidc ? [{ type: 'oidc' as const, label: oidc.provider.label }] : []),
    ...(tokenCookie ? [{ type: 'token' as const }] : []),
    ...(proxy ? [{ type: 'proxy' as const }] : []),
  ]

  async function hold(request: IncomingMessage): Promise<Held | undefined> {
    const own = bearerOf(request.headers.authorization) ?? proxy?.tokenOf(request)
    if (own !== undefined) return { token: own, user: '', isSession: false }
    const [pasted, session] = await Promise.all([tokenCookie?.open(request), oidc?.open(request)])
    // Whoever signs in in another way means to be that one from then on.
    if (session && !(pasted && pasted.issuedAt > session.startedAt)) return heldBy(session)
    if (!pasted) return undefined
    const { token, user } = pasted.value
    return { token, user, expiresAt: pasted.expiresAt, isSession: true }
  }

  function heldBy(session: OidcSession): Held {
    const { token, user, expiresAt } = session
    return { token, user, expiresAt, isSession: true, oidc: session }
  }

  function sessionOf({ user, expiresAt, isSession }: Omit<Held, 'token' | 'oidc'>): Session {
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
    const address = attempts?.addressOf(request) ?? ''
    const wait = attempts?.limit.take(address)
    if (wait !== undefined) return tooOften(wait)
    const asked = await whoIs(connection, token)
    // What the cluster did not judge was no wrong guess.
    if (!isRefusal(asked) || asked.code !== 401) attempts?.limit.giveBack(address)
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

  async function refresh(request: IncomingMessage): Promise<SessionChange | Refusal> {
    const held = await hold(request)
    if (!held) return notSignedIn()
    const { isSession, oidc: session } = held
    if (!isSession) return unauthorized('The request’s own token isn’t the console’s to renew')
    if (!oidc || !session) {
      return unauthorized('A pasted token can’t be renewed; sign in again with a new one')
    }
    const again = unauthorized('The session can’t be renewed; sign in again')
    try {
      const renewed = await oidc.refresh(request, session)
      return renewed
        ? { session: sessionOf(heldBy(renewed.session)), cookies: renewed.cookies }
        : again
    } catch (error) {
      const { code, message } = providerFailure(error)
      if (code === 'expired') return again
      return {
        code: 503,
        reason: 'ServiceUnavailable',
        message: `The session could not be renewed at ${oidc.provider.label}: ${message}`,
      }
    }
  }

  /** The one thing that a person can't mend: whoever has set it up has to know what is missing. */
  function notTrusted(user: string) {
    const provider = oidc?.provider
    return unauthorized(
      `${user} has signed in, but the cluster ${displayName} does not accept the token of ${provider?.issuer ?? ''}; its API server must trust that issuer for the client ${JSON.stringify(provider?.clientId)}`,
    )
  }

  return {
    async credentials(request) {
      const held = await hold(request)
      return held ? { authorization: `Bearer ${held.token}` } : notSignedIn()
    },
    async session(request) {
      const held = await hold(request)
      if (!held) return notSignedIn()
      // The page renews it before it does anything else.
      if (held.oidc && held.oidc.expiresAt <= Date.now() / 1000) return sessionOf(held)
      const asked = await whoIs(connection, held.token)
      if (!isRefusal(asked)) return sessionOf({ ...held, user: held.user || asked.user })
      // Out of reach is for the page to tell of each thing that it can't have.
      if (asked.code !== 401) return sessionOf(held)
      return held.oidc ? notTrusted(held.user) : asked
    },
    async sessionUser(request) {
      const held = await hold(request)
      return held?.isSession ? held.user : undefined
    },
    ways,
    ...(tokenCookie && { signIn: { with: 'token', exchange: signIn } as const }),
    refresh,
    async signOut(request) {
      const pasted = tokenCookie?.clear(request) ?? []
      const { cookies, redirect } = (await oidc?.end(request)) ?? { cookies: [] }
      return { cookies: [...pasted, ...cookies], ...(redirect !== undefined && { redirect }) }
    },
    refusesImpersonation: true,
    ...(proxy && { tokenHeader: proxy.header }),
  }
}

function notSignedIn() {
  return unauthorized('Nobody is signed in')
}

function tooOften(retryAfterSeconds: number): Refusal {
  return {
    code: 429,
    reason: 'TooManyRequests',
    message: `Too many sign-ins failed; try again in ${Math.ceil(retryAfterSeconds / 60)} min`,
    retryAfterSeconds,
  }
}

function tooLarge(error: CookieTooLargeError): Refusal {
  return {
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `The token is too long to be kept as a session: ${error.message}`,
  }
}
