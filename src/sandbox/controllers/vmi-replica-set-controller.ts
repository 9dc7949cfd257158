/**
 * VirtualMachineInstanceReplicaSets: as many VMIs as they ask for.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/replicaset/replicaset.go
 */
import type { KubeObject } from '../api/cluster.ts'
import { hasCondition } from '../kubevirt/conditions.ts'
import {
  controllerOf,
  controllerReference,
  keys,
  VMI_FINALIZER,
  type VirtualMachineInstance,
  type VmiSpec,
} from '../kubevirt/objects.ts'
import { createWorkQueue, nameSuffix, type ControllerContext } from './controller-context.ts'
import { withVmiDefaults } from './vmi-from-vm.ts'

interface VmiReplicaSet extends KubeObject {
  spec: {
    replicas?: number
    paused?: boolean
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: VmiSpec
    }
  }
}

export function startVmiReplicaSetController(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'vmi-replicaset', sync)
  for (const set of store.list(keys.vmirs)) queue.addObject(set)
  context.onClose(store.subscribe(keys.vmirs, ({ object }) => queue.addObject(object)))
  context.onClose(
    store.subscribe(keys.vmi, ({ object }) =>
      queue.addOwner(object, 'VirtualMachineInstanceReplicaSet'),
    ),
  )

  function sync(namespace: string, name: string): void {
    const set = store.get<VmiReplicaSet>(keys.vmirs, namespace, name)
    if (!set || set.metadata.deletionTimestamp) return
    const all = store
      .list<VirtualMachineInstance>(keys.vmi, namespace)
      .filter((vmi) => controllerOf(vmi)?.uid === set.metadata.uid)
    const isOver = ({ status }: VirtualMachineInstance) =>
      status?.phase === 'Succeeded' || status?.phase === 'Failed'
    for (const vmi of all) {
      if (isOver(vmi) && !vmi.metadata.deletionTimestamp)
        store.delete(keys.vmi, namespace, vmi.metadata.name)
    }
    const active = all.filter((vmi) => !vmi.metadata.deletionTimestamp && !isOver(vmi))
    const wanted = set.spec.replicas ?? 1
    if (!set.spec.paused) {
      for (let missing = wanted - active.length; missing > 0; missing--) create(set)
      for (const { metadata } of active.slice(wanted)) {
        store.delete(keys.vmi, namespace, metadata.name)
        cluster.event(set, 'Normal', 'SuccessfulDelete', `Deleted ${metadata.name}`)
      }
    }
    setStatus(set, active.slice(0, wanted))
  }

  function create(set: VmiReplicaSet): void {
    const { template } = set.spec
    const { namespace = '' } = set.metadata
    const name = `${set.metadata.name}${nameSuffix()}`
    store.create(keys.vmi, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata?.labels },
        annotations: { ...template.metadata?.annotations },
        finalizers: [VMI_FINALIZER],
        ownerReferences: [controllerReference(set)],
      },
      spec: withVmiDefaults(store, template.spec, `${set.metadata.uid}/${name}`),
    })
    cluster.event(set, 'Normal', 'SuccessfulCreate', `Created virtual machine: ${name}`)
  }

  function setStatus(set: VmiReplicaSet, active: readonly VirtualMachineInstance[]): void {
    const { namespace, name } = set.metadata
    store.update(keys.vmirs, namespace, name, (draft) => {
      draft['status'] = {
        ...(draft['status'] as object | undefined),
        replicas: active.length,
        readyReplicas: active.filter(({ status }) => hasCondition(status?.conditions, 'Ready'))
          .length,
        labelSelector: Object.entries(set.spec.template.metadata?.labels ?? {})
          .map(([label, value]) => `${label}=${value}`)
          .join(','),
      }
    })
  }
}
