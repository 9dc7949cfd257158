/**
 * What kube-apiserver's own admission plugins do with PersistentVolumeClaims: the default storage
 * class, and who may grow.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/plugin/pkg/admission/storage/persistentvolume/resize/admission.go
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/plugin/pkg/admission/storage/storageclass/setdefault/admission.go
 */
import type { AdmissionHook, KubeObject, Store } from '../../api/cluster.ts'
import { forbidden, forbiddenField, invalid } from '../../api/failures.ts'
import { parseQuantity } from '../quantity.ts'

interface Claim extends KubeObject {
  spec: { storageClassName?: string; resources?: { requests?: { storage?: string } } }
  status?: { phase?: string; capacity?: { storage?: string } }
}

const defaultClass = 'storageclass.kubernetes.io/is-default-class'

export function claimAdmission(store: Store): AdmissionHook {
  return {
    mutate({ operation, object }) {
      const spec = object?.['spec'] as Claim['spec'] | undefined
      if (operation !== 'CREATE' || !spec || spec.storageClassName !== undefined) return
      const name = defaultClassName(store)
      if (name) spec.storageClassName = name
    },
    validate({ operation, subresource, object, old }) {
      if (operation === 'UPDATE' && !subresource) checkSize(store, object as Claim, old as Claim)
    },
  }
}

/** The newest of the classes that are marked as default. */
function defaultClassName(store: Store): string | undefined {
  return store
    .list('storage.k8s.io/storageclasses')
    .filter(({ metadata }) => metadata.annotations?.[defaultClass] === 'true')
    .toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))[0]
    ?.metadata.name
}

function checkSize(store: Store, claim: Claim, old: Claim): void {
  const size = parseQuantity(claim.spec.resources?.requests?.storage)
  const before = parseQuantity(old.spec.resources?.requests?.storage)
  if (old.status?.phase !== 'Bound' || size === before) return
  const { name } = claim.metadata
  if (size > before) {
    const storageClass = store.get(
      'storage.k8s.io/storageclasses',
      undefined,
      old.spec.storageClassName ?? '',
    )
    if (storageClass?.['allowVolumeExpansion'] === true) return
    throw forbidden(
      { group: '', kind: 'persistentvolumeclaims', name },
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    )
  }
  // A size that was asked for but not reached may be taken back; what there is stays.
  if (size >= parseQuantity(old.status.capacity?.storage)) return
  throw invalid({ group: '', kind: 'PersistentVolumeClaim', name }, [
    forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'),
  ])
}
