/**
 * virt-controller: marks VMIs whose interfaces are to be on another network than their pod is, and
 * those whose new interfaces nobody has attached in time. A migration brings them there.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/migration/evaluator.go
 */
import type { Store } from '../api/cluster.ts'
import { findCondition, withCondition, withoutCondition } from '../kubevirt/conditions.ts'
import { keys, type Pod, type VirtualMachineInstance } from '../kubevirt/objects.ts'
import type { ControllerContext } from './controller-context.ts'
import { podInterfaceName } from './launcher-pod.ts'
import { isMigrating } from './migration-state.ts'
import { selectionsOf } from './pod-networks.ts'

/** How long a dynamic networks controller may take (DynamicNetworkControllerGracePeriod). */
const GRACE_MS = 15_000
const TYPE = 'MigrationRequired'

export function startNetworkMoves(context: ControllerContext): void {
  const { store } = context.cluster
  const waiting = new Set<string>()
  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ type, object, previous }) => {
      if (type !== 'MODIFIED' || object.status?.phase !== 'Running') return
      if (findCondition(object.status.conditions, TYPE)?.status === 'False') wait(object)
      if (object.spec.networks !== previous?.spec.networks) mark(object)
    }),
  )

  function mark({ metadata }: VirtualMachineInstance): void {
    store.update<VirtualMachineInstance>(keys.vmi, metadata.namespace, metadata.name, (draft) => {
      if (isMigrating(draft)) return
      const status = draft.status!
      if (isElsewhere(store, draft)) require(draft)
      else if (findCondition(status.conditions, TYPE)?.status === 'True' && !isUnattached(draft))
        status.conditions = withoutCondition(status.conditions, TYPE)
    })
  }

  function wait({ metadata: { namespace, name, uid } }: VirtualMachineInstance): void {
    if (waiting.has(uid)) return
    waiting.add(uid)
    context.later(GRACE_MS, () => {
      waiting.delete(uid)
      if (store.get(keys.vmi, namespace, name)?.metadata.uid !== uid) return
      store.update<VirtualMachineInstance>(keys.vmi, namespace, name, (draft) => {
        const condition = findCondition(draft.status?.conditions, TYPE)
        if (condition?.status === 'False' && !isMigrating(draft)) require(draft)
      })
    })
  }
}

function require({ status }: VirtualMachineInstance): void {
  status!.conditions = withCondition(status!.conditions, {
    type: TYPE,
    status: 'True',
    reason: 'AutoMigrationDueToLiveUpdate',
  })
}

/** An interface that no pod has yet, as SR-IOV ones before a migration. */
function isUnattached({ spec, status }: VirtualMachineInstance): boolean {
  return (spec.domain.devices.interfaces ?? []).some(
    ({ name, state }) =>
      state !== 'absent' && !status?.interfaces?.some((attached) => attached.name === name),
  )
}

function isElsewhere(store: Store, { metadata, spec, status }: VirtualMachineInstance): boolean {
  const pod = store
    .list<Pod>(keys.pod, metadata.namespace)
    .find(({ metadata: { uid } }) => status?.activePods?.[uid] !== undefined)
  const attached = pod ? selectionsOf(pod) : []
  return (spec.networks ?? []).some(({ name, multus }) => {
    if (!multus) return false
    const now = attached.find((one) => one.interface === podInterfaceName(spec, name))
    const [wanted = '', namespace = metadata.namespace] = multus.networkName.split('/').toReversed()
    return now !== undefined && (now.name !== wanted || now.namespace !== namespace)
  })
}
