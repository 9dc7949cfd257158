/** For specs of hooks: what surrounds them in a page. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { createKubeClient } from '../../kube/client.ts'
import type { Host } from '../host/contract.ts'
import { HostProvider } from './host-context.tsx'

/** A host whose cluster answers as `fetch` does and has no streams. */
export function createWrapper(fetch: Host['transport']['fetch']) {
  const transport: Host['transport'] = {
    fetch,
    openSocket: () => {
      throw new Error('no stream is needed')
    },
  }
  const session: Host['session'] = {
    mode: 'cluster',
    cluster: 'test',
    user: 'bob',
    users: [],
    clusters: [],
  }
  const host: Host = { session, transport, providesFrame: false }
  const client = createKubeClient(transport)
  const queryClient = new QueryClient()
  return ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>
      <HostProvider host={host} client={client}>
        {children}
      </HostProvider>
    </QueryClientProvider>
  )
}
