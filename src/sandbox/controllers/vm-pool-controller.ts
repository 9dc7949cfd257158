/**
 * VirtualMachinePools: as many VMs as they ask for, all made from the pool's template, and made anew
 * when it changes.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/pool/pool.go
 */
import { selectorMatches } from '../api/selectors.ts'
import { hasCondition, timestamp } from '../kubevirt/conditions.ts'
import {
  controllerOf,
  controllerReference,
  keys,
  type Condition,
  type VirtualMachine,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import {
  memberSpec,
  POOL_REVISION,
  poolRevision,
  sortMembers,
  type VmPool,
} from './vm-pool-members.ts'
import { createPoolRollout } from './vm-pool-rollout.ts'

export function startVmPoolController(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'vm-pool', sync)
  const rollOut = createPoolRollout(context, queue)
  for (const pool of store.list(keys.pool)) queue.addObject(pool)
  context.onClose(store.subscribe(keys.pool, ({ object }) => queue.addObject(object)))
  context.onClose(
    store.subscribe(keys.vm, ({ object }) => queue.addOwner(object, 'VirtualMachinePool')),
  )

  function sync(namespace: string, name: string): void {
    const pool = store.get<VmPool>(keys.pool, namespace, name)
    if (!pool || pool.metadata.deletionTimestamp) return
    const members = ownMembers(pool)
    if (!pool.spec.paused) {
      const missing = (pool.spec.replicas ?? 1) - members.length
      if (missing > 0) scaleOut(pool, missing)
      else if (missing < 0) scaleIn(pool, members, -missing)
      else rollOut(pool, members)
    }
    setStatus(pool, ownMembers(pool))
  }

  /** Its VMs; one that its selector no longer finds is let go, and another is made in its place. */
  function ownMembers(pool: VmPool): VirtualMachine[] {
    const members = store
      .list<VirtualMachine>(keys.vm, pool.metadata.namespace)
      .filter((vm) => controllerOf(vm)?.uid === pool.metadata.uid)
    return members.filter((vm) => {
      if (selectorMatches(pool.spec.selector, vm.metadata.labels ?? {})) return true
      store.update(keys.vm, vm.metadata.namespace, vm.metadata.name, ({ metadata }) => {
        metadata.ownerReferences = (metadata.ownerReferences ?? []).filter(
          ({ uid }) => uid !== pool.metadata.uid,
        )
      })
      return false
    })
  }

  function scaleOut(pool: VmPool, count: number): void {
    const { namespace = '', name } = pool.metadata
    const { metadata } = pool.spec.virtualMachineTemplate
    const revision = poolRevision(store, pool)
    let missing = count
    for (let ordinal = 0; missing > 0; ordinal++) {
      const member = `${name}-${ordinal}`
      if (store.get(keys.vm, namespace, member)) continue
      missing--
      store.create(keys.vm, {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        metadata: {
          name: member,
          namespace,
          labels: { ...metadata?.labels, [POOL_REVISION]: revision },
          annotations: { ...metadata?.annotations },
          ownerReferences: [controllerReference(pool)],
        },
        spec: memberSpec(pool, ordinal, revision),
      })
      cluster.event(pool, 'Normal', 'SuccessfulCreate', `Created VM ${namespace}/${member}`)
    }
  }

  function scaleIn(pool: VmPool, members: readonly VirtualMachine[], count: number): void {
    const { proactive, opportunistic, unmanaged } = pool.spec.scaleInStrategy ?? {}
    if (opportunistic || unmanaged) return
    const remaining = members.filter(({ metadata }) => !metadata.deletionTimestamp)
    // Those that are going already count.
    const surplus = Math.max(0, count - (members.length - remaining.length))
    const keepsState = (proactive?.statePreservation ?? 'Disabled') !== 'Disabled'
    const sorted = sortMembers(remaining, proactive?.selectionPolicy?.sortPolicy)
    for (const vm of sorted.slice(0, surplus)) {
      const { namespace, name, uid } = vm.metadata
      if (keepsState) keepVolumes(vm)
      store.delete(keys.vm, namespace, name)
      const words = `Deleted VM ${namespace}/${name} with uid ${uid} from pool`
      cluster.event(pool, 'Normal', 'SuccessfulDelete', words)
    }
  }

  /** Its DataVolumes and claims are no longer the VM's, so they stay. */
  function keepVolumes({ metadata: { namespace, uid } }: VirtualMachine): void {
    for (const key of [keys.dataVolume, keys.pvc]) {
      for (const volume of store.list(key, namespace)) {
        if (controllerOf(volume)?.uid !== uid) continue
        store.update(key, namespace, volume.metadata.name, ({ metadata }) => {
          metadata.ownerReferences = metadata.ownerReferences!.filter((owner) => owner.uid !== uid)
        })
      }
    }
  }

  function setStatus(pool: VmPool, members: readonly VirtualMachine[]): void {
    const { namespace, name } = pool.metadata
    const isPaused = pool.spec.paused === true
    const wasPaused = hasCondition(pool.status?.conditions, 'ReplicaPaused')
    if (isPaused !== wasPaused)
      cluster.event(
        pool,
        'Normal',
        isPaused ? 'SuccessfulPaused' : 'SuccessfulResume',
        isPaused ? 'Pool is paused' : 'Pool is unpaused',
      )
    store.update(keys.pool, namespace, name, (draft) => {
      draft['status'] = {
        replicas: members.length,
        readyReplicas: members.filter(({ status }) => hasCondition(status?.conditions, 'Ready'))
          .length,
        labelSelector: selectorText(pool),
        ...(isPaused && {
          conditions: wasPaused ? pool.status?.conditions : [pausedCondition()],
        }),
      }
    })
  }
}

function pausedCondition(): Condition {
  return {
    type: 'ReplicaPaused',
    status: 'True',
    reason: 'SuccessfulPaused',
    message: 'Pool controller is paused',
    lastTransitionTime: timestamp(),
  }
}

function selectorText({ spec }: VmPool): string {
  return Object.entries(spec.selector?.matchLabels ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .toSorted()
    .join(',')
}
