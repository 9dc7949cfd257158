import { nicChangeEffect, situationOf, type Effect } from '../../../kube/apply-time.ts'
import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { nicFieldEffects, queuesEffect } from '../../../kube/nic-field-effects.ts'
import { nicsOf, type Nic } from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { NicFields } from '../../ui/nics/NicFields.tsx'
import { useNicForm } from '../../ui/nics/use-nic-form.ts'

export interface NicDialogProps {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  /** The NIC to edit; without one, the dialog adds one. */
  nic?: Nic
  onClose: () => void
}

function submitLabel(effect: Effect | undefined, isNew: boolean): string {
  const what = isNew ? 'Add interface' : 'Save'
  if (effect?.when === 'now') return `${what} now`
  if (effect?.when === 'restart') return `${what}, restart to apply`
  if (effect?.when === 'migration') return `${what}, migrate to apply`
  return what
}

/** Adds a NIC to the VM's template or edits one. */
export function NicDialog({ vm, vmi, config, nic, onClose }: NicDialogProps) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const { form, desired, patch, rules, changesQueues, fields } = useNicForm({
    base,
    vmi,
    config,
    nic,
  })
  const running = nicsOf(vmi?.spec).find(({ iface }) => iface.name === fields.values.name)
  const situation = situationOf(vm, vmi, config)
  const nicEffect = desired && nicChangeEffect(desired, running, situation)
  const effect =
    changesQueues && nicEffect && situation.state !== 'stopped' ? queuesEffect : nicEffect

  return (
    <FormShell
      title={nic ? `Edit network interface ${nic.iface.name}` : 'Add network interface'}
      form={form}
      steps={patch && [patchStep(client, virtualMachineKind, base, patch, rules)]}
      effect={effect}
      fieldEffects={nicFieldEffects(desired ?? nic, running, situation)}
      submitLabel={submitLabel(effect, !nic)}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <NicFields fields={fields} />
    </FormShell>
  )
}
