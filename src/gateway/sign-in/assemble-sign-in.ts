import type { IncomingMessage } from 'node:http'

import { addressMatcher, clientAddress } from '../client-address.ts'
import { messageOf } from '../cluster-connection.ts'
import type { ClusterConnection } from '../cluster-connection.ts'
import { prefixOf } from '../cluster-prefix.ts'
import type { Assembly, GatewayContext } from '../gateway.ts'
import type {
  ClusterSettings,
  Configuration,
  OidcSettings,
} from '../settings/configuration-schema.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import { clusterAccess, tokenSessionShape } from './cluster-access.ts'
import { createIdentityProvider } from './identity-provider.ts'
import { loginsShape, registerOidcRoutes } from './oidc-routes.ts'
import { createOidcSessions, oidcSessionShape } from './oidc-session.ts'
import { providerFailure } from './provider-failure.ts'
import { createSealedCookie } from './sealed-cookie.ts'
import { keysOfFile, randomKeys } from './session-keys.ts'
import { createTrustedProxy } from './trusted-proxy.ts'

/**
 * Clusters whose users sign in.
 * @param connections in the order of the configuration's clusters
 * @throws Error in words if the session keys can't be read
 */
export function assembleSignIn(
  settings: Configuration,
  connections: readonly ClusterConnection[],
  { warn, reportSignIn }: GatewayContext,
): Assembly {
  const { clusters, publicUrl, signIn, sessionKeysFile } = settings
  const isSecure = publicUrl?.startsWith('https:') ?? settings.listen.tls !== undefined
  const keys =
    sessionKeysFile === undefined
      ? randomKeys()
      : keysOfFile(sessionKeysFile, (error) =>
          warn(`The session keys were not renewed: ${messageOf(error)}`),
        )
  if (sessionKeysFile === undefined) {
    warn(
      'No sessionKeysFile is configured: sessions end when this process does, and another replica knows none of them',
    )
  }
  // Cookies know no ports: two consoles on one host must not take each other's.
  const port = publicUrl === undefined ? '' : new URL(publicUrl).port
  const suffix = port && `-${port}`
  const sessionSeconds = signIn.sessionHours * 3600

  const oidc = signIn.oidc && publicUrl !== undefined && signInAt(signIn.oidc, new URL(publicUrl))

  const proxy = signIn.proxy && createTrustedProxy(signIn.proxy)
  const isProxy = addressMatcher(settings.trustedProxies)
  const attempts = {
    limit: createAttemptLimit(settings.limits.signInAttempts),
    addressOf: (request: IncomingMessage) => clientAddress(request, isProxy),
  }

  function signInAt(provider: OidcSettings, consoleUrl: URL) {
    const onError = (error: unknown) =>
      warn(`The identity provider ${provider.issuer}: ${providerFailure(error).message}`)
    const name = `kubevirt-console${suffix}`
    return {
      sessions: createOidcSessions(
        createIdentityProvider(provider, consoleUrl, onError),
        createSealedCookie({
          name: `${name}-session`,
          path: '/',
          sameSite: 'Strict',
          isSecure,
          keys,
          shape: oidcSessionShape,
        }),
        sessionSeconds,
        onError,
      ),
      loginCookie: createSealedCookie({
        name: `${name}-login`,
        path: '/api/console/oidc',
        sameSite: 'Lax',
        isSecure,
        keys,
        shape: loginsShape,
      }),
    }
  }

  function accessTo({ name, displayName }: ClusterSettings, connection: ClusterConnection) {
    const tokenCookie = createSealedCookie({
      name: `kubevirt-console-token${suffix}-${name}`,
      path: `${prefixOf(name, clusters)}/`,
      sameSite: 'Strict',
      isSecure,
      keys,
      shape: tokenSessionShape,
    })
    return clusterAccess({
      displayName: displayName ?? name,
      connection,
      ...(signIn.token && { tokenCookie }),
      ...(oidc && { oidc: oidc.sessions }),
      ...(proxy && { proxy }),
      attempts,
      sessionSeconds,
    })
  }

  return {
    clusters: clusters.flatMap((cluster, at) => {
      const connection = connections[at]
      if (!connection) return []
      const { name, displayName } = cluster
      const access = accessTo(cluster, connection)
      return [{ name, displayName: displayName ?? name, connection, access }]
    }),
    registerRoutes(app) {
      if (oidc) registerOidcRoutes(app, oidc.sessions, oidc.loginCookie, reportSignIn)
    },
    close() {
      keys.close()
      if (oidc) oidc.sessions.provider.close()
    },
  }
}
