import { FormSection } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { situationOf } from '../../../kube/apply-time.ts'
import {
  nodeKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'
import { useKubeVirtConfig } from '../../data/kubevirt-config.ts'
import { useListOnce } from '../../data/list-once.ts'
import { PlainTextField } from '../../ui/form-fields/PlainTextField.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { AffinityRules } from '../../ui/placement/AffinityRules.tsx'
import { MatchingNodes } from '../../ui/placement/MatchingNodes.tsx'
import { Tolerations } from '../../ui/placement/Tolerations.tsx'
import {
  placementEffect,
  placementPatch,
  placementValues,
  placementWith,
  type PlacementValues,
} from './placement-form.ts'

/** On which nodes a VM may run. */
export function PlacementDialog({
  vm,
  vmi,
  onClose,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  onClose: () => void
}) {
  const client = useKube()
  const config = useKubeVirtConfig()
  const { items: nodes } = useListOnce(nodeKind)
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const form = useForm<PlacementValues>({ defaultValues: placementValues(base) })
  const values = useFormValues(form)
  const patch = placementPatch(base, values)
  const situation = situationOf(vm, vmi, config)
  const effect = placementEffect(situation)
  const { metadata } = base.spec.template
  const change = { shouldDirty: true }
  return (
    <FormShell
      title={`Where ${vm.metadata.name} may run`}
      form={form}
      steps={
        // What the cluster says of a rule names none that could be pointed at.
        patch.length > 0 ? [patchStep(client, virtualMachineKind, base, patch, [])] : undefined
      }
      effect={patch.length > 0 ? effect : { when: 'none', sentence: 'Nothing changes.' }}
      submitLabel={effect.when === 'restart' ? 'Save, restart to apply' : 'Save'}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <MatchingNodes
        placement={placementWith(base, values)}
        nodes={nodes}
        namespace={vm.metadata.namespace ?? ''}
        ownLabels={(metadata as { labels?: Record<string, string> } | undefined)?.labels ?? {}}
      />
      <PlainTextField
        value={values.nodeSelector}
        onChange={(text) => form.setValue('nodeSelector', text, change)}
        label="Node labels it needs"
        isLong
        isMono
        placeholder="topology.kubernetes.io/zone=zone-a"
        help="One key=value a line (spec.template.spec.nodeSelector)."
      />
      <FormSection title="Rules for nodes and other pods" titleElement="h2">
        <AffinityRules
          value={values.affinity}
          onChange={(affinity) => form.setValue('affinity', affinity, change)}
          nodes={nodes}
        />
      </FormSection>
      <FormSection title="Taints it tolerates" titleElement="h2">
        <Tolerations
          value={values.tolerations}
          onChange={(tolerations) => form.setValue('tolerations', tolerations, change)}
          nodes={nodes}
        />
      </FormSection>
    </FormShell>
  )
}
