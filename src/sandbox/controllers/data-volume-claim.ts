/**
 * The claims that DataVolumes ask for.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/datavolume/util.go
 */
import type { KubeObject, Store } from '../api/cluster.ts'
import {
  annotation,
  keys,
  type ClaimRequest,
  type DataVolumeSpec,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../kubevirt/objects.ts'

/**
 * The claim a DataVolume asks for; `storage` leaves gaps that the StorageProfile fills. None where
 * the modes are left to the profile of a class that isn't there.
 */
export function claimOf(
  store: Store,
  spec: DataVolumeSpec,
): PersistentVolumeClaim['spec'] | undefined {
  const request: ClaimRequest = spec.pvc ?? spec.storage ?? {}
  const storageClassName = request.storageClassName ?? defaultClassName(store, spec)
  if (!spec.pvc && storageClassName === undefined && request.accessModes === undefined)
    return undefined
  const profile = store.get(keys.storageProfile, undefined, storageClassName ?? '') as
    | (KubeObject & {
        status?: { claimPropertySets?: { accessModes: string[]; volumeMode: string }[] }
      })
    | undefined
  const properties = spec.pvc ? undefined : profile?.status?.claimPropertySets?.[0]
  return {
    accessModes: request.accessModes ?? properties?.accessModes ?? ['ReadWriteOnce'],
    resources: { requests: { storage: request.resources?.requests?.storage ?? '10Gi' } },
    volumeMode: request.volumeMode ?? properties?.volumeMode ?? 'Filesystem',
    ...(storageClassName ? { storageClassName } : {}),
  }
}

/** The default for virtualization comes before that of Kubernetes, but for archives. */
function defaultClassName(store: Store, { contentType }: DataVolumeSpec): string | undefined {
  const marked = (name: string) =>
    store.list<StorageClass>(keys.storageClass).find((one) => annotation(one, name) === 'true')
  const forVms =
    contentType === 'archive' ? undefined : marked('storageclass.kubevirt.io/is-default-virt-class')
  return (forVms ?? marked('storageclass.kubernetes.io/is-default-class'))?.metadata.name
}
