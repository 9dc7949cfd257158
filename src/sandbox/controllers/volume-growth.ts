/**
 * Growth of bound claims, as by the CSI resizer and the kubelet: the volume first, then the file
 * system in it, which only a node that has it mounted can grow.
 * https://github.com/kubernetes-csi/external-resizer/blob/v1.13.2/pkg/controller/controller.go
 */
import { truncate } from 'node:fs/promises'

import { timestamp } from '../kubevirt/conditions.ts'
import {
  keys,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import type { ControllerContext } from './controller-context.ts'
import { claimFile } from './guest-config.ts'

const RESIZE_MS = 1200

const waitsForPod = {
  type: 'FileSystemResizePending',
  message: 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.',
}

/** Looks at a bound claim and brings its volume to the size that is asked for. */
export function createGrowth(context: ControllerContext): (pvc: PersistentVolumeClaim) => void {
  const { store } = context.cluster
  const resizing = new Set<string>()

  return (pvc) => {
    const { uid } = pvc.metadata
    if (!isTooSmall(pvc) || resizing.has(uid)) return
    if (isPending(pvc)) {
      if (isMounted(pvc)) finish(pvc)
      return
    }
    resizing.add(uid)
    tell(pvc, 'Resizing', `External resizer is resizing volume ${pvc.spec.volumeName ?? ''}`)
    setCondition(pvc, { type: 'Resizing' })
    context.later(RESIZE_MS, () => {
      resizing.delete(uid)
      const { namespace, name } = pvc.metadata
      const current = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
      if (current?.metadata.uid === uid) expandVolume(current)
    })
  }

  function expandVolume(pvc: PersistentVolumeClaim): void {
    store.update<PersistentVolume>(keys.pv, undefined, pvc.spec.volumeName ?? '', ({ spec }) => {
      spec.capacity = { storage: pvc.spec.resources.requests.storage }
    })
    if (pvc.spec.volumeMode === 'Block' || isMounted(pvc)) return finish(pvc)
    tell(pvc, 'FileSystemResizeRequired', 'Require file system resize of volume on node')
    setCondition(pvc, waitsForPod)
  }

  function finish(pvc: PersistentVolumeClaim): void {
    const { namespace, name } = pvc.metadata
    const size = pvc.spec.resources.requests.storage
    truncate(claimFile(context.diskDirectory, pvc), parseQuantity(size)).catch(
      () => undefined, // the file appears, at its full size, with the first guest
    )
    store.update<PersistentVolumeClaim>(keys.pvc, namespace, name, (draft) => {
      draft.status!.capacity = { storage: size }
      delete draft.status!.conditions
    })
    tell(pvc, 'FileSystemResizeSuccessful', 'MountVolume.NodeExpandVolume succeeded')
  }

  function setCondition(
    { metadata: { namespace, name } }: PersistentVolumeClaim,
    condition: { type: string; message?: string },
  ): void {
    store.update<PersistentVolumeClaim>(keys.pvc, namespace, name, (draft) => {
      draft.status!.conditions = [
        { ...condition, status: 'True', lastProbeTime: null, lastTransitionTime: timestamp() },
      ]
    })
  }

  function isMounted({ metadata }: PersistentVolumeClaim): boolean {
    return store
      .list<Pod>(keys.pod, metadata.namespace)
      .some((pod) => pod.status?.phase === 'Running' && mountsClaim(pod, metadata.name))
  }

  function tell(pvc: PersistentVolumeClaim, reason: string, message: string): void {
    context.cluster.event(pvc, 'Normal', reason, message)
  }
}

function isTooSmall({ spec, status }: PersistentVolumeClaim): boolean {
  return parseQuantity(spec.resources.requests.storage) > parseQuantity(status?.capacity?.storage)
}

function isPending({ status }: PersistentVolumeClaim): boolean {
  return status?.conditions?.some(({ type }) => type === waitsForPod.type) ?? false
}

/** Whether the pod names the claim among its volumes, in whatever state it is. */
export function mountsClaim({ spec }: Pod, claimName: string): boolean {
  return (
    spec.volumes?.some(
      ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claimName,
    ) ?? false
  )
}
