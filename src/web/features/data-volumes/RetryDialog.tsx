import {
  ClipboardCopy,
  ClipboardCopyVariant,
  ExpandableSection,
  List,
  ListItem,
} from '@patternfly/react-core'

import type { KubeClient } from '../../../kube/client.ts'
import { dataVolumeSource } from '../../../kube/data-volume-status.ts'
import { dataVolumeKind, virtualMachineKind, type DataVolume } from '../../../kube/kinds.ts'
import { kubectlCreate } from '../../../kube/vm-patch.ts'
import { useKube } from '../../data/host-context.tsx'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { downloadFile } from '../../ui/download-file.ts'
import { showToast } from '../../ui/toasts.tsx'
import { NotRecreatedError, retryDataVolume } from './retry-data-volume.ts'
import { retryManifest } from './retry-manifest.ts'

/** Asks, and says what is made anew. The page it stands on goes meanwhile, so toasts tell the rest. */
export function RetryDialog({
  dataVolume,
  onClose,
}: {
  dataVolume: DataVolume
  onClose: () => void
}) {
  const client = useKube()
  const { name } = dataVolume.metadata
  const { kind, from } = dataVolumeSource(dataVolume)
  const isDone = dataVolume.status?.phase === 'Succeeded'
  const owner = dataVolume.metadata.ownerReferences?.find(({ controller }) => controller)
  return (
    <DeleteQuestion
      title={`Delete ${name} and create it anew?`}
      action="Delete and create anew"
      // oxlint-disable-next-line typescript/require-await -- it goes on after the dialog has closed
      onDelete={async () => void run(client, dataVolume)}
      onClose={onClose}
    >
      <List>
        <ListItem>
          {isDone
            ? `Its claim ${name} and everything written in it are deleted.`
            : `Its claim ${name} is deleted with what has been filled in so far.`}
        </ListItem>
        <ListItem>
          Made anew: the DataVolume with the same spec, labels, annotations and owner, then its
          claim, filled from the start{from === '' ? '' : ` (${kind}: ${from})`}.
        </ListItem>
        {owner?.kind === virtualMachineKind.kind && (
          <ListItem>
            VirtualMachine {owner.name} owns it and may create it by itself, from its template.
          </ListItem>
        )}
      </List>
      <ExpandableSection toggleText="Show what is created" isIndented>
        <ClipboardCopy
          isReadOnly
          isCode
          isExpanded
          variant={ClipboardCopyVariant.expansion}
          hoverTip="Copy"
          clickTip="Copied"
          textAriaLabel="Command that creates it"
        >
          {kubectlCreate(dataVolumeKind, retryManifest(dataVolume))}
        </ClipboardCopy>
      </ExpandableSection>
    </DeleteQuestion>
  )
}

async function run(client: KubeClient, dataVolume: DataVolume): Promise<void> {
  const { name } = dataVolume.metadata
  try {
    await retryDataVolume(client, dataVolume)
    showToast({ variant: 'success', title: `${name} is created anew` })
  } catch (cause) {
    const isLost = cause instanceof NotRecreatedError
    // Nothing else holds it any more.
    if (isLost) {
      const text = JSON.stringify(retryManifest(dataVolume), null, 2)
      downloadFile(new Blob([text], { type: 'application/json' }), `${name}.json`)
    }
    showToast({
      variant: 'danger',
      title: isLost ? `${name} is deleted, but not created anew` : `${name} can’t be retried`,
      body: `${cause instanceof Error ? cause.message : String(cause)}${
        isLost
          ? ` Its manifest is downloaded as ${name}.json: kubectl create -f does the rest.`
          : ''
      }`,
    })
  }
}
