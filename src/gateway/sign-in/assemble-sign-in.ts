import { messageOf } from '../cluster-connection.ts'
import type { ClusterConnection } from '../cluster-connection.ts'
import { prefixOf } from '../cluster-prefix.ts'
import type { Assembly, GatewayContext } from '../gateway.ts'
import type { ClusterSettings, Configuration } from '../settings/configuration-schema.ts'
import { clusterAccess, tokenSessionShape } from './cluster-access.ts'
import { createSealedCookie } from './sealed-cookie.ts'
import { keysOfFile, randomKeys } from './session-keys.ts'

/**
 * Clusters whose users sign in.
 * @param connections in the order of the configuration's clusters
 * @throws Error in words if the session keys can't be read
 */
export function assembleSignIn(
  settings: Configuration,
  connections: readonly ClusterConnection[],
  { warn }: GatewayContext,
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
      sessionSeconds: signIn.sessionHours * 3600,
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
    close: () => keys.close(),
  }
}
