import { useState, type ReactNode } from 'react'
import { Link } from 'react-router'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { LiveObject } from '../data/live-object.ts'
import { useDocumentTitle } from './document-title.ts'
import { listTitle } from './list-titles.ts'
import { listPath } from './page-paths.ts'
import { ErrorState, LoadingPage, MissingState } from './PageStates.tsx'

/**
 * Shows an object's page once the object is there, and otherwise what is the matter: loading,
 * denied, failed, never there, or deleted while one was looking. Use it with the object's path as
 * its key.
 */
export function ObjectStates<T extends KubeObject>({
  kind,
  namespace,
  name,
  live,
  back,
  children,
}: {
  kind: ResourceKind<T>
  /** Absent for cluster-scoped kinds. */
  namespace?: string | undefined
  name: string
  live: LiveObject<T>
  /** A link for who finds nothing; to the list of the kind unless given. */
  back?: ReactNode
  children: (object: T) => ReactNode
}) {
  const [hasBeenSeen, setHasBeenSeen] = useState(false)
  useDocumentTitle(name)
  if (live.object) {
    if (!hasBeenSeen) setHasBeenSeen(true)
    return children(live.object)
  }
  const list = back ?? (
    <Link to={listPath(kind, namespace)}>
      {listTitle(kind)}
      {namespace !== undefined && ` in ${namespace}`}
    </Link>
  )
  switch (live.status) {
    case 'failed':
      return (
        <ErrorState
          title={`${name} can’t be read`}
          error={live.error}
          onRetry={live.retry}
          headingLevel="h1"
        >
          {list}
        </ErrorState>
      )
    case 'missing':
      return hasBeenSeen ? (
        <MissingState title={`${name} is gone`}>
          The {kind.kind} was deleted while this page was open. {list}
        </MissingState>
      ) : (
        <MissingState title={`No ${kind.kind} ${name}`}>
          There is none of this name{namespace !== undefined && ` in namespace ${namespace}`}.{' '}
          {list}
        </MissingState>
      )
    default:
      return <LoadingPage />
  }
}
