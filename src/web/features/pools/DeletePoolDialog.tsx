import { Checkbox, Content, List, ListItem, Stack } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate } from 'react-router'

import {
  virtualMachineKind,
  virtualMachinePoolKind,
  type VirtualMachinePool,
} from '../../../kube/kinds.ts'
import { vmCount } from '../../../kube/vm-pool.ts'
import { useKube } from '../../data/host-context.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { usePoolVms } from './pool-vms.ts'

const most = 20

/** Deletes a pool with its VMs, or without them if that is wanted. */
export function DeletePoolDialog({
  pool,
  onClose,
}: {
  pool: VirtualMachinePool
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name, uid } = pool.metadata
  const ref = { namespace, name }
  const { items: vms, status, error } = usePoolVms(pool)
  const isReady = status === 'complete' || status === 'failed'
  const [isKeeping, setKeeping] = useState(false)
  const isWithVms = !isKeeping && (vms.length > 0 || error !== undefined)
  return (
    <DeleteQuestion
      title={`Delete pool ${name}?`}
      action={isWithVms ? 'Delete it and its VMs' : 'Delete pool'}
      isReady={isReady}
      onDelete={() =>
        client.delete(virtualMachinePoolKind, ref, {
          uid,
          ...(isKeeping && { propagationPolicy: 'Orphan' }),
        })
      }
      onClose={(isDone) => {
        onClose()
        if (
          isDone &&
          window.location.pathname.includes(objectPagePath(virtualMachinePoolKind, ref))
        )
          void navigate(listPath(virtualMachinePoolKind, namespace))
      }}
    >
      {!isReady ? (
        <LoadingLines label="Finding its VMs" count={3} />
      ) : vms.length === 0 && !error ? (
        <Content component="p">It has no VMs.</Content>
      ) : (
        <Stack hasGutter>
          <Content component="p">
            {error
              ? `Its VMs can’t be listed: ${error.message} They are deleted with it all the same, running or not, with their disks.`
              : isKeeping
                ? `${vmCount(vms.length)} stay as they are, on their own from then on.`
                : `${vmCount(vms.length)} ${vms.length === 1 ? 'is' : 'are'} deleted with it, running or not, with the disks that were made for ${vms.length === 1 ? 'it' : 'them'}.`}
          </Content>
          <List isPlain aria-label="VMs of the pool">
            {vms.slice(0, most).map(({ metadata, status: state }) => (
              <ListItem key={metadata.uid}>
                <ObjectLink kind={virtualMachineKind} namespace={namespace} name={metadata.name} />{' '}
                <span className="kc-muted">{state?.printableStatus}</span>
              </ListItem>
            ))}
            {vms.length > most && <ListItem>… {vms.length - most} more</ListItem>}
          </List>
          <Checkbox
            id={`keep-vms-${uid}`}
            label="Keep its VMs"
            description="The pool alone is deleted; nothing makes up for VMs that go later."
            isChecked={isKeeping}
            onChange={(_event, next) => setKeeping(next)}
          />
        </Stack>
      )}
    </DeleteQuestion>
  )
}
