/** A steady stream of changes among the VMs seeded in bulk, as agents and people cause them. */
import type { Store } from '../api/cluster.ts'
import { hasCondition, timestamp, withCondition, withoutCondition } from '../kubevirt/conditions.ts'
import {
  isSimulated,
  keys,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'

const TICK_MS = 100

/** Makes `perSecond` changes a second. Returns what stops it. */
export function startChurn(store: Store, perSecond: number): () => void {
  const running = store
    .list<VirtualMachineInstance>(keys.vmi)
    .filter((vmi) => isSimulated(vmi) && vmi.status?.phase === 'Running')
    .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }))
  if (running.length === 0) return () => undefined
  let due = 0
  const timer = setInterval(() => {
    due += (perSecond * TICK_MS) / 1000
    for (; due >= 1; due--) {
      const { namespace, name } = running[Math.floor(Math.random() * running.length)]!
      change(store, namespace, name)
    }
  }, TICK_MS)
  return () => clearInterval(timer)
}

function change(store: Store, namespace: string | undefined, name: string): void {
  const kind = Math.random()
  if (kind < 0.3) {
    store.update<VirtualMachine>(keys.vm, namespace, name, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'audit.example.com/seen': timestamp() }
    })
    return
  }
  store.update<VirtualMachineInstance>(keys.vmi, namespace, name, (draft) => {
    if (draft.status?.phase !== 'Running') return
    const type = kind < 0.9 ? 'AgentConnected' : 'Paused'
    draft.status.conditions = hasCondition(draft.status.conditions, type)
      ? withoutCondition(draft.status.conditions, type)
      : withCondition(draft.status.conditions, {
          type,
          status: 'True',
          ...(type === 'Paused'
            ? { reason: 'PausedByUser', message: 'VMI was paused by user' }
            : {}),
        })
  })
}
