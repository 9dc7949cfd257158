import { QueryClientContext, type QueryClient } from '@tanstack/react-query'
import { createContext, useContext, type ReactNode } from 'react'

import type { KubeClient } from '../../kube/client.ts'
import type { Host, HostParts } from '../host/contract.ts'

interface HostContext {
  host: Host
  client: KubeClient
}

const Context = createContext<HostContext | undefined>(undefined)

/** Gives everything below it the host and the client that speaks through it. */
export function HostProvider({ host, client, children }: HostContext & { children: ReactNode }) {
  return <Context.Provider value={{ host, client }}>{children}</Context.Provider>
}

let outside: (HostContext & { queryClient: QueryClient }) | undefined

/**
 * For hooks that the OpenShift Console calls in components of its own, such as those that make its
 * menus: there is nothing of ours above them.
 */
export function provideOutside(context: HostContext & { queryClient: QueryClient }): void {
  outside = context
}

function useHostContext(): HostContext {
  const context = useContext(Context) ?? outside
  if (!context) throw new Error('HostProvider is missing above this component')
  return context
}

export function useHost(): Host {
  return useHostContext().host
}

export function useKube(): KubeClient {
  return useHostContext().client
}

/** Where answers are kept, for hooks that may be called outside of our components. */
export function useAnswers(): QueryClient {
  const queryClient = useContext(QueryClientContext) ?? outside?.queryClient
  if (!queryClient) throw new Error('QueryClientProvider is missing above this component')
  return queryClient
}

const noParts: HostParts = {}

/** What the host shows itself; nothing where no host is above. */
export function useHostParts(): HostParts {
  return (useContext(Context) ?? outside)?.host.parts ?? noParts
}
