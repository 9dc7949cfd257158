import { createContext, useContext, type ReactNode } from 'react'

import type { KubeClient } from '../../kube/client.ts'
import type { Host } from '../host/contract.ts'

interface HostContext {
  host: Host
  client: KubeClient
}

const Context = createContext<HostContext | undefined>(undefined)

/** Gives everything below it the host and the client that speaks through it. */
export function HostProvider({ host, client, children }: HostContext & { children: ReactNode }) {
  return <Context.Provider value={{ host, client }}>{children}</Context.Provider>
}

function useHostContext(): HostContext {
  const context = useContext(Context)
  if (!context) throw new Error('HostProvider is missing above this component')
  return context
}

export function useHost(): Host {
  return useHostContext().host
}

export function useKube(): KubeClient {
  return useHostContext().client
}
