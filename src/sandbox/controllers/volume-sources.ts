/**
 * What a claim begins with when it names a source: another claim or a snapshot of one, copied as a
 * file.
 * https://github.com/kubernetes-csi/external-provisioner/blob/v5.3.0/pkg/controller/controller.go#L1190-L1360
 */
import { copyFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'

import type { Store } from '../api/cluster.ts'
import {
  keys,
  type PersistentVolumeClaim,
  type StorageClass,
  type VolumeSnapshot,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { claimFile } from './guest-config.ts'

/** A file to copy, why it can't be, or neither when the claim begins empty. */
export type VolumeSource = { file?: string; problem?: string }

type Reference = NonNullable<PersistentVolumeClaim['spec']['dataSourceRef']>

/** Looks up what `spec.dataSourceRef` or `spec.dataSource` names. */
export function volumeSource(
  store: Store,
  directory: string,
  pvc: PersistentVolumeClaim,
): VolumeSource {
  const reference = pvc.spec.dataSourceRef ?? pvc.spec.dataSource
  if (!reference) return {}
  const found =
    reference.kind === 'PersistentVolumeClaim'
      ? claimSource(store, directory, pvc, reference)
      : reference.kind === 'VolumeSnapshot'
        ? snapshotSource(store, directory, pvc, reference)
        : {}
  if (found.problem === undefined) return found
  return {
    problem: `failed to provision volume with StorageClass "${pvc.spec.storageClassName ?? ''}": error getting handle for DataSource Type ${reference.kind} by Name ${reference.name}: ${found.problem}`,
  }
}

function claimSource(
  store: Store,
  directory: string,
  pvc: PersistentVolumeClaim,
  { name }: Reference,
): VolumeSource {
  const namespace = pvc.metadata.namespace ?? ''
  const source = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
  if (!source)
    return {
      problem: `error getting PVC ${name} (namespace "${namespace}") from api server: persistentvolumeclaims "${name}" not found`,
    }
  if (source.status?.phase !== 'Bound')
    return {
      problem: `the PVC DataSource ${name} must have a status of Bound.  Got ${source.status?.phase ?? ''}`,
    }
  const classOf = (claim: PersistentVolumeClaim) =>
    store.get<StorageClass>(keys.storageClass, undefined, claim.spec.storageClassName ?? '')
  if (classOf(source)?.provisioner !== classOf(pvc)?.provisioner)
    return {
      problem: `the source PVC and destination PVC are not managed by the same driver`,
    }
  const asked = parseQuantity(pvc.spec.resources.requests.storage)
  const size = parseQuantity(source.spec.resources.requests.storage)
  if (asked < size)
    return {
      problem: `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${asked} but source is ${size}`,
    }
  return { file: claimFile(directory, source) }
}

function snapshotSource(
  store: Store,
  directory: string,
  pvc: PersistentVolumeClaim,
  { name }: Reference,
): VolumeSource {
  const snapshot = store.get<VolumeSnapshot>(keys.volumeSnapshot, pvc.metadata.namespace, name)
  if (!snapshot)
    return {
      problem: `error getting snapshot ${name} from api server: volumesnapshots.snapshot.storage.k8s.io "${name}" not found`,
    }
  if (!snapshot.status?.readyToUse) return { problem: `snapshot ${name} is not Ready` }
  const asked = parseQuantity(pvc.spec.resources.requests.storage)
  const size = parseQuantity(snapshot.status.restoreSize)
  if (asked < size)
    return {
      problem: `requested volume size ${asked} is less than the size ${size} for the source snapshot ${name}`,
    }
  return { file: snapshotFile(directory, snapshot) }
}

/** The file behind a snapshot. */
export function snapshotFile(directory: string, snapshot: VolumeSnapshot): string {
  return join(directory, `snapshot-${snapshot.metadata.uid}.img`)
}

/** Copies a disk file and brings it to a size; a volume that no guest has used yet has no file. */
export async function copyVolume(from: string, to: string, size?: string): Promise<void> {
  try {
    await copyFile(from, to)
    if (size !== undefined) await truncate(to, parseQuantity(size))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
