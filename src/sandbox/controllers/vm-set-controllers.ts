/**
 * VirtualMachineInstanceReplicaSets and VirtualMachinePools: as many VMIs or VMs as they ask for.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/replicaset/replicaset.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/pool/pool.go
 */
import type { KubeObject, ResourceKey } from '../api/cluster.ts'
import { hasCondition } from '../kubevirt/conditions.ts'
import {
  controllerOf,
  controllerReference,
  keys,
  VMI_FINALIZER,
  type Condition,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmiSpec,
  type VmSpec,
} from '../kubevirt/objects.ts'
import { createWorkQueue, nameSuffix, type ControllerContext } from './controller-context.ts'
import { withVmiDefaults } from './vmi-from-vm.ts'

interface Template<Spec> {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: Spec
}

interface VmiReplicaSet extends KubeObject {
  spec: { replicas?: number; paused?: boolean; template: Template<VmiSpec> }
}

interface VmPool extends KubeObject {
  spec: { replicas?: number; paused?: boolean; virtualMachineTemplate: Template<VmSpec> }
}

export function startVmSetControllers(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const replicaSets = createWorkQueue(context, 'vmi-replicaset', syncReplicaSet)
  const pools = createWorkQueue(context, 'vm-pool', syncPool)

  for (const [key, queue, memberKey, kind] of [
    [keys.vmirs, replicaSets, keys.vmi, 'VirtualMachineInstanceReplicaSet'],
    [keys.pool, pools, keys.vm, 'VirtualMachinePool'],
  ] as const) {
    for (const set of store.list(key)) queue.addObject(set)
    context.onClose(store.subscribe(key, ({ object }) => queue.addObject(object)))
    context.onClose(
      store.subscribe(memberKey, ({ object }) => {
        const owner = controllerOf(object)
        if (owner?.kind === kind) queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
      }),
    )
  }

  function members<T extends KubeObject>(key: ResourceKey, set: KubeObject): T[] {
    return store
      .list<T>(key, set.metadata.namespace)
      .filter((member) => controllerOf(member)?.uid === set.metadata.uid)
  }

  function scaleDown(set: KubeObject, key: ResourceKey, surplus: KubeObject[]): void {
    for (const { metadata } of surplus) {
      store.delete(key, metadata.namespace, metadata.name)
      cluster.event(set, 'Normal', 'SuccessfulDelete', `Deleted ${metadata.name}`)
    }
  }

  function setStatus(
    key: ResourceKey,
    set: KubeObject,
    active: { status?: { conditions?: Condition[] } }[],
    labels: Record<string, string> | undefined,
  ): void {
    const ready = active.filter(({ status }) => hasCondition(status?.conditions, 'Ready')).length
    store.update(key, set.metadata.namespace, set.metadata.name, (draft) => {
      draft['status'] = {
        ...(draft['status'] as object | undefined),
        replicas: active.length,
        readyReplicas: ready,
        labelSelector: Object.entries(labels ?? {})
          .map(([label, value]) => `${label}=${value}`)
          .join(','),
      }
    })
  }

  function syncReplicaSet(namespace: string, name: string): void {
    const set = store.get<VmiReplicaSet>(keys.vmirs, namespace, name)
    if (!set || set.metadata.deletionTimestamp) return
    const all = members<VirtualMachineInstance>(keys.vmi, set)
    for (const vmi of all) {
      const phase = vmi.status?.phase
      if ((phase === 'Succeeded' || phase === 'Failed') && !vmi.metadata.deletionTimestamp) {
        store.delete(keys.vmi, namespace, vmi.metadata.name)
      }
    }
    const active = all.filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    )
    const wanted = set.spec.replicas ?? 1
    if (!set.spec.paused) {
      for (let missing = wanted - active.length; missing > 0; missing--) {
        const { template } = set.spec
        const created = `${name}${nameSuffix()}`
        store.create(keys.vmi, {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachineInstance',
          metadata: {
            name: created,
            namespace,
            labels: { ...template.metadata?.labels },
            annotations: { ...template.metadata?.annotations },
            finalizers: [VMI_FINALIZER],
            ownerReferences: [controllerReference(set)],
          },
          spec: withVmiDefaults(store, template.spec, `${set.metadata.uid}/${created}`),
        })
        cluster.event(set, 'Normal', 'SuccessfulCreate', `Created virtual machine: ${created}`)
      }
      scaleDown(set, keys.vmi, active.slice(wanted))
    }
    setStatus(keys.vmirs, set, active.slice(0, wanted), set.spec.template.metadata?.labels)
  }

  function syncPool(namespace: string, name: string): void {
    const pool = store.get<VmPool>(keys.pool, namespace, name)
    if (!pool || pool.metadata.deletionTimestamp) return
    const active = members<VirtualMachine>(keys.vm, pool).filter(
      ({ metadata }) => !metadata.deletionTimestamp,
    )
    const wanted = pool.spec.replicas ?? 1
    const template = pool.spec.virtualMachineTemplate
    if (!pool.spec.paused) {
      let missing = wanted - active.length
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
            labels: { ...template.metadata?.labels },
            annotations: { ...template.metadata?.annotations },
            ownerReferences: [controllerReference(pool)],
          },
          spec: numbered(template.spec, ordinal),
        })
        cluster.event(pool, 'Normal', 'SuccessfulCreate', `Created VM ${namespace}/${member}`)
      }
      scaleDown(pool, keys.vm, active.slice(wanted).toReversed())
    }
    setStatus(keys.pool, pool, active.slice(0, wanted), template.metadata?.labels)
  }
}

/**
 * DataVolumes bear the number of their VM.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/pool/pool.go indexVMSpec
 */
function numbered(spec: VmSpec, ordinal: number): VmSpec {
  const copy = structuredClone(spec)
  const names = new Map<string, string>()
  for (const { metadata } of copy.dataVolumeTemplates ?? []) {
    const name = `${metadata.name}-${ordinal}`
    names.set(metadata.name, name)
    metadata.name = name
  }
  for (const { dataVolume, persistentVolumeClaim: claim } of copy.template.spec.volumes ?? []) {
    if (dataVolume) dataVolume.name = names.get(dataVolume.name) ?? dataVolume.name
    if (claim) claim.claimName = names.get(claim.claimName) ?? claim.claimName
  }
  return copy
}
