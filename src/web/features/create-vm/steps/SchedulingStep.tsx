import { Form } from '@patternfly/react-core'

import { nodeKind } from '../../../../kube/kinds.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useDraft } from '../draft-context.ts'
import { evictionStrategy, labels, nodeSelector } from '../draft/vm-fields.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'

export function SchedulingStep() {
  const { draft } = useDraft()
  const nodes = useListOnce(nodeKind)
  const wanted = Object.entries(draft.vm.spec.template.spec?.nodeSelector ?? {})
  const matching = nodes.items.filter(({ metadata }) =>
    wanted.every(([key, value]) => metadata.labels?.[key] === value),
  )
  const count = `Matches ${matching.length} of ${nodes.items.length} nodes.`
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <DraftTextField
        field={nodeSelector}
        name="nodeSelector"
        label="Node labels it needs"
        isLong
        isMono
        placeholder="topology.kubernetes.io/zone=zone-a"
        help={`One key=value a line. ${nodes.items.length === 0 ? '' : count}`}
      />
      <DraftSelectField
        field={evictionStrategy}
        name="evictionStrategy"
        label="When its node is drained"
        choices={[
          { value: '', label: 'As the cluster is set up' },
          { value: 'LiveMigrate', label: 'Migrate; hold the drain if it can’t' },
          { value: 'LiveMigrateIfPossible', label: 'Migrate if it can, else shut down' },
          { value: 'None', label: 'Shut down' },
          { value: 'External', label: 'Leave it to another controller' },
        ]}
        help="spec.template.spec.evictionStrategy"
      />
      <DraftTextField
        field={labels}
        name="labels"
        label="Labels of the VM"
        isLong
        isMono
        placeholder="tier=frontend"
        help="One key=value a line."
      />
    </Form>
  )
}
