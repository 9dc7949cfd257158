/**
 * How a change of a pool's template reaches its VMs: their specs at once, and those that run by a
 * restart, so many at a time.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/pool/pool.go
 */
import { isDeepStrictEqual } from 'node:util'

import { hasCondition } from '../kubevirt/conditions.ts'
import {
  controllerOf,
  keys,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import type { ControllerContext, WorkQueue } from './controller-context.ts'
import {
  memberSpec,
  ordinalOf,
  POOL_REVISION,
  poolRevision,
  sortMembers,
  type Revision,
  type VmPool,
} from './vm-pool-members.ts'

const RETRY_MS = 3000

type Change = 'restart' | 'label' | 'replace'

export function createPoolRollout(context: ControllerContext, queue: Pick<WorkQueue, 'addAfter'>) {
  const { cluster } = context
  const { store } = cluster

  function specAt(namespace: string, revision: string | undefined): VmPool['spec'] | undefined {
    if (revision === undefined) return undefined
    return store.get<Revision>(keys.controllerRevision, namespace, revision)?.data
  }

  function isCurrent(pool: VmPool, { metadata }: VirtualMachine): boolean {
    const { namespace = '', labels } = metadata
    const before = specAt(namespace, labels?.[POOL_REVISION])
    return isDeepStrictEqual(
      before?.virtualMachineTemplate,
      structuredClone(pool.spec.virtualMachineTemplate),
    )
  }

  function update(pool: VmPool, vm: VirtualMachine, revision: string): void {
    const { namespace, name } = vm.metadata
    const { metadata } = pool.spec.virtualMachineTemplate
    store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
      const { firmware } = draft.spec.template.spec.domain
      draft.metadata.labels = { ...metadata?.labels, [POOL_REVISION]: revision }
      draft.metadata.annotations = { ...metadata?.annotations }
      draft.spec = memberSpec(pool, ordinalOf(vm), revision)
      // By these the guest knows itself.
      const { domain } = draft.spec.template.spec
      const { uuid, serial } = firmware ?? {}
      if (uuid !== undefined || serial !== undefined)
        domain.firmware = {
          ...domain.firmware,
          ...(uuid !== undefined && { uuid }),
          ...(serial !== undefined && { serial }),
        }
    })
    cluster.event(pool, 'Normal', 'SuccessfulUpdate', `Updated VM ${namespace}/${name}`)
  }

  /** What it takes for the running instance to be as the VM is; undefined for nothing. */
  function changeOf(vm: VirtualMachine, vmi: VirtualMachineInstance): Change | undefined {
    const { namespace = '', labels } = vm.metadata
    const wanted = labels?.[POOL_REVISION]
    const actual = vmi.metadata.labels?.[POOL_REVISION]
    const after = specAt(namespace, wanted)?.virtualMachineTemplate.spec
    if (wanted === actual || !after) return undefined
    const before = specAt(namespace, actual)?.virtualMachineTemplate.spec
    if (!before) return 'restart'
    if (!isDeepStrictEqual(before.dataVolumeTemplates, after.dataVolumeTemplates)) return 'replace'
    return isDeepStrictEqual(before.template, after.template) ? 'label' : 'restart'
  }

  function apply(pool: VmPool, { metadata }: VirtualMachine, change: Change): void {
    const { namespace, name, labels } = metadata
    if (change === 'restart') store.delete(keys.vmi, namespace, name)
    else if (change === 'replace') store.delete(keys.vm, namespace, name)
    else
      store.update(keys.vmi, namespace, name, (draft) => {
        draft.metadata.labels = {
          ...draft.metadata.labels,
          [POOL_REVISION]: labels?.[POOL_REVISION] ?? '',
        }
      })
    const words = `Successfully updated resource ${namespace}/${name}`
    cluster.event(pool, 'Normal', 'SuccessfulDelete', words)
  }

  function renew(pool: VmPool, members: readonly VirtualMachine[]): void {
    const policy = pool.spec.updateStrategy?.proactive?.selectionPolicy?.sortPolicy
    const pending = sortMembers(members, policy).flatMap((vm) => {
      const { namespace, name } = vm.metadata
      const vmi = store.get<VirtualMachineInstance>(keys.vmi, namespace, name)
      const change = vmi && !vmi.metadata.deletionTimestamp ? changeOf(vm, vmi) : undefined
      return change === undefined ? [] : [{ vm, change }]
    })
    const isReady = ({ status }: VirtualMachine) => hasCondition(status?.conditions, 'Ready')
    let left = mostUnavailable(pool) - members.filter((vm) => !isReady(vm)).length
    for (const { vm, change } of pending) {
      // Whoever isn't well anyway may be helped by the change, and doesn't count twice.
      if (isReady(vm) && left-- <= 0)
        return queue.addAfter(`${pool.metadata.namespace ?? ''}/${pool.metadata.name}`, RETRY_MS)
      apply(pool, vm, change)
    }
  }

  function prune(pool: VmPool, members: readonly VirtualMachine[]): void {
    const { namespace, uid } = pool.metadata
    const used = new Set(
      members.flatMap((vm) => [
        vm.metadata.labels?.[POOL_REVISION],
        store.get(keys.vmi, namespace, vm.metadata.name)?.metadata.labels?.[POOL_REVISION],
      ]),
    )
    for (const revision of store.list(keys.controllerRevision, namespace))
      if (controllerOf(revision)?.uid === uid && !used.has(revision.metadata.name))
        store.delete(keys.controllerRevision, namespace, revision.metadata.name)
  }

  return (pool: VmPool, members: readonly VirtualMachine[]): void => {
    const { unmanaged, opportunistic } = pool.spec.updateStrategy ?? {}
    if (unmanaged) return
    const outdated = members.filter((vm) => !vm.metadata.deletionTimestamp && !isCurrent(pool, vm))
    if (outdated.length > 0) {
      const revision = poolRevision(store, pool)
      for (const vm of outdated) update(pool, vm, revision)
      return
    }
    if (!opportunistic) renew(pool, members)
    prune(pool, members)
  }
}

/** How many of its VMs a roll-out may have down at a time; all unless the pool says otherwise. */
function mostUnavailable({ spec }: VmPool): number {
  const { maxUnavailable = '100%', replicas = 1 } = spec
  const count =
    typeof maxUnavailable === 'number'
      ? maxUnavailable
      : Math.floor((replicas * Number(maxUnavailable.replace('%', ''))) / 100)
  return Math.max(1, count)
}
