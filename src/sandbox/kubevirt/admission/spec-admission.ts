/** An API server with KubeVirt's admission and a namespace `demo`, and no controller, for a spec. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createApiServer, type ApiServer } from '../../api/server.ts'
import { models, resourceDefinitions } from '../../kinds/all-definitions.ts'
import { keys } from '../objects.ts'
import { registerAdmission } from './register-admission.ts'

export interface SpecAdmission {
  api: ApiServer
  /** `http://127.0.0.1:PORT`; whoever asks is a cluster admin. */
  url: string
  close(): void
}

export async function startSpecAdmission(): Promise<SpecAdmission> {
  const api = createApiServer({
    definitions: resourceDefinitions,
    models,
    tokens: {},
    withoutToken: { name: 'tester', groups: ['system:masters'] },
  })
  api.store.create(keys.namespace, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'demo' },
    status: { phase: 'Active' },
  })
  registerAdmission(api)
  const http = createServer((request, response) => api.handle(request, response))
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  return {
    api,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: () => {
      http.close()
      api.close()
    },
  }
}
