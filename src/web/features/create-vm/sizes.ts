/** Instance types in words. */
import { compareInstancetypes, seriesWords, sizeWords } from '../../../kube/instancetype-facts.ts'
import type { Instancetype } from '../../../kube/kinds.ts'
import { featureWords } from '../../../kube/profile-words.ts'
import type { Choice } from '../../ui/form-fields/PlainSelectField.tsx'

/** `cx1.medium: 1 CPU, 2 GiB, dedicated CPUs`, in groups by series, the smallest first. */
export function instancetypeChoices(
  kind: string,
  instancetypes: readonly Instancetype[],
): Choice[] {
  return instancetypes.toSorted(compareInstancetypes).map((one) => {
    const { name } = one.metadata
    const series = name.split('.')[0] ?? ''
    const words = seriesWords[series]
    return {
      value: `${kind}/${name}`,
      label: `${name}: ${[sizeWords(one), ...featureWords(one)].join(', ')}`,
      group: words === undefined ? 'Others' : `${series}, ${words}`,
    }
  })
}
