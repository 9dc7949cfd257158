import { Link } from 'react-router'

import { persistentVolumeClaimKind } from '../../../kube/kinds.ts'
import { listPath } from '../../ui/page-paths.ts'

/** For who may read what is in namespaces, but nothing of the cluster. */
export function ForbiddenClusterScope() {
  return (
    <p>
      These belong to the whole cluster, not to a namespace, and reading them is a right of its own
      (a ClusterRole with get, list and watch). What a namespace uses of them is in its{' '}
      <Link to={listPath(persistentVolumeClaimKind)}>PersistentVolumeClaims</Link>.
    </p>
  )
}
