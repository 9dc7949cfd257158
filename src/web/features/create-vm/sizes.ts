/** Instance types in words. */
import { compareInstancetypes, seriesWords, sizeWords } from '../../../kube/instancetype-facts.ts'
import type { Instancetype } from '../../../kube/kinds.ts'
import type { Choice } from '../../ui/form-fields/PlainSelectField.tsx'

/** `u1.small: 1 CPU, 2 GiB`, in groups by series, the smallest first. */
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
      label: `${name}: ${sizeWords(one)}`,
      group: words === undefined ? 'Others' : `${series}, ${words}`,
    }
  })
}
