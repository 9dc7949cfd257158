import { Form, FormSection } from '@patternfly/react-core'

import { deviceOffers, looksLikeGpu } from '../../../../kube/host-devices.ts'
import { nodeKind, type Node } from '../../../../kube/kinds.ts'
import type { Placement } from '../../../../kube/node-match.ts'
import { useKubeVirtConfig } from '../../../data/kubevirt-config.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { AffinityRules } from '../../../ui/placement/AffinityRules.tsx'
import { DeviceList } from '../../../ui/placement/DeviceList.tsx'
import { MatchingNodes } from '../../../ui/placement/MatchingNodes.tsx'
import { Tolerations } from '../../../ui/placement/Tolerations.tsx'
import { useDraft, useDraftField } from '../draft-context.ts'
import {
  affinity,
  evictionStrategy,
  gpus,
  hostDevices,
  instanceLabels,
  labels,
  nodeSelector,
  tolerations,
} from '../draft/vm-fields.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'

export function SchedulingStep() {
  const { draft, namespace } = useDraft()
  const { items: nodes } = useListOnce(nodeKind)
  const [rules, setRules] = useDraftField(affinity)
  const [tolerated, setTolerated] = useDraftField(tolerations)
  const { spec, metadata } = draft.vm.spec.template
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <FormSection title="Where it runs" titleElement="h2">
        <MatchingNodes
          placement={(spec ?? {}) as Placement}
          nodes={nodes}
          namespace={namespace}
          ownLabels={(metadata as { labels?: Record<string, string> } | undefined)?.labels ?? {}}
        />
        <DraftTextField
          field={nodeSelector}
          name="nodeSelector"
          label="Node labels it needs"
          isLong
          isMono
          placeholder="topology.kubernetes.io/zone=zone-a"
          help="One key=value a line (spec.template.spec.nodeSelector)."
        />
      </FormSection>
      <FormSection title="Rules for nodes and other pods" titleElement="h2">
        <AffinityRules value={rules} onChange={setRules} nodes={nodes} />
        <FieldProblems name="affinity" title="The cluster refuses these rules" />
      </FormSection>
      <FormSection title="Taints it tolerates" titleElement="h2">
        <Tolerations value={tolerated} onChange={setTolerated} nodes={nodes} />
        <FieldProblems name="tolerations" title="The cluster refuses these tolerations" />
      </FormSection>
      <FormSection title="GPUs and host devices" titleElement="h2">
        <Devices nodes={nodes} />
      </FormSection>
      <FormSection title="When its node is drained, and labels" titleElement="h2">
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
        <DraftTextField
          field={instanceLabels}
          name="instanceLabels"
          label="Labels of its instances"
          isLong
          isMono
          placeholder="tier=frontend"
          help="Of its pods too: what Services and the rules of other VMs go by."
        />
      </FormSection>
    </Form>
  )
}

/** Those that the cluster permits, with how many the nodes have. */
function Devices({ nodes }: { nodes: readonly Node[] }) {
  const [chosenGpus, setGpus] = useDraftField(gpus)
  const [chosenOthers, setOthers] = useDraftField(hostDevices)
  const { permittedDevices: permitted } = useKubeVirtConfig()
  const offers = deviceOffers(permitted, nodes)
  const isGpu = ({ resource }: { resource: string }) => looksLikeGpu(resource)
  // What is one can't be told from a name alone: each list ends with the other's.
  const others = offers.filter((one) => !isGpu(one))
  return (
    <>
      <DeviceList
        kind="GPU"
        value={chosenGpus}
        onChange={setGpus}
        offers={[...offers.filter(isGpu), ...others]}
        permitted={permitted}
      />
      <FieldProblems name="gpus" title="The cluster refuses these GPUs" />
      <DeviceList
        kind="HostDevice"
        value={chosenOthers}
        onChange={setOthers}
        offers={[...others, ...offers.filter(isGpu)]}
        permitted={permitted}
      />
      <FieldProblems name="hostDevices" title="The cluster refuses these host devices" />
    </>
  )
}
