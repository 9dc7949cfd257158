import { volumeSnapshotKind, type VolumeSnapshot } from '../../../../kube/kinds.ts'
import { formatQuantity } from '../../../../kube/quantity.ts'
import { volumeSnapshotStatus } from '../../../../kube/volume-snapshot-status.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useDraftField } from '../draft-context.ts'
import { bootSource } from '../draft/boot-source.ts'
import { field, type Field } from '../draft/draft.ts'
import { DraftSearchField } from '../DraftSearchField.tsx'

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
  const { items, isLoading, error } = useListOnce(volumeSnapshotKind, {
    namespace,
    enabled: namespace !== '',
  })
  const [name] = useDraftField(snapshotName)
  const chosen = items.find(({ metadata }) => metadata.name === name)
  const status = chosen && volumeSnapshotStatus(chosen)
  const help =
    chosen && chosen.status?.readyToUse !== true
      ? `It isn’t ready, and the VM would wait for it: ${status?.reason ?? status?.label ?? ''}`
      : 'A new disk with what the snapshot holds; the snapshot stays as it is.'
  return (
    <DraftSearchField
      field={snapshotName}
      label="VolumeSnapshot"
      help={help}
      choices={items
        .map((snapshot) => ({ value: snapshot.metadata.name, description: facts(snapshot) }))
        .toSorted((a, b) => a.value.localeCompare(b.value, undefined, { numeric: true }))}
      isLoading={isLoading}
      error={error}
      placeholder="Type to find one"
      emptyText="No VolumeSnapshot in this namespace."
    />
  )
}

function facts({ spec, status }: VolumeSnapshot): string {
  const { persistentVolumeClaimName: claim } = spec.source
  return [formatQuantity(status?.restoreSize), claim && `of ${claim}`].filter(Boolean).join(' · ')
}
