/** The OpenShift Console as host: its session, its masthead, navigation and namespace bar. */
import { consoleFetch } from '@openshift-console/dynamic-plugin-sdk'

import type { Host } from './contract.ts'
import { consoleTransport } from './openshift-transport.ts'

/** The console tells its plugins no user name; the cluster knows who is asking. */
export const openshiftHost: Host = {
  session: { mode: 'openshift', cluster: '', user: '', users: [], clusters: [] },
  transport: consoleTransport(consoleFetch),
  providesFrame: true,
}
