import type { FastifyInstance, FastifyReply } from 'fastify'
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client'
import { z } from 'zod'

import type { GatewayContext } from '../gateway.ts'
import { callbackPath } from '../request-guard.ts'
import type { OidcSessions } from './oidc-session.ts'
import { providerFailure } from './provider-failure.ts'
import { returnPath, withSignInError } from './return-path.ts'
import type { SealedCookie } from './sealed-cookie.ts'

/** What a browser has begun and not yet finished: several tabs may sign in at once. */
export const loginsShape = z.object({
  logins: z.array(
    z.object({
      state: z.string(),
      nonce: z.string(),
      verifier: z.string(),
      returnTo: z.string(),
    }),
  ),
})
type Logins = z.output<typeof loginsShape>

/** What each failure would be as an answer, for the audit log: the browser is redirected. */
const statuses = { denied: 403, unavailable: 503, expired: 401, tooLarge: 413, failed: 502 }

/** For how long the provider may be spoken with: passwords are looked up, phones searched for. */
const loginSeconds = 15 * 60
const maxLogins = 4

/**
 * Signing in at an identity provider, by navigation; one place for all clusters, since one address
 * is what a provider is told of.
 *
 * - `GET /api/console/oidc/login?returnTo=PATH` → 302 to the provider.
 * - `GET /api/console/oidc/callback` is where the provider sends the browser back to → 302 to PATH
 *   with the session's cookies.
 *
 * Whatever goes wrong → 302 to PATH with `?signInError=CODE`; the codes are in `provider-failure.ts`.
 * PATH is one of this console's pages, and `/` if it is not.
 * @param cookie Lax, because the way back begins at another site
 */
export function registerOidcRoutes(
  app: FastifyInstance,
  sessions: OidcSessions,
  cookie: SealedCookie<Logins>,
  report: GatewayContext['reportSignIn'],
) {
  const { provider } = sessions

  app.get<{ Querystring: { returnTo?: unknown } }>(
    '/api/console/oidc/login',
    async (request, reply) => {
      const returnTo = returnPath(request.query.returnTo)
      try {
        const state = randomState()
        const login = { state, nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
        const url = await provider.authorizationUrl(login)
        const begun = (await cookie.open(request.raw))?.value.logins ?? []
        const logins = [...begun, { ...login, returnTo }].slice(-maxLogins)
        reply.header('set-cookie', await sealed(request.raw, logins))
        return redirect(reply, url.href)
      } catch (error) {
        return fail(reply, returnTo, error)
      }
    },
  )

  app.get<{ Querystring: { state?: unknown } }>(callbackPath, async (request, reply) => {
    const begun = (await cookie.open(request.raw))?.value.logins ?? []
    const login = begun.find(({ state }) => state === request.query.state)
    if (!login) {
      report(request.raw, { event: 'sign-in', way: 'oidc', status: statuses.expired })
      return redirect(reply, withSignInError('/', 'expired'))
    }
    // Used or not: it is good for one answer.
    const rest = begun.filter((one) => one !== login)
    const left = rest.length ? await sealed(request.raw, rest) : cookie.clear(request.raw)
    try {
      const answer = new URL(request.url, 'http://console.invalid')
      const tokens = await provider.exchange(answer, login)
      const begin = await sessions.begin(request.raw, tokens)
      report(request.raw, { event: 'sign-in', way: 'oidc', status: 200, user: tokens.user })
      reply.header('set-cookie', [...left, ...begin])
      return redirect(reply, login.returnTo)
    } catch (error) {
      const status = statuses[providerFailure(error).code]
      report(request.raw, { event: 'sign-in', way: 'oidc', status })
      reply.header('set-cookie', left)
      return fail(reply, login.returnTo, error)
    }
  })

  function sealed(request: Parameters<typeof cookie.seal>[0], logins: Logins['logins']) {
    return cookie.seal(request, { logins }, Math.floor(Date.now() / 1000) + loginSeconds)
  }

  function fail(reply: FastifyReply, returnTo: string, error: unknown) {
    const { code, message } = providerFailure(error)
    app.log.warn({ error: message }, `signing in at ${provider.issuer} failed (${code})`)
    return redirect(reply, withSignInError(returnTo, code))
  }
}

function redirect(reply: FastifyReply, to: string) {
  return reply.header('cache-control', 'no-store').redirect(to, 302)
}
