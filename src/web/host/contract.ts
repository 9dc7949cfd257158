/**
 * The seam between the two hosts: the OpenShift Console and our own stand-alone page behind the
 * gateway. Everything above it is the same in both.
 */
import type { ComponentType } from 'react'

import type { ResourceKind } from '../../kube/kinds.ts'
import type { Transport } from '../../kube/transport.ts'
import type { SessionKeeper } from './session-keeper.ts'

/** One of several clusters that a gateway serves: the name in addresses, and what people call it. */
export interface ClusterEntry {
  name: string
  displayName: string
}

export interface Session {
  /**
   * `sandbox`: an imitation of a cluster, which the page says; `kubeconfig`: a real one with one
   * person's configuration; `cluster`: a real one that itself knows who is asking; `openshift`: the
   * cluster of the OpenShift Console that the pages are shown in.
   */
  mode: 'sandbox' | 'kubeconfig' | 'cluster' | 'openshift'
  /** Name of the cluster, for the masthead and document titles; empty if the host draws these. */
  cluster: string
  /** Name of the signed-in user; empty when only the cluster knows it. */
  user: string
  /** Users one may switch to (sandbox only). */
  users: string[]
  /** All that the gateway serves, this one included; empty where it is one. */
  clusters: ClusterEntry[]
  /** When it ends unless it is renewed, by this machine's clock, in epoch milliseconds. */
  expiresAt?: number
  canSignOut?: boolean
}

export interface Host {
  session: Session
  /** Carries the user's own credentials to the cluster; the page never sees a token. */
  transport: Transport
  /**
   * Address of a WebSocket that brings RDP to a guest, after an RDCleanPath exchange
   * (`src/gateway/rdp/rdp-leg.ts`).
   */
  rdpUrl?: (guest: { namespace: string; name: string }) => string
  /**
   * Where our gateway takes files for CDI's upload proxy (`src/gateway/upload/upload-leg.ts`). Absent
   * where there is none: the browser then speaks to the proxy itself.
   */
  uploadBase?: string
  /**
   * Resolves when our gateway is within reach, and rejects with a KubeError that says what it lacks.
   * Absent where the page itself comes from the gateway.
   */
  checkGateway?: () => Promise<void>
  /** Headers that a request to `uploadBase` needs besides its own. */
  gatewayHeaders?: () => Record<string, string>
  /** Subprotocols that a WebSocket to `rdpUrl` has to offer. */
  gatewayProtocols?: string[]
  /** Whether the host draws masthead, navigation and namespace bar around our pages. */
  providesFrame: boolean
  /** Stand-alone only: renews the session, and waits for another sign-in when it has ended. */
  keeper?: SessionKeeper
  /** What the host shows in its own way; what is absent here we show in ours. */
  parts?: HostParts
  /** Sandbox only: acts as another user from the next request on. */
  switchUser?: (user: string) => Promise<void>
}

export interface HostParts {
  /** Shows what `showToast` was given, in place of our `Toasts`. */
  Toasts?: ComponentType
  /** An object's name as a link to the host's own page of it. */
  ResourceLink?: ComponentType<ResourceLinkProps>
  /** When something was, in words. */
  TimeAgo?: ComponentType<{ time: string }>
  /** Shows nothing: keeps in step what both sides remember. Once per page. */
  Sync?: ComponentType
}

export interface ResourceLinkProps {
  kind: ResourceKind
  /** Absent for cluster-scoped kinds. */
  namespace?: string | undefined
  name: string
  /** Its name unless given. */
  label?: string | undefined
}
