import { zodResolver } from '@hookform/resolvers/zod'
import { Alert, Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { nicFieldRules } from '../../../kube/admission-fields.ts'
import { nicChangeEffect, situationOf, type Effect } from '../../../kube/apply-time.ts'
import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import {
  bindingOf,
  hasImplicitPodNetwork,
  implicitNic,
  nicsOf,
  templateSpec,
  type Nic,
} from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { newNicValues, nicFromValues, nicSchema, nicToValues, type NicValues } from './nic-form.ts'
import { addedNicPlace, addNicPatch, editNicPatch, manyQueuesPatch, nicPlace } from './nic-patch.ts'
import { NicAdvancedFields } from './NicAdvancedFields.tsx'
import { NicDeviceFields } from './NicDeviceFields.tsx'
import { NicNetworkFields } from './NicNetworkFields.tsx'

export interface NicDialogProps {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  /** The NIC to edit; without one, the dialog adds one. */
  nic?: Nic
  onClose: () => void
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go#L2902 */
const queuesEffect: Effect = {
  when: 'restart',
  sentence: 'The number of queues changes with a restart, for all virtio interfaces of the VM.',
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
  const namespace = vm.metadata.namespace ?? ''
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const spec = templateSpec(base)
  const implicit = implicitNic(config.defaultPodBinding, vmi)
  const isKeepingImplicit = !nic && hasImplicitPodNetwork(spec)
  const taken = [
    ...nicsOf(spec).map(({ iface }) => iface.name),
    ...(isKeepingImplicit ? [implicit.iface.name] : []),
  ]
  const hadManyQueues = spec.domain.devices.networkInterfaceMultiqueue ?? false
  const form = useForm<NicValues>({
    resolver: zodResolver(nicSchema),
    defaultValues: nic ? nicToValues(nic, hadManyQueues) : newNicValues(taken, hadManyQueues),
    mode: 'onTouched',
  })
  const values = useFormValues(form)

  const parsed = nicSchema.safeParse(values)
  const desired = parsed.success ? nicFromValues(parsed.data, nic) : undefined
  const running = nicsOf(vmi?.spec).find(({ iface }) => iface.name === values.name)
  const queues = parsed.success ? manyQueuesPatch(base, parsed.data.hasManyQueues) : []
  const situation = situationOf(vm, vmi, config)
  const nicEffect = desired && nicChangeEffect(desired, running, situation)
  const effect =
    queues.length > 0 && nicEffect && situation.state !== 'stopped' ? queuesEffect : nicEffect
  const place = nic ? nicPlace(base, nic.iface.name) : addedNicPlace(base)
  const patch = desired && [
    ...queues,
    ...(nic ? editNicPatch(base, nic.iface.name, desired) : addNicPatch(base, desired, implicit)),
  ]
  const steps = patch && [
    patchStep(
      client,
      virtualMachineKind,
      base,
      patch,
      nicFieldRules(Math.max(place.index, 0), Math.max(place.networkIndex, 0)),
    ),
  ]

  return (
    <FormShell
      title={nic ? `Edit network interface ${nic.iface.name}` : 'Add network interface'}
      form={form}
      steps={steps}
      effect={effect}
      submitLabel={submitLabel(effect, !nic)}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      {isKeepingImplicit && <ImplicitNote nic={implicit} />}
      <NicNetworkFields
        form={form}
        values={values}
        nic={nic}
        namespace={namespace}
        config={config}
      />
      <NicDeviceFields form={form} values={values} machine={vm.metadata} />
      <NicAdvancedFields form={form} values={values} />
    </FormShell>
  )
}

function ImplicitNote({ nic }: { nic: Nic }) {
  return (
    <Alert isInline isPlain variant="info" title="The automatic pod network stays">
      <Content component="small">
        KubeVirt gives a VM without network interfaces the pod network, and takes it away as soon as
        one is listed. It is therefore written down together with the new one, as “{nic.iface.name}”
        with binding {bindingOf(nic.iface)}.
      </Content>
    </Alert>
  )
}
