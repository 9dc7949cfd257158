import { Link } from 'react-router'

import type { ResourceKind } from '../../kube/kinds.ts'
import { objectPagePath } from './page-paths.ts'

/** An object's name as a link to its page. */
export function ObjectLink({
  kind,
  namespace,
  name,
  tab,
  label,
}: {
  kind: ResourceKind
  /** Absent for cluster-scoped kinds. */
  namespace?: string | undefined
  name: string
  tab?: string
  /** Its name unless given. */
  label?: string
}) {
  const ref = namespace === undefined ? { name } : { namespace, name }
  return (
    <Link className="kc-object-link" to={objectPagePath(kind, ref, tab)}>
      {label ?? name}
    </Link>
  )
}
