import { persistentVolumeClaimKind } from '../../../../kube/kinds.ts'
import { recommendations } from '../../../../kube/recommendations.ts'
import { useClaimUsers } from '../../../data/claim-users.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { claimChoices } from '../../../ui/storage/claim-choices.ts'
import { bootSource } from '../draft/boot-source.ts'
import { field } from '../draft/draft.ts'
import { instancetype, preference } from '../draft/vm-fields.ts'
import { DraftSearchField } from '../DraftSearchField.tsx'

/** A claim of the namespace, with the size that its labels recommend. */
export function ClaimChoice({ namespace }: { namespace: string }) {
  const users = useClaimUsers(namespace)
  const { items, isLoading, error } = useListOnce(persistentVolumeClaimKind, {
    namespace,
    enabled: namespace !== '',
  })
  const claim = field<string>(
    (draft) => {
      const source = bootSource.get(draft)
      return source.kind === 'claim' ? source.name : ''
    },
    (draft, name) => {
      const sourced = bootSource.set(
        draft,
        name === '' ? { kind: 'none' } : { kind: 'claim', name },
      )
      const found = items.find(({ metadata }) => metadata.name === name)
      if (!found) return sourced
      const { instancetype: size, preference: preferred } = recommendations(found)
      const sized = size === '' ? sourced : instancetype.set(sourced, size)
      return preferred === '' ? sized : preference.set(sized, preferred)
    },
  )
  return (
    <DraftSearchField
      field={claim}
      label="PersistentVolumeClaim"
      help="The VM writes to this claim itself; nothing is copied."
      choices={claimChoices(items, users)}
      isLoading={isLoading}
      error={error}
      placeholder="Type to find one"
      emptyText="No PersistentVolumeClaim in this namespace."
    />
  )
}
