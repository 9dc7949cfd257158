import { persistentVolumeClaimKind } from '../../../../kube/kinds.ts'
import { recommendations } from '../../../../kube/recommendations.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { bootSource } from '../draft/boot-source.ts'
import { field } from '../draft/draft.ts'
import { instancetype, preference } from '../draft/vm-fields.ts'
import { DraftTextField } from '../DraftTextField.tsx'

/** A claim of the namespace, with the size that its labels recommend. */
export function ClaimChoice({ namespace }: { namespace: string }) {
  const { items } = useListOnce(persistentVolumeClaimKind, {
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
    <DraftTextField
      field={claim}
      label="PersistentVolumeClaim"
      isRequired
      help="The VM writes to this claim itself; nothing is copied."
      suggestions={items.map(({ metadata }) => metadata.name).toSorted()}
    />
  )
}
