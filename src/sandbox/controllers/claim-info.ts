import type { PersistentVolumeClaim } from '../kubevirt/objects.ts'

/** Status of a claim as `status.volumeStatus` repeats it. */
export function claimInfoOf(claimName: string, pvc: PersistentVolumeClaim | undefined): object {
  return {
    claimName,
    accessModes: pvc?.status?.accessModes ?? pvc?.spec.accessModes ?? [],
    capacity: pvc?.status?.capacity ?? {},
    filesystemOverhead: '0.06',
    requests: pvc?.spec.resources.requests ?? {},
    volumeMode: pvc?.spec.volumeMode ?? 'Filesystem',
  }
}
