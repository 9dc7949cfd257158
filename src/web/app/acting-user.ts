/**
 * The host as the acting user of the OpenShift Console has it. When another user is impersonated, all
 * that the former one had open ends, and everything is asked for anew, without a reload.
 */
import { useSyncExternalStore } from 'react'
import { useStore } from 'react-redux'

import { provideOutside } from '../data/host-context.tsx'
import { endLiveCache } from '../data/live-cache.ts'
import { endUser } from '../data/user-end.ts'
import { actingUser, type ConsoleState } from '../host/openshift-user.ts'
import { openshiftHost } from '../host/openshift.ts'
import { withClients, type OpenHost } from './open-host.tsx'

/** As much of Redux's store as is needed. */
interface ConsoleStore {
  getState(): ConsoleState
  subscribe(listener: () => void): () => void
}

interface Acting extends OpenHost {
  /** Differs between any two users. */
  userKey: string
}

let acting: Acting | undefined
let followed: ConsoleStore | undefined
const listeners = new Set<() => void>()

function open(store: ConsoleStore): Acting {
  const user = actingUser(store.getState())
  const opened = { ...withClients(openshiftHost(user)), userKey: user.key }
  provideOutside(opened)
  return opened
}

/** The host for whoever acts now: one for all pages, so that lists and consoles outlive a page. */
function openActing(store: ConsoleStore): Acting {
  if (store !== followed) {
    followed = store
    acting = open(store)
    store.subscribe(() => {
      if (!acting || actingUser(store.getState()).key === acting.userKey) return
      const { client, queryClient } = acting
      acting = open(store)
      endUser()
      endLiveCache(client)
      queryClient.clear()
      for (const listener of listeners) listener()
    })
  }
  return acting as Acting
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Who acts now, for a page of ours. */
export function useActing(): Acting {
  const store = useStore<ConsoleState>()
  return useSyncExternalStore(subscribe, () => openActing(store))
}
