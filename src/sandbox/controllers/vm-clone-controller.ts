/**
 * Clones: a snapshot of the source, restored into a VM of another name.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/clone/clone.go
 */
import type { KubeObject } from '../api/cluster.ts'
import { withCondition } from '../kubevirt/conditions.ts'
import {
  controllerReference,
  keys,
  type Condition,
  type PersistentVolumeClaim,
  type VirtualMachine,
} from '../kubevirt/objects.ts'
import { clonePatches, type CloneSpec, type KeptVm } from './clone-patches.ts'
import { createWorkQueue, objectKey, type ControllerContext } from './controller-context.ts'

interface Clone extends KubeObject {
  spec: CloneSpec
  status?: CloneStatus
}

interface CloneStatus {
  phase?: string
  snapshotName?: string
  restoreName?: string
  targetName?: string
  conditions?: Condition[]
}

interface Snapshot extends KubeObject {
  status?: { phase?: string; readyToUse?: boolean; virtualMachineSnapshotContentName?: string }
}

interface SnapshotContent extends KubeObject {
  spec: { source: { virtualMachine: KeptVm }; volumeBackups?: { volumeName: string }[] }
}

interface Restore extends KubeObject {
  status?: { complete?: boolean; restores?: { persistentVolumeClaimName: string }[] }
}

/** What one look at a clone leads to. */
interface Step extends CloneStatus {
  /** Waits for something outside, or has failed for good, for a reason. */
  pending?: string
  failed?: string
}

const waitMs = 1000

export function startVmCloneController(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const clones = createWorkQueue(context, 'vm-clone', sync)
  for (const clone of store.list(keys.clone)) clones.addObject(clone)
  context.onClose(store.subscribe(keys.clone, ({ object }) => clones.addObject(object)))
  for (const key of [keys.snapshot, keys.restore, keys.vm]) {
    context.onClose(
      store.subscribe(key, ({ object }) => {
        for (const clone of store.list(keys.clone, object.metadata.namespace))
          clones.addObject(clone)
      }),
    )
  }

  function sync(namespace: string, name: string): void {
    const clone = store.get<Clone>(keys.clone, namespace, name)
    if (!clone || clone.metadata.deletionTimestamp || clone.status?.phase === 'Failed') return
    const { phase, targetName = '', restoreName } = clone.status ?? {}
    if (phase === 'Succeeded') {
      if (!store.get(keys.vm, namespace, targetName)) store.delete(keys.clone, namespace, name)
      else if (restoreName !== undefined) cleanUp(clone, restoreName)
      return
    }
    setStatus(clone, advance(clone))
    clones.addAfter(objectKey(clone), waitMs)
  }

  function event(clone: Clone, reason: string, message: string): void {
    cluster.event(clone, 'Normal', reason, message)
  }

  function advance(clone: Clone): Step {
    const { namespace = '', name } = clone.metadata
    const { phase, snapshotName, restoreName } = clone.status ?? {}
    const { kind, name: sourceName } = clone.spec.source
    const isOfVm = kind === 'VirtualMachine'
    const source = store.get(isOfVm ? keys.vm : keys.snapshot, namespace, sourceName)
    if (!source) {
      const pending = `Source doesnt exist: ${kind} ${namespace}/${sourceName}`
      event(clone, 'SourceDoesNotExist', pending)
      return { pending }
    }
    if (phase === undefined || phase === 'SnapshotInProgress') {
      if (isOfVm && snapshotName === undefined) return takeSnapshot(clone, source as VirtualMachine)
      return awaitSnapshot(clone, snapshotName ?? sourceName)
    }
    if (phase === 'RestoreInProgress') {
      if (restoreName === undefined) return restore(clone, snapshotName ?? sourceName)
      const found = store.get<Restore>(keys.restore, namespace, restoreName)
      if (found?.status?.complete !== true) return { phase }
      event(clone, 'RestoreReady', `restore ${restoreName} for clone ${name} is ready to use`)
      return { phase: 'CreatingTargetVM', targetName: clone.spec.target?.name ?? '' }
    }
    const targetName = clone.status?.targetName ?? ''
    if (!store.get(keys.vm, namespace, targetName)) return {}
    event(clone, 'TargetVMCreated', `created target VM ${targetName} for clone ${name}`)
    return { phase: 'Succeeded' }
  }

  function takeSnapshot(clone: Clone, vm: VirtualMachine): Step {
    const problem = whyNoSnapshot(vm)
    if (problem !== undefined) {
      event(clone, 'VMVolumeSnapshotsInvalid', problem)
      return { pending: problem }
    }
    const { name, namespace = '', uid } = clone.metadata
    const snapshotName = `tmp-snapshot-${uid}`
    if (!store.get(keys.snapshot, namespace, snapshotName)) {
      store.create(keys.snapshot, {
        apiVersion: 'snapshot.kubevirt.io/v1beta1',
        kind: 'VirtualMachineSnapshot',
        metadata: {
          name: snapshotName,
          namespace,
          ownerReferences: [controllerReference(clone)],
        },
        spec: {
          source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm.metadata.name },
        },
      })
      event(clone, 'SnapshotCreated', `created snapshot ${snapshotName} for clone ${name}`)
    }
    return { phase: 'SnapshotInProgress', snapshotName }
  }

  function contentOf(snapshot: Snapshot | undefined): SnapshotContent | undefined {
    const name = snapshot?.status?.virtualMachineSnapshotContentName
    return name === undefined
      ? undefined
      : store.get<SnapshotContent>(keys.snapshotContent, snapshot?.metadata.namespace, name)
  }

  function awaitSnapshot(clone: Clone, snapshotName: string): Step {
    const { name, namespace = '' } = clone.metadata
    const snapshot = store.get<Snapshot>(keys.snapshot, namespace, snapshotName)
    if (!snapshot?.status?.readyToUse) return { phase: 'SnapshotInProgress' }
    const failed = whyNoRestore(snapshotName, contentOf(snapshot))
    if (failed !== undefined) {
      event(clone, 'SnapshotContentInvalid', failed)
      return { failed }
    }
    event(clone, 'SnapshotReady', `snapshot ${snapshotName} for clone ${name} is ready to use`)
    return { phase: 'RestoreInProgress' }
  }

  function restore(clone: Clone, snapshotName: string): Step {
    const { name, namespace = '', uid } = clone.metadata
    const content = contentOf(store.get<Snapshot>(keys.snapshot, namespace, snapshotName))
    if (!content) {
      const failed = `snapshot ${snapshotName} does not exist anymore`
      event(clone, 'SnapshotDeleted', failed)
      return { failed }
    }
    const restoreName = `tmp-restore-${uid}`
    if (!store.get(keys.restore, namespace, restoreName)) {
      store.create(keys.restore, {
        apiVersion: 'snapshot.kubevirt.io/v1beta1',
        kind: 'VirtualMachineRestore',
        metadata: { name: restoreName, namespace, ownerReferences: [controllerReference(clone)] },
        spec: {
          target: clone.spec.target,
          virtualMachineSnapshotName: snapshotName,
          patches: clonePatches(content.spec.source.virtualMachine, clone.spec),
        },
      })
      event(clone, 'RestoreCreated', `created restore ${restoreName} for clone ${name}`)
    }
    return { phase: 'RestoreInProgress', restoreName }
  }

  /** The temporary objects go once the disks they filled are bound. */
  function cleanUp(clone: Clone, restoreName: string): void {
    const { name, namespace } = clone.metadata
    const { status } = store.get<Restore>(keys.restore, namespace, restoreName) ?? {}
    const isBound = (status?.restores ?? []).every(
      ({ persistentVolumeClaimName }) =>
        store.get<PersistentVolumeClaim>(keys.pvc, namespace, persistentVolumeClaimName)?.status
          ?.phase === 'Bound',
    )
    if (!isBound) {
      clones.addAfter(objectKey(clone), waitMs)
      return
    }
    event(clone, 'PVCBound', `all PVC for clone ${name} are bound`)
    store.delete(keys.restore, namespace, restoreName)
    const { snapshotName } = clone.status ?? {}
    if (snapshotName !== undefined) store.delete(keys.snapshot, namespace, snapshotName)
    store.update<Clone>(keys.clone, namespace, name, ({ status: draft }) => {
      delete draft?.snapshotName
      delete draft?.restoreName
    })
  }

  function setStatus(clone: Clone, { pending, failed, ...change }: Step): void {
    const { name, namespace } = clone.metadata
    store.update<Clone>(keys.clone, namespace, name, (draft) => {
      const before = draft.status?.conditions
      draft.status = {
        ...draft.status,
        ...change,
        ...(failed !== undefined && { phase: 'Failed' }),
        conditions:
          pending !== undefined
            ? conditions(before, 'False', 'Pending', pending)
            : failed !== undefined
              ? conditions(before, 'False', 'Failed', failed)
              : change.phase === 'Succeeded'
                ? conditions(before, 'False', 'Ready', 'Ready', 'True')
                : conditions(before, 'True', 'Still processing', 'Still processing'),
      }
    })
  }
}

function conditions(
  before: Condition[] | undefined,
  progressing: 'True' | 'False',
  progress: string,
  ready: string,
  isReady: 'True' | 'False' = 'False',
): Condition[] {
  const next = withCondition(before, {
    type: 'Progressing',
    status: progressing,
    reason: progress,
  })
  return withCondition(next, { type: 'Ready', status: isReady, reason: ready })
}

/** Of the volumes that have to be in a snapshot, the first that can't be; several, a line each. */
function whyNoSnapshot({ spec, status }: VirtualMachine): string | undefined {
  const problems = (spec.template.spec.volumes ?? [])
    .filter(({ persistentVolumeClaim, dataVolume }) => persistentVolumeClaim ?? dataVolume)
    .flatMap(({ name }) => {
      const known = status?.volumeSnapshotStatuses?.find((one) => one.name === name)
      if (!known) return `Virtual Machine volume ${name} snapshot support unknown`
      return known.enabled ? [] : `Virtual Machine volume ${name} does not support snapshots`
    })
  return problems.length === 0 ? undefined : problems.join('\n')
}

function whyNoRestore(snapshot: string, content: SnapshotContent | undefined): string | undefined {
  if (!content) return `snapshot content of ${snapshot} does not exist`
  const backed = new Set(content.spec.volumeBackups?.map(({ volumeName }) => volumeName))
  const problems = (content.spec.source.virtualMachine.spec.template.spec.volumes ?? [])
    .filter(({ persistentVolumeClaim, dataVolume }) => persistentVolumeClaim ?? dataVolume)
    .filter(({ name }) => !backed.has(name))
    .map(({ name }) => `volume ${name} is not backed up in snapshot ${snapshot}`)
  return problems.length === 0 ? undefined : problems.join('\n')
}
