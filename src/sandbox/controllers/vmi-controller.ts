/**
 * VirtualMachineInstances as virt-controller sees them: the launcher pod, and every phase up to
 * Scheduled; from there on the node's virt-handler (guest-runner.ts) owns the VMI.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vmi/lifecycle.go
 */
import {
  findCondition,
  hasCondition,
  withCondition,
  withoutCondition,
} from '../kubevirt/conditions.ts'
import {
  controllerOf,
  isFinal,
  keys,
  VMI_FINALIZER,
  VM_FINALIZER,
  type Condition,
  type DataVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
  type VirtualMachineInstance,
  type VolumeStatus,
} from '../kubevirt/objects.ts'
import { quotaKey } from '../kubevirt/quota.ts'
import { claimInfoOf } from './claim-info.ts'
import { createWorkQueue, type ControllerContext, type WorkQueue } from './controller-context.ts'
import { isLauncher } from './kubelet.ts'
import { launcherPod } from './launcher-pod.ts'
import { launcherRefusal } from './launcher-refusal.ts'
import { isHotpluggable } from './restart-required.ts'
import { claimsOf } from './vm-controller.ts'
import { setPhase } from './vmi-phase.ts'

export interface VmiController {
  queue: WorkQueue
  /** The pod that runs the VMI, or is about to; the newest during a migration. */
  launcherOf(vmi: VirtualMachineInstance): Pod | undefined
}

/** Finds launcher pods by the VMI's uid without searching all pods. */
export interface LauncherIndex {
  podsOf(vmiUid: string): Pod[]
}

export function createLauncherIndex(context: ControllerContext): LauncherIndex {
  const { store } = context.cluster
  const names = new Map<string, { namespace: string; name: string }[]>()
  const add = (pod: Pod): void => {
    const uid = pod.metadata.labels?.['kubevirt.io/created-by']
    if (!uid || !isLauncher(pod)) return
    const entry = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }
    const known = names.get(uid)
    if (!known) names.set(uid, [entry])
    else if (!known.some(({ name }) => name === entry.name)) known.push(entry)
  }
  for (const pod of store.list<Pod>(keys.pod)) add(pod)
  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ type, object }) => {
      if (type === 'ADDED') add(object)
      const uid = object.metadata.labels?.['kubevirt.io/created-by']
      if (type !== 'DELETED' || !uid) return
      const rest = names.get(uid)?.filter(({ name }) => name !== object.metadata.name) ?? []
      if (rest.length > 0) names.set(uid, rest)
      else names.delete(uid)
    }),
  )
  return {
    podsOf: (uid) =>
      (names.get(uid) ?? []).flatMap(
        ({ namespace, name }) => store.get<Pod>(keys.pod, namespace, name) ?? [],
      ),
  }
}

export function startVmiController(
  context: ControllerContext,
  launchers: LauncherIndex,
): VmiController {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'virtualmachineinstance', sync)
  /** VMIs that wait for a claim or DataVolume, as `namespace/name`. */
  const waiting = new Set<string>()

  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ type, object }) => {
      if (type !== 'DELETED') queue.addObject(object)
      else waiting.delete(`${object.metadata.namespace}/${object.metadata.name}`)
    }),
  )
  context.onClose(
    store.subscribe(keys.pod, ({ object }) => queue.addOwner(object, 'VirtualMachineInstance')),
  )
  for (const key of [keys.pvc, keys.dataVolume, keys.kubevirt, quotaKey]) {
    context.onClose(
      store.subscribe(key, () => {
        for (const vmi of waiting) queue.add(vmi)
      }),
    )
  }
  return { queue, launcherOf }

  function launcherOf(vmi: VirtualMachineInstance): Pod | undefined {
    const pods = launchers.podsOf(vmi.metadata.uid)
    const onNode = pods.find(({ spec }) => spec.nodeName === vmi.status?.nodeName)
    return (vmi.status?.phase === 'Running' ? onNode : undefined) ?? pods.at(-1)
  }

  function sync(namespace: string, name: string): void {
    const vmi = store.get<VirtualMachineInstance>(keys.vmi, namespace, name)
    if (!vmi) return
    const pod = launcherOf(vmi)
    if (vmi.metadata.deletionTimestamp) {
      windDown(vmi, pod)
      return
    }
    if (!vmi.metadata.finalizers?.includes(VMI_FINALIZER)) {
      update(vmi, ({ metadata }) => {
        metadata.finalizers = [...(metadata.finalizers ?? []), VMI_FINALIZER]
      })
      return
    }
    switch (vmi.status?.phase) {
      case undefined:
      case 'Pending':
        prepare(vmi, pod)
        break
      case 'Scheduling':
        if (pod) followPod(vmi, pod)
        else failWithoutPod(vmi)
        break
      case 'Scheduled':
      case 'Running':
        if (!pod) failWithoutPod(vmi)
        else syncReady(vmi, pod)
        break
      default:
        break
    }
  }

  function update(
    vmi: VirtualMachineInstance,
    change: (draft: VirtualMachineInstance) => void,
  ): void {
    store.update<VirtualMachineInstance>(
      keys.vmi,
      vmi.metadata.namespace,
      vmi.metadata.name,
      change,
    )
  }

  function prepare(vmi: VirtualMachineInstance, pod: Pod | undefined): void {
    const key = `${vmi.metadata.namespace ?? ''}/${vmi.metadata.name}`
    if (pod) {
      waiting.delete(key)
      update(vmi, (draft) => {
        setPhase(draft, 'Scheduling')
        draft.status!.activePods = { [pod.metadata.uid]: pod.spec.nodeName ?? '' }
        draft.status!.conditions = withoutCondition(draft.status!.conditions, 'Provisioning')
      })
      return
    }
    const missing = claimsOf(vmi.spec).find(
      (claim) =>
        !store.get(keys.pvc, vmi.metadata.namespace, claim) &&
        !store.get(keys.dataVolume, vmi.metadata.namespace, claim),
    )
    const provisioning = missing === undefined && !volumesReady(vmi)
    const refusal = missing || provisioning ? undefined : createPod(vmi)
    const unsynchronized = missing
      ? {
          reason: 'FailedPvcNotFound',
          message: `PVC ${vmi.metadata.namespace}/${missing} does not exist, waiting for it to appear`,
        }
      : refusal && { reason: 'FailedCreate', message: refusal }
    update(vmi, (draft) => {
      setPhase(draft, 'Pending')
      const status = draft.status!
      status.conditions = withCondition(status.conditions, {
        type: 'Ready',
        status: 'False',
        reason: 'PodNotExists',
        message: 'virt-launcher pod has not yet been scheduled',
      })
      status.conditions = unsynchronized
        ? withCondition(status.conditions, {
            type: 'Synchronized',
            status: 'False',
            ...unsynchronized,
          })
        : withoutCondition(status.conditions, 'Synchronized')
      status.conditions = provisioning
        ? withCondition(status.conditions, { type: 'Provisioning', status: 'True' })
        : withoutCondition(status.conditions, 'Provisioning')
    })
    if (!unsynchronized && !provisioning) return
    if (!waiting.has(key) && unsynchronized) {
      cluster.event(vmi, 'Warning', unsynchronized.reason, unsynchronized.message)
    }
    waiting.add(key)
  }

  /** Makes the pod, or says why it can't be made. */
  function createPod(vmi: VirtualMachineInstance): string | undefined {
    const pod = launcherPod(store, vmi)
    const refusal = launcherRefusal(store, vmi, pod)
    if (refusal !== undefined) return refusal
    const created = store.create(keys.pod, pod)
    cluster.event(
      vmi,
      'Normal',
      'SuccessfulCreate',
      `Created virtual machine pod ${created.metadata.name}`,
    )
    return undefined
  }

  /** Names the node for claims that wait for one, and waits for their DataVolumes. */
  function volumesReady(vmi: VirtualMachineInstance): boolean {
    let ready = true
    const { namespace } = vmi.metadata
    for (const claim of claimsOf(vmi.spec)) {
      const dataVolume = store.get<DataVolume>(keys.dataVolume, namespace, claim)
      if (!dataVolume || dataVolume.status?.phase === 'Succeeded') continue
      ready = false
      const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, claim)
      if (!pvc || pvc.metadata.annotations?.['volume.kubernetes.io/selected-node']) continue
      const storageClass = store.get<StorageClass>(
        keys.storageClass,
        undefined,
        pvc.spec.storageClassName ?? '',
      )
      if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer') continue
      const node = store.list(keys.node)[0]
      if (!node) continue
      store.update(keys.pvc, namespace, claim, ({ metadata }) => {
        metadata.annotations = {
          ...metadata.annotations,
          'volume.kubernetes.io/selected-node': node.metadata.name,
        }
      })
    }
    return ready
  }

  function followPod(vmi: VirtualMachineInstance, pod: Pod): void {
    const scheduled = findCondition(pod.status?.conditions, 'PodScheduled')
    const ready = hasCondition(pod.status?.conditions, 'Ready')
    update(vmi, (draft) => {
      const status = draft.status!
      status.activePods = { [pod.metadata.uid]: pod.spec.nodeName ?? '' }
      if (pod.status?.qosClass) status['qosClass'] = pod.status.qosClass
      status.conditions =
        scheduled?.status === 'False'
          ? withCondition(status.conditions, scheduled)
          : withoutCondition(status.conditions, 'PodScheduled')
      status.conditions = withCondition(status.conditions, readyFromPod(draft, pod))
      if (pod.status?.phase === 'Failed') setPhase(draft, 'Failed')
      if (!ready) return
      setPhase(draft, 'Scheduled')
      status.nodeName = pod.spec.nodeName!
      status['launcherContainerImageVersion'] = pod.spec.containers[0]!.image
      status['migrationTransport'] = 'Unix'
      status['runtimeUser'] = 107
      const revision = revisionName(draft)
      if (revision) status['virtualMachineRevisionName'] = revision
      status.volumeStatus = volumeStatuses(draft)
      draft.metadata.labels = {
        ...draft.metadata.labels,
        'kubevirt.io/nodeName': pod.spec.nodeName!,
      }
    })
    if (!ready) return
    store.update(keys.pod, pod.metadata.namespace, pod.metadata.name, ({ metadata }) => {
      metadata.labels = { ...metadata.labels, 'kubevirt.io/nodeName': pod.spec.nodeName! }
    })
  }

  function revisionName(vmi: VirtualMachineInstance): string | undefined {
    const owner = controllerOf(vmi)
    const generation = vmi.metadata.annotations?.['kubevirt.io/vm-generation']
    return owner && generation ? `revision-start-vm-${owner.uid}-${generation}` : undefined
  }

  function volumeStatuses(vmi: VirtualMachineInstance): VolumeStatus[] {
    const disks = vmi.spec.domain.devices.disks ?? []
    return (vmi.spec.volumes ?? [])
      .filter((volume) => !isHotpluggable(volume))
      .map((volume) => {
        const index = disks.findIndex(({ name }) => name === volume.name)
        const disk = disks[index]
        const bus = (disk?.disk ?? disk?.lun ?? disk?.cdrom)?.bus ?? 'virtio'
        const letter = String.fromCharCode(97 + Math.max(index, 0))
        const status: VolumeStatus = {
          name: volume.name,
          target: `${bus === 'virtio' ? 'vd' : 'sd'}${letter}`,
        }
        const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name
        if (claim) status.persistentVolumeClaimInfo = claimInfo(vmi, claim)
        if (volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive) status.size = 1_048_576
        return status
      })
  }

  function claimInfo(vmi: VirtualMachineInstance, claim: string): object {
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, vmi.metadata.namespace, claim)
    return claimInfoOf(claim, pvc)
  }

  function syncReady(vmi: VirtualMachineInstance, pod: Pod): void {
    const conditions = withCondition(vmi.status?.conditions, readyFromPod(vmi, pod))
    if (conditions === vmi.status?.conditions) return
    update(vmi, (draft) => {
      draft.status!.conditions = conditions
    })
  }

  function failWithoutPod(vmi: VirtualMachineInstance): void {
    update(vmi, (draft) => {
      setPhase(draft, 'Failed')
      draft.status!.conditions = withCondition(draft.status!.conditions, {
        type: 'Ready',
        status: 'False',
        reason: 'PodNotExists',
        message: 'virt-launcher pod does not exist',
      })
    })
  }

  /** The pod ends after the guest; the VMI goes once neither is left. */
  function windDown(vmi: VirtualMachineInstance, pod: Pod | undefined): void {
    const handedOver = vmi.status?.phase === 'Scheduled' || vmi.status?.phase === 'Running'
    for (const launcher of launchers.podsOf(vmi.metadata.uid)) {
      if (launcher.metadata.deletionTimestamp) continue
      store.delete(keys.pod, launcher.metadata.namespace, launcher.metadata.name)
      cluster.event(
        vmi,
        'Normal',
        'SuccessfulDelete',
        `Deleted virtual machine pod ${launcher.metadata.name}`,
      )
    }
    if (handedOver && pod) return
    if (!isFinal(vmi)) {
      update(vmi, (draft) => {
        setPhase(draft, vmi.status?.phase === undefined || !handedOver ? 'Failed' : 'Succeeded')
      })
      return
    }
    if (launchers.podsOf(vmi.metadata.uid).length > 0) return
    const owner = controllerOf(vmi)
    const vm = owner && store.get(keys.vm, vmi.metadata.namespace, owner.name)
    const orphaned = vm?.metadata.uid !== owner?.uid
    update(vmi, ({ metadata }) => {
      metadata.finalizers =
        metadata.finalizers?.filter(
          (name) => name !== VMI_FINALIZER && !(name === VM_FINALIZER && (!owner || orphaned)),
        ) ?? []
    })
  }
}

function readyFromPod(vmi: VirtualMachineInstance, pod: Pod): Condition {
  const no = (reason: string, message: string): Condition => ({
    type: 'Ready',
    status: 'False',
    reason,
    message,
  })
  if (pod.metadata.deletionTimestamp)
    return no('PodTerminating', 'virt-launcher pod is terminating')
  const ready = findCondition(pod.status?.conditions, 'Ready')
  if (vmi.status?.phase !== 'Running') {
    const waiting = pod.status?.containerStatuses?.[0]?.state.waiting?.message
    const text = 'Guest VM is not reported as running'
    return no('GuestNotRunning', waiting ? `${text}: ${waiting}` : text)
  }
  if (!ready) return no('PodConditionMissing', 'virt-launcher pod is missing the Ready condition')
  if (ready.status === 'True') return { type: 'Ready', status: 'True' }
  return no(ready.reason ?? 'PodConditionMissing', ready.message ?? '')
}
