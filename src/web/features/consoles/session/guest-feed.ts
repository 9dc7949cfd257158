/** Keeps a session informed of its guest and of the user's right to it, on the screen or not. */
import type { QueryClient } from '@tanstack/react-query'

import type { KubeClient } from '../../../../kube/client.ts'
import { virtualMachineInstanceKind, type VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { fetchAccess, reviewAccess, type AccessAttributes } from '../../../data/access.ts'
import { retryLiveCache } from '../../../data/live-cache.ts'
import { followObject, type ObjectNews } from '../../../data/live-object.ts'
import type { Inquiry } from './close-inquiry.ts'
import type { ConsoleSession } from './console-session.ts'
import type { SessionKey } from './session-registry.ts'

/** Whose the sessions are, and the way to the cluster. */
export interface SessionContext {
  client: KubeClient
  queryClient: QueryClient
  user: string
}

const subresources = { vnc: 'vnc', serial: 'console', rdp: 'portforward' }

function streamAccess({ kind, namespace }: SessionKey): AccessAttributes {
  return {
    verb: 'get',
    group: 'subresources.kubevirt.io',
    resource: 'virtualmachineinstances',
    subresource: subresources[kind],
    namespace,
  }
}

/** Begins to tell `session` what the cluster says; returns how to stop. */
export function informSession(
  { client, queryClient, user }: SessionContext,
  key: SessionKey,
  session: ConsoleSession,
): () => void {
  let allowed: boolean | undefined
  let news: ObjectNews<VirtualMachineInstance> | undefined
  let isStopped = false

  const tell = () => {
    if (news?.isKnown && !isStopped)
      session.update(news.object, allowed, news.connection !== 'live')
  }
  const { stop } = followObject(client, virtualMachineInstanceKind, key, (latest) => {
    news = latest
    tell()
  })
  fetchAccess(queryClient, client, user, streamAccess(key)).then(
    (access) => {
      allowed = access.allowed
      tell()
    },
    () => {
      // When the cluster can't answer the review, it still decides at the connection itself.
      allowed = true
      tell()
    },
  )

  // A right that came or went since is found out by the session itself, when it matters.
  const stopListening = session.subscribe(() => {
    const { name } = session.getState()
    if (name === 'live') allowed = true
  })
  return () => {
    isStopped = true
    stop()
    stopListening()
  }
}

/** The questions a session asks when its stream has closed. */
export function sessionInquiry({ client, user }: SessionContext, key: SessionKey): Inquiry {
  let wasExpired = false
  return {
    async readGuest() {
      try {
        const vmi = await client.get(virtualMachineInstanceKind, key)
        // Watches wait to be asked again after a refusal.
        if (wasExpired) retryLiveCache(client)
        wasExpired = false
        return vmi
      } catch (error) {
        if (error instanceof KubeError && error.isNotFound) return undefined
        wasExpired ||= error instanceof KubeError && error.code === 401
        throw error
      }
    },
    readAccess: () => reviewAccess(client, user, streamAccess(key)),
    renewals: () => client.transport.renewals?.() ?? 0,
  }
}
