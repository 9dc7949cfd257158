/**
 * Starts a VM so that its console misses nothing: the guest is made paused, and goes on once the
 * console is connected. KubeVirt gives a guest that starts paused a boot menu that waits 10 s
 * (https://github.com/kubevirt/kubevirt/blob/d923fdb815cd2016ddaebdaaa51db04133576d72/pkg/virt-launcher/virtwrap/converter/compute/os.go#L86-L95).
 */
import { useSyncExternalStore } from 'react'

import type { KubeClient } from '../../../../kube/client.ts'
import { virtualMachineInstanceKind, virtualMachineKind } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { followObject } from '../../../data/live-object.ts'
import type { ConsoleSession } from './console-session.ts'
import { guestFacts } from './guest-facts.ts'

interface Ref {
  namespace: string
  name: string
}

/** The consoles whose guests are being started so. */
const starting = new Set<ConsoleSession>()
const listeners = new Set<() => void>()

function tellStarting(session: ConsoleSession, isStarting: boolean) {
  if (isStarting) starting.add(session)
  else starting.delete(session)
  for (const listener of listeners) listener()
}

/** Whether the guest is paused only until its console is connected. */
export function useIsStartedPaused(session: ConsoleSession | undefined): boolean {
  return useSyncExternalStore(subscribe, () => session !== undefined && starting.has(session))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Resolves when the guest runs on. Throws KubeError when it can't be started or set going. */
export async function startAndOpen(
  client: KubeClient,
  vm: Ref,
  session: ConsoleSession,
): Promise<void> {
  tellStarting(session, true)
  try {
    await startPaused(client, vm, session)
  } finally {
    tellStarting(session, false)
  }
}

async function startPaused(client: KubeClient, vm: Ref, session: ConsoleSession): Promise<void> {
  session.connect()
  await client.act(virtualMachineKind, vm, 'start', { paused: true })
  if (!(await isStartedPaused(client, vm))) return
  // Whatever becomes of the console, the guest must not stay paused for it.
  await isDecided(session)
  try {
    await client.act(virtualMachineInstanceKind, vm, 'unpause')
  } catch (error) {
    // Somebody else has set it going.
    if (!(error instanceof KubeError) || !error.isConflict) throw error
  }
}

/** Resolves to false when the guest ends before it runs. */
function isStartedPaused(client: KubeClient, vm: Ref): Promise<boolean> {
  return new Promise((resolve) => {
    let hasBeenThere = false
    let isSettled = false
    let stop: (() => void) | undefined
    const settle = (isThere: boolean) => {
      isSettled = true
      resolve(isThere)
      stop?.()
    }
    ;({ stop } = followObject(client, virtualMachineInstanceKind, vm, ({ object, isKnown }) => {
      if (!isKnown || isSettled) return
      const guest = guestFacts(object)
      if (guest.running && guest.paused) settle(true)
      else if (guest.starting || guest.running) hasBeenThere = true
      else if (hasBeenThere) settle(false)
    }))
    if (isSettled) stop()
  })
}

/** Resolves when the console is connected, or won't be by itself. */
function isDecided(session: ConsoleSession): Promise<void> {
  const isOnItsWay = () => {
    const state = session.getState()
    if (!session.isAttached && state.name === 'guestOff') return false
    return (
      state.name === 'guestOff' ||
      state.name === 'connecting' ||
      (state.name === 'disconnected' && state.cause === 'unexplained')
    )
  }
  return new Promise((resolve) => {
    const stop = session.subscribe(() => {
      if (isOnItsWay()) return
      stop()
      resolve()
    })
    if (!isOnItsWay()) {
      stop()
      resolve()
    }
  })
}
