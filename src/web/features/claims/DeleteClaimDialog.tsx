import { Alert, List, ListItem } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import { owningDataVolume } from '../../../kube/claim-status.ts'
import type { ClaimUser } from '../../../kube/claim-use.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  persistentVolumeKind,
  podKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { reclaimWords } from '../../../kube/storage-classes.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { useKube } from '../../data/host-context.tsx'
import { useLiveObject } from '../../data/live-object.ts'
import { ClaimUserLinks } from '../../ui/ClaimUserLinks.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { useClaimPods } from './claim-pods.ts'

/** Deletes a claim, after saying who uses it and what becomes of the data. */
export function DeleteClaimDialog({
  claim,
  onClose,
}: {
  claim: PersistentVolumeClaim
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name, uid } = claim.metadata
  const { users, isLoading, error } = useClaimUsage(namespace)
  const ofClaim = users.get(`${namespace}/${name}`) ?? []
  const { pods, isLoading: isLoadingPods } = useClaimPods(namespace, name, { mustBeFresh: true })
  const isReady = !isLoading && !isLoadingPods
  const isHeld = pods.length > 0

  return (
    <DeleteQuestion
      title={`Delete ${name}?`}
      action={isHeld ? 'Delete once it is free' : 'Delete PVC'}
      isReady={isReady}
      onDelete={() => client.delete(persistentVolumeClaimKind, { namespace, name }, { uid })}
      onClose={(isDone) => {
        onClose()
        const { pathname } = window.location
        // What is held stays, and its page says how it is.
        if (
          isDone &&
          !isHeld &&
          pathname.includes(objectPagePath(persistentVolumeClaimKind, { namespace, name }))
        )
          void navigate(listPath(persistentVolumeClaimKind, namespace))
      }}
    >
      {isReady ? (
        <List>
          <Users namespace={namespace} users={ofClaim} problem={error?.message} />
          {isHeld && (
            <ListItem>
              Pod{' '}
              {pods.map(({ metadata }, index) => (
                <span key={metadata.uid}>
                  {index > 0 && ', '}
                  <ObjectLink kind={podKind} namespace={namespace} name={metadata.name} />
                </span>
              ))}{' '}
              mounts it. Until that ends the claim stays Terminating (finalizer
              kubernetes.io/pvc-protection), and deleting it can’t be taken back.
            </ListItem>
          )}
          <Fate claim={claim} />
        </List>
      ) : (
        <LoadingLines label="Finding out who uses it" count={3} />
      )}
      <Owner claim={claim} />
    </DeleteQuestion>
  )
}

function Users({
  namespace,
  users,
  problem,
}: {
  namespace: string
  users: readonly ClaimUser[]
  problem: string | undefined
}) {
  if (problem !== undefined)
    return <ListItem>Who uses it can’t be told: VMs can’t be read ({problem}).</ListItem>
  if (users.length === 0) return <ListItem>No VM of this namespace names it.</ListItem>
  return (
    <ListItem>
      Used by <ClaimUserLinks namespace={namespace} users={users} />. Without the claim{' '}
      {users.length === 1 ? 'this VM' : 'these VMs'} can’t start again until the disk is removed or
      replaced.
    </ListItem>
  )
}

/** What becomes of the data. */
function Fate({ claim }: { claim: PersistentVolumeClaim }) {
  const volumeName = claim.spec?.volumeName
  const { object: volume, error } = useLiveObject(
    persistentVolumeKind,
    volumeName === undefined ? undefined : { name: volumeName },
  )
  if (volumeName === undefined)
    return <ListItem>It has no volume yet, so no data is lost.</ListItem>
  if (error)
    return (
      <ListItem>
        Whether its data goes depends on volume {volumeName}, which you can’t read. Mostly it goes.
      </ListItem>
    )
  if (!volume) return null
  return (
    <ListItem>
      {reclaimWords(String(volume.spec?.persistentVolumeReclaimPolicy ?? 'Delete'))}
    </ListItem>
  )
}

function Owner({ claim }: { claim: PersistentVolumeClaim }) {
  const { namespace = '', name } = claim.metadata
  const dataVolume = owningDataVolume(claim)
  if (dataVolume === undefined) return null
  return (
    <Alert isInline variant="warning" title={`DataVolume ${dataVolume} makes it again`}>
      CDI creates a claim {name} anew and fills it from its source; what is written in it now is
      lost all the same. To be rid of both, delete{' '}
      <ObjectLink kind={dataVolumeKind} namespace={namespace} name={dataVolume} />.
    </Alert>
  )
}
