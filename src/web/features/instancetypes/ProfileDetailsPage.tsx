import type { Instancetype, Preference, ResourceKind } from '../../../kube/kinds.ts'
import { displayName } from '../../../kube/profile-words.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { profileOf, singular } from './profile-kinds.ts'
import { ProfileActions } from './ProfileActions.tsx'

/** What every tab of an instance type's or preference's page is given. */
export interface ProfileSubject {
  kind: ResourceKind
  object: Instancetype | Preference
}

/** One instance type or preference. */
export function ProfileDetailsPage({
  kind,
  tabs,
}: {
  kind: ResourceKind<Instancetype | Preference>
  tabs: readonly DetailsTab<ProfileSubject>[]
}) {
  const { namespace: inUrl, name = '' } = usePageParams()
  const namespace = kind.namespaced ? (inUrl ?? '') : undefined
  const live = useLiveObject(kind, namespace === undefined ? { name } : { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={kind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(object) => (
        <DetailsShell
          kind={kind}
          namespace={namespace}
          name={name}
          subject={{ kind, object }}
          tabs={tabs}
          connection={live}
          badge={badgeOf(kind)}
          subtitle={<span>{displayName(object)}</span>}
          actions={<ProfileActions kind={kind} object={object} />}
        />
      )}
    </ObjectStates>
  )
}

function badgeOf(kind: ResourceKind): string {
  const word = singular(profileOf(kind))
  return kind.namespaced ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : `Cluster ${word}`
}
