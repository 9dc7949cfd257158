import { List, ListItem } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import { dataVolumeKind, virtualMachineKind, type DataVolume } from '../../../kube/kinds.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { useKube } from '../../data/host-context.tsx'
import { ClaimUserLinks } from '../../ui/ClaimUserLinks.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'

/** Deletes a DataVolume, and with it its claim. */
export function DeleteDataVolumeDialog({
  dataVolume,
  onClose,
}: {
  dataVolume: DataVolume
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name, uid, ownerReferences } = dataVolume.metadata
  const { users, isLoading, error } = useClaimUsage(namespace)
  const ofClaim = users.get(`${namespace}/${name}`) ?? []
  const owner = ownerReferences?.find(({ kind }) => kind === virtualMachineKind.kind)
  return (
    <DeleteQuestion
      title={`Delete DataVolume ${name}?`}
      action="Delete DataVolume and PVC"
      isReady={!isLoading}
      onDelete={() => client.delete(dataVolumeKind, { namespace, name }, { uid })}
      onClose={(isDone) => {
        onClose()
        const page = objectPagePath(dataVolumeKind, { namespace, name })
        if (isDone && window.location.pathname.includes(page))
          void navigate(listPath(dataVolumeKind, namespace))
      }}
    >
      {isLoading ? (
        <LoadingLines label="Finding out who uses it" count={3} />
      ) : (
        <List>
          <ListItem>
            Its claim {name} is deleted with it, and what is written there is lost, unless the
            volume’s reclaim policy keeps it.
          </ListItem>
          {error && (
            <ListItem>Who uses it can’t be told: VMs can’t be read ({error.message}).</ListItem>
          )}
          {ofClaim.length > 0 && (
            <ListItem>
              Used by <ClaimUserLinks namespace={namespace} users={ofClaim} />.{' '}
              {ofClaim.some(({ isRunning }) => isRunning)
                ? 'While it runs, the claim stays Terminating.'
                : 'Without the disk it can’t start again.'}
            </ListItem>
          )}
          {owner && (
            <ListItem>
              VirtualMachine{' '}
              <ObjectLink kind={virtualMachineKind} namespace={namespace} name={owner.name} /> has
              it as a template and creates it again, filled from its source.
            </ListItem>
          )}
        </List>
      )}
    </DeleteQuestion>
  )
}
