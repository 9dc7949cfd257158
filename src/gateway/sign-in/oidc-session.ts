import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { z } from 'zod'

import type { IdentityProvider, ProviderTokens } from './identity-provider.ts'
import type { SealedCookie } from './sealed-cookie.ts'

/** A session by an identity provider, for all clusters. Times are in seconds since 1970. */
export const oidcSessionShape = z.object({
  /** Random, new at each sign-in, so that nobody can be given a session that another one knows. */
  id: z.string(),
  token: z.string(),
  /** When the token expires. */
  expiresAt: z.number(),
  /** When the session ends, however often it is renewed. */
  endsAt: z.number(),
  startedAt: z.number(),
  subject: z.string(),
  user: z.string(),
  refreshToken: z.string().optional(),
  /** Where the token is another one. */
  idToken: z.string().optional(),
})
export type OidcSession = z.output<typeof oidcSessionShape>

export interface OidcSessions {
  provider: IdentityProvider
  open(request: IncomingMessage): Promise<OidcSession | undefined>
  /** @throws CookieTooLargeError */
  begin(request: IncomingMessage, tokens: ProviderTokens): Promise<string[]>
  /**
   * Renews a session: answers what it is then, and its cookies.
   * @returns undefined if it can't be renewed at all
   * @throws what `providerFailure` understands
   */
  refresh(
    request: IncomingMessage,
    session: OidcSession,
  ): Promise<{ session: OidcSession; cookies: string[] } | undefined>
  end(request: IncomingMessage): Promise<{ cookies: string[]; redirect?: string }>
}

/**
 * @param sessionSeconds how long a session lasts at most
 * @param onError told when the provider can't be told of an end
 */
export function createOidcSessions(
  provider: IdentityProvider,
  cookie: SealedCookie<OidcSession>,
  sessionSeconds: number,
  onError: (error: unknown) => void,
): OidcSessions {
  function seal(request: IncomingMessage, session: OidcSession) {
    // Without a way to renew it, it is nothing once its token has expired.
    const end = session.refreshToken === undefined ? session.expiresAt : session.endsAt
    return cookie.seal(request, session, Math.min(end, session.endsAt))
  }

  const open = async (request: IncomingMessage) => (await cookie.open(request))?.value

  return {
    provider,
    open,
    begin(request, tokens) {
      const startedAt = Math.floor(Date.now() / 1000)
      const endsAt = startedAt + sessionSeconds
      return seal(request, { id: randomUUID(), startedAt, endsAt, ...kept(tokens, endsAt) })
    },
    async refresh(request, session) {
      if (session.refreshToken === undefined) return undefined
      const { id, startedAt, endsAt, refreshToken, subject } = session
      const tokens = await provider.refresh(refreshToken, subject)
      const renewed = { id, startedAt, endsAt, ...kept(tokens, endsAt) }
      return { session: renewed, cookies: await seal(request, renewed) }
    },
    async end(request) {
      const cookies = cookie.clear(request)
      const session = await open(request)
      if (!session) return { cookies }
      try {
        // The cookie may have been copied; what it holds is worth nothing from now on.
        if (session.refreshToken !== undefined) await provider.revoke(session.refreshToken)
        const redirect = await provider.endSessionUrl(session.idToken ?? session.token)
        return redirect === undefined ? { cookies } : { cookies, redirect }
      } catch (error) {
        onError(error)
        return { cookies }
      }
    },
  }
}

function kept(
  { token, expiresAt, refreshToken, idToken, subject, user }: ProviderTokens,
  endsAt: number,
) {
  return {
    token,
    expiresAt: Math.min(expiresAt, endsAt),
    subject,
    user,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== token && { idToken }),
  }
}
