import { Link } from 'react-router'

import type { ResourceKind } from '../../kube/kinds.ts'
import { useHostParts } from '../data/host-context.tsx'
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
  const { ResourceLink } = useHostParts()
  // The host's own link knows no tabs, and its pages of our kinds are ours.
  if (ResourceLink && tab === undefined && !isOurs(kind))
    return <ResourceLink kind={kind} namespace={namespace} name={name} label={label} />
  const ref = namespace === undefined ? { name } : { namespace, name }
  return (
    <Link className="kc-object-link" to={objectPagePath(kind, ref, tab)}>
      {label ?? name}
    </Link>
  )
}

function isOurs({ group }: ResourceKind): boolean {
  return /(^|\.)kubevirt\.io$/.test(group)
}
