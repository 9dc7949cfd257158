import { fileURLToPath } from 'node:url'

import { directConnection } from '../../src/gateway/cluster-connection.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { openshiftAccess } from '../../src/gateway/openshift-access.ts'

/**
 * The gateway as `deploy/openshift` runs it, on a free port of this machine and without TLS.
 * @param clusterUrl of the cluster's API server
 */
export function startPluginGateway(clusterUrl: string) {
  const connection = directConnection(new URL(clusterUrl))
  const access = openshiftAccess('sandbox')
  return createGateway({
    host: '127.0.0.1',
    port: 0,
    pageDirectory: fileURLToPath(new URL('../../dist/plugin', import.meta.url)),
    isOpenshiftPlugin: true,
    assemble: () => ({
      clusters: [{ name: 'sandbox', displayName: 'sandbox', connection, access }],
    }),
    logLevel: 'silent',
  })
}
