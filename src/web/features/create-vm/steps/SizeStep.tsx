import { Form } from '@patternfly/react-core'

import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  instancetypeKind,
  preferenceKind,
  type KubeObject,
} from '../../../../kube/kinds.ts'
import { useListOnce } from '../../../data/list-once.ts'
import type { Choice } from '../../../ui/form-fields/PlainSelectField.tsx'
import { useDraft } from '../draft-context.ts'
import { cpuCount, inferredFrom, instancetype, memoryGiB, preference } from '../draft/vm-fields.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'
import { Room } from '../Room.tsx'
import { instancetypeChoices } from '../sizes.ts'

function preferenceChoices(kind: string, items: readonly KubeObject[]): Choice[] {
  return items
    .map(({ metadata: { name } }) => ({ value: `${kind}/${name}`, label: name }))
    .toSorted((a, b) => a.label.localeCompare(b.label))
}

export function SizeStep() {
  const { draft, namespace } = useDraft()
  const scope = { namespace, enabled: namespace !== '' }
  const cluster = useListOnce(clusterInstancetypeKind)
  const own = useListOnce(instancetypeKind, scope)
  const clusterPreferences = useListOnce(clusterPreferenceKind)
  const ownPreferences = useListOnce(preferenceKind, scope)
  const chosen = instancetype.get(draft)
  const inferred = inferredFrom(draft)

  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <DraftSelectField
        field={instancetype}
        name="instancetype"
        label="Instance type"
        choices={[
          {
            value: '',
            label: inferred === undefined ? 'Custom CPU and memory' : `As volume ${inferred} says`,
          },
          ...instancetypeChoices('VirtualMachineInstancetype', own.items),
          ...instancetypeChoices('VirtualMachineClusterInstancetype', cluster.items),
        ]}
        help="A size the cluster offers, by name (spec.instancetype)."
      />
      {chosen === '' && inferred === undefined && (
        <>
          <DraftTextField field={cpuCount} name="cpu" label="CPUs" unit="virtual CPUs" />
          <DraftTextField field={memoryGiB} name="memory" label="Memory" unit="GiB" />
        </>
      )}
      <Room />
      <DraftSelectField
        field={preference}
        name="preference"
        label="Preference"
        choices={[
          { value: '', label: 'None' },
          ...preferenceChoices('VirtualMachinePreference', ownPreferences.items),
          ...preferenceChoices('VirtualMachineClusterPreference', clusterPreferences.items),
        ]}
        help="What the guest’s system runs best with: buses, firmware, timers (spec.preference)."
      />
    </Form>
  )
}
