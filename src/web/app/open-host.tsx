/** The clients that speak to a host, and the contexts in which our hooks find them. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { createKubeClient, type KubeClient } from '../../kube/client.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { HostProvider } from '../data/host-context.tsx'
import type { Host } from '../host/contract.ts'

/** A host with what is kept of its answers; live lists are kept by its client. */
export interface OpenHost {
  host: Host
  client: KubeClient
  queryClient: QueryClient
}

export function withClients(host: Host): OpenHost {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        // The cluster's refusals don't change by asking again; interruptions do.
        retry: (count, error) => error instanceof KubeError && error.isUnreachable && count < 3,
        refetchOnWindowFocus: false,
      },
    },
  })
  return { host, client: createKubeClient(host.transport), queryClient }
}

/** What our components and hooks need above them, in either host. */
export function HostContexts({ opened, children }: { opened: OpenHost; children: ReactNode }) {
  const { host, client, queryClient } = opened
  return (
    <QueryClientProvider client={queryClient}>
      <HostProvider host={host} client={client}>
        {children}
      </HostProvider>
    </QueryClientProvider>
  )
}
