import { readFileSync } from 'node:fs'

import { compactVerify, createRemoteJWKSet, customFetch as joseFetch } from 'jose'
import * as oidc from 'openid-client'

import { messageOf } from '../cluster-connection.ts'
import { callbackPath } from '../request-guard.ts'
import type { OidcSettings } from '../settings/configuration-schema.ts'
import { watchFiles } from '../watched-files.ts'
import { expiryOf } from './bearer-token.ts'
import { providerFetch } from './provider-fetch.ts'

/** What must be known again when the browser comes back from the provider. */
interface Login {
  state: string
  nonce: string
  verifier: string
}

export interface ProviderTokens {
  /** What the cluster is shown. */
  token: string
  /** When it expires, by our own clock; seconds since 1970. */
  expiresAt: number
  refreshToken?: string
  /** Names the session to the provider when it is to end. */
  idToken: string
  /** The person, by the provider's own identifier. */
  subject: string
  /** The person, as people know them. */
  user: string
}

export interface IdentityProvider {
  /** How the sign-in page names it. */
  label: string
  issuer: string
  clientId: string
  /** Where the browser goes to sign in. */
  authorizationUrl(login: Login): Promise<URL>
  /** @param answer the URL that the provider has sent the browser back to */
  exchange(answer: URL, login: Login): Promise<ProviderTokens>
  refresh(refreshToken: string, subject: string): Promise<ProviderTokens>
  /** Where the browser goes to end its session at the provider; undefined if that can't be done. */
  endSessionUrl(idToken: string): Promise<string | undefined>
  /** Ends what a refresh token is good for, where the provider can. */
  revoke(refreshToken: string): Promise<void>
  close(): void
}

const timeoutSeconds = 10
/** How far the provider's clock may be from ours. */
const clockToleranceSeconds = 60

/**
 * An OpenID Connect provider. Nothing is asked of it before somebody signs in, so the gateway starts
 * while it is down, and what failed is tried again at the next time.
 *
 * All methods throw what `providerFailure` understands.
 * @param consoleUrl the console's public URL
 * @throws Error in words if a file of the settings can't be read
 */
export function createIdentityProvider(
  settings: OidcSettings,
  consoleUrl: URL,
  onError: (error: unknown) => void,
): IdentityProvider {
  const issuer = new URL(settings.issuer)
  const { clientId } = settings
  const fetch = providerFetch(settings.caFile && readText(settings.caFile))
  const secret = secretOf(settings.clientSecretFile, onError)
  const redirectUri = new URL(callbackPath, consoleUrl)
  let pending: ReturnType<typeof discover> | undefined

  async function discover() {
    const config = await oidc.discovery(
      issuer,
      clientId,
      { [oidc.clockTolerance]: clockToleranceSeconds },
      (server, client, body, headers) =>
        clientAuthentication(server, secret.current())(server, client, body, headers),
      {
        timeout: timeoutSeconds,
        [oidc.customFetch]: fetch,
        ...(issuer.protocol === 'http:' && { execute: [oidc.allowInsecureRequests] }),
      },
    )
    const { jwks_uri: jwksUri } = config.serverMetadata()
    if (jwksUri === undefined) throw new Error('The identity provider publishes no keys')
    // The library's own check keeps keys for a minute at least, in which a rotated one is unknown.
    const keys = createRemoteJWKSet(new URL(jwksUri), {
      cooldownDuration: 0,
      timeoutDuration: timeoutSeconds * 1000,
      [joseFetch]: fetch,
    })
    return { config, keys }
  }

  function provider() {
    if (!pending) {
      const asked = discover()
      pending = asked
      asked.catch(() => {
        if (pending === asked) pending = undefined
      })
    }
    return pending
  }

  async function read(
    answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  ): Promise<ProviderTokens> {
    const { keys } = await provider()
    const claims = answer.claims()
    if (!claims || answer.id_token === undefined) {
      throw new Error('The identity provider gave no ID token')
    }
    await compactVerify(answer.id_token, keys)
    const now = Math.floor(Date.now() / 1000)
    const end =
      settings.token === 'idToken'
        ? now + claims.exp - claims.iat
        : answer.expires_in === undefined
          ? expiryOf(answer.access_token)
          : now + answer.expires_in
    const names = [claims[settings.usernameClaim], claims['preferred_username'], claims.sub]
    return {
      token: settings.token === 'idToken' ? answer.id_token : answer.access_token,
      expiresAt: end ?? Number.MAX_SAFE_INTEGER,
      ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
      idToken: answer.id_token,
      subject: claims.sub,
      user: names.map((name) => (typeof name === 'string' ? name : '')).find(Boolean) ?? '',
    }
  }

  return {
    label: settings.label ?? issuer.host,
    issuer: settings.issuer,
    clientId,
    async authorizationUrl({ state, nonce, verifier }) {
      const { config } = await provider()
      return oidc.buildAuthorizationUrl(config, {
        ...settings.parameters,
        redirect_uri: redirectUri.href,
        scope: settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
    },
    async exchange(answer, { state, nonce, verifier }) {
      const { config } = await provider()
      const url = new URL(redirectUri)
      url.search = answer.search
      return read(
        await oidc.authorizationCodeGrant(config, url, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        }),
      )
    },
    async refresh(refreshToken, subject) {
      const { config } = await provider()
      const answer = await oidc.refreshTokenGrant(config, refreshToken)
      const tokens = await read(answer)
      if (tokens.subject !== subject) {
        throw new Error('The identity provider renewed the session of somebody else')
      }
      // One that is not replaced stays good.
      return { refreshToken, ...tokens }
    },
    async endSessionUrl(idToken) {
      const { config } = await provider()
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined
      return oidc.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: new URL('/', consoleUrl).href,
      }).href
    },
    async revoke(refreshToken) {
      const { config } = await provider()
      if (config.serverMetadata().revocation_endpoint === undefined) return
      await oidc.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' })
    },
    close: () => secret.close(),
  }
}

/** A provider that says nothing of it takes the first (RFC 8414 §2). */
function clientAuthentication(server: oidc.ServerMetadata, secret: string | undefined) {
  if (secret === undefined) return oidc.None()
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return methods.includes('client_secret_basic')
    ? oidc.ClientSecretBasic(secret)
    : oidc.ClientSecretPost(secret)
}

function secretOf(file: string | undefined, onError: (error: unknown) => void) {
  let secret: string | undefined
  if (file === undefined) return { current: () => secret, close: () => undefined }
  readText(file)
  const close = watchFiles([file], ([text = '']) => (secret = text.trim()), onError)
  return { current: () => secret, close }
}

function readText(file: string) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file}, which signIn.oidc names, can't be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
