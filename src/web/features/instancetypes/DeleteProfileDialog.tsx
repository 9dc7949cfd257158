import { Alert, Content } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import type { Instancetype, Preference, ResourceKind } from '../../../kube/kinds.ts'
import { isDeployedByKubeVirt } from '../../../kube/profile-words.ts'
import { profileKey } from '../../../kube/vm-references.ts'
import { useKube } from '../../data/host-context.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { profileOf, singular } from './profile-kinds.ts'
import { ProfileUserList } from './ProfileUserList.tsx'
import { useProfileUsage } from './use-profile-users.ts'

/** Deletes an instance type or preference, after saying which VMs have it. */
export function DeleteProfileDialog({
  kind,
  object,
  onClose,
}: {
  kind: ResourceKind
  object: Instancetype | Preference
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const profile = profileOf(kind)
  const { namespace, name, uid, generation } = object.metadata
  const { users, isReady, error } = useProfileUsage(profile.what, namespace)
  const of = users.get(profileKey(kind.kind, namespace, name)) ?? []
  const ref = namespace === undefined ? { name } : { namespace, name }
  const word = singular(profile)
  return (
    <DeleteQuestion
      title={`Delete ${word} ${name}?`}
      action={of.length > 0 ? 'Delete it all the same' : `Delete ${word}`}
      isReady={isReady}
      onDelete={() => client.delete(kind, ref, { uid })}
      onClose={(isDone) => {
        onClose()
        if (isDone && window.location.pathname.includes(objectPagePath(kind, ref)))
          void navigate(listPath(kind, namespace))
      }}
    >
      {!isReady ? (
        <LoadingLines label="Finding out who has it" count={3} />
      ) : of.length > 0 ? (
        <>
          <Content component="p">
            {of.length === 1 ? 'One VM has' : `${of.length} VMs have`} it. A VM that keeps a copy (a
            ControllerRevision) runs and starts on; one without a copy fails with “FailedFind
            {profile.what === 'instancetype' ? 'Instancetype' : 'Preference'}”.
          </Content>
          <ProfileUserList users={of} generation={generation} />
        </>
      ) : (
        <Content component="p">
          {error ? `Who has it can’t be told: ${error.message}` : 'No VM that you can see has it.'}
        </Content>
      )}
      <Content component="p">
        Bootable volumes and templates that recommend it don’t follow: VMs made from them are
        accepted and then fail until another is chosen.
      </Content>
      {isDeployedByKubeVirt(object) && (
        <Alert isInline component="p" variant="warning" title="KubeVirt makes it again">
          It comes with KubeVirt, whose operator restores it.
        </Alert>
      )}
    </DeleteQuestion>
  )
}
