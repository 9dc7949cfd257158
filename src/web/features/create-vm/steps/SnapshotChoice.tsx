import { volumeSnapshotKind } from '../../../../kube/kinds.ts'
import { volumeSnapshotStatus } from '../../../../kube/volume-snapshot-status.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useDraftField } from '../draft-context.ts'
import { bootSource } from '../draft/boot-source.ts'
import { field, type Field } from '../draft/draft.ts'
import { DraftTextField } from '../DraftTextField.tsx'

const snapshotName: Field<string> = field(
  (draft) => {
    const source = bootSource.get(draft)
    return source.kind === 'snapshot' ? source.name : ''
  },
  (draft, name) =>
    bootSource.set(draft, name === '' ? { kind: 'none' } : { kind: 'snapshot', name }),
)

/** A snapshot of a claim of the namespace; the new disk has its size and content. */
export function SnapshotChoice({ namespace }: { namespace: string }) {
  const { items, error } = useListOnce(volumeSnapshotKind, {
    namespace,
    enabled: namespace !== '',
  })
  const [name] = useDraftField(snapshotName)
  const chosen = items.find(({ metadata }) => metadata.name === name)
  const status = chosen && volumeSnapshotStatus(chosen)
  const help =
    error !== null
      ? `Snapshots can’t be listed: ${error.message}`
      : chosen && chosen.status?.readyToUse !== true
        ? `It isn’t ready, and the VM would wait for it: ${status?.reason ?? status?.label ?? ''}`
        : 'A new disk with what the snapshot holds; the snapshot stays as it is.'
  return (
    <DraftTextField
      field={snapshotName}
      label="VolumeSnapshot"
      isRequired
      help={help}
      suggestions={items.map(({ metadata }) => metadata.name).toSorted()}
    />
  )
}
