/**
 * Volumes that somebody has made before any claim, and claims that take them.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go FindMatchingVolume
 */
import type { Store } from '../api/cluster.ts'
import { timestamp } from '../kubevirt/conditions.ts'
import { keys, type PersistentVolume, type PersistentVolumeClaim } from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'

export const boundByController = {
  'pv.kubernetes.io/bind-completed': 'yes',
  'pv.kubernetes.io/bound-by-controller': 'yes',
}

/** The smallest free volume that suits the claim. */
export function standingVolume(
  store: Store,
  { spec: claim }: PersistentVolumeClaim,
  className: string,
): PersistentVolume | undefined {
  const asked = parseQuantity(claim.resources.requests.storage)
  const sizeOf = ({ spec }: PersistentVolume) => parseQuantity(spec.capacity.storage)
  return store
    .list<PersistentVolume>(keys.pv)
    .filter(
      ({ spec, status }) =>
        status?.phase === 'Available' &&
        (spec.storageClassName ?? '') === className &&
        (spec.volumeMode ?? 'Filesystem') === (claim.volumeMode ?? 'Filesystem') &&
        (claim.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)),
    )
    .filter((volume) => sizeOf(volume) >= asked)
    .toSorted((a, b) => sizeOf(a) - sizeOf(b))[0]
}

/** Binds a claim and a volume to each other. */
export function bindTo(store: Store, pvc: PersistentVolumeClaim, volume: PersistentVolume): void {
  const { namespace, name, uid } = pvc.metadata
  store.update<PersistentVolume>(keys.pv, undefined, volume.metadata.name, (draft) => {
    draft.spec.claimRef = { name, uid, ...(namespace !== undefined && { namespace }) }
    draft.status = { phase: 'Bound', lastPhaseTransitionTime: timestamp() }
  })
  store.update<PersistentVolumeClaim>(keys.pvc, namespace, name, (draft) => {
    draft.spec.volumeName = volume.metadata.name
    draft.metadata.annotations = { ...draft.metadata.annotations, ...boundByController }
    draft.status = {
      phase: 'Bound',
      capacity: volume.spec.capacity,
      ...(volume.spec.accessModes && { accessModes: volume.spec.accessModes }),
    }
  })
}
