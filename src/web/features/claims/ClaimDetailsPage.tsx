import { useMemo } from 'react'

import { claimStatus, owningDataVolume, primeOf } from '../../../kube/claim-status.ts'
import type { ClaimUser } from '../../../kube/claim-use.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  storageClassKind,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../../../kube/kinds.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { ClaimActions } from './ClaimActions.tsx'

/** What every tab of a claim's page is given. */
export interface ClaimSubject {
  claim: PersistentVolumeClaim
  users: readonly ClaimUser[]
  /** Why the users may be incomplete. */
  usersProblem: string | undefined
  classes: LiveList<StorageClass>
}

const noUsers: readonly ClaimUser[] = []

/** One PersistentVolumeClaim. */
export function ClaimDetailsPage({ tabs }: { tabs: readonly DetailsTab<ClaimSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(persistentVolumeClaimKind, { namespace, name })
  const classes = useLiveList(storageClassKind)
  const { users, error } = useClaimUsage(namespace)
  const ofClaim = users.get(`${namespace}/${name}`) ?? noUsers
  const known = useMemo(
    () => (classes.status === 'complete' ? { classes: classes.items } : {}),
    [classes],
  )
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={persistentVolumeClaimKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(claim) => (
        <DetailsShell
          kind={persistentVolumeClaimKind}
          namespace={namespace}
          name={name}
          subject={{ claim, users: ofClaim, usersProblem: error?.message, classes }}
          tabs={tabs}
          status={claimStatus(claim, known)}
          connection={live}
          badge="PVC"
          subtitle={<Origin claim={claim} />}
          actions={<ClaimActions claim={claim} />}
        />
      )}
    </ObjectStates>
  )
}

/** What made the claim, which is to be deleted in its place. */
function Origin({ claim }: { claim: PersistentVolumeClaim }) {
  const { namespace } = claim.metadata
  const dataVolume = owningDataVolume(claim)
  const prime = primeOf(claim)
  if (dataVolume !== undefined)
    return (
      <span>
        Made and filled by DataVolume{' '}
        <ObjectLink kind={dataVolumeKind} namespace={namespace} name={dataVolume} />
      </span>
    )
  if (prime !== undefined)
    return (
      <span>
        For the time being: CDI fills it for{' '}
        <ObjectLink kind={persistentVolumeClaimKind} namespace={namespace} name={prime} />
      </span>
    )
  return null
}
