import { Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { nicChangeEffect, situationOf } from '../../../kube/apply-time.ts'
import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { isUnpluggable, removeNicPatch, unplugNicPatch } from '../../../kube/nic-patch.ts'
import { nicsOf, templateSpec, type Nic } from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'

/** Removes a NIC: unplugs it where KubeVirt can, else takes it out of the template. */
export function RemoveNicDialog({
  vm,
  vmi,
  config,
  nic,
  onClose,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  nic: Nic
  onClose: () => void
}) {
  const client = useKube()
  const form = useForm()
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const { name } = nic.iface
  const situation = situationOf(vm, vmi, config)
  const running =
    situation.state === 'stopped'
      ? undefined
      : nicsOf(vmi?.spec).find(({ iface }) => iface.name === name)
  const isUnplug = running !== undefined && isUnpluggable(running)
  const after: Nic | undefined = isUnplug
    ? { ...nic, iface: { ...nic.iface, state: 'absent' } }
    : undefined
  const effect = nicChangeEffect(after, running, situation)
  const patch = isUnplug ? unplugNicPatch(base, name) : removeNicPatch(base, name)
  const isLast = nicsOf(templateSpec(base)).every(({ iface }) => iface.name === name)
  const when = { now: ' now', restart: ', restart to apply', migration: '', none: '', start: '' }

  return (
    <FormShell
      title={`Remove network interface ${name}`}
      form={form}
      steps={[patchStep(client, virtualMachineKind, base, patch, [])]}
      effect={effect}
      submitLabel={`Remove interface${when[effect.when]}`}
      isDangerous
      isCheckedAtOnce
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <Content component="p">
        {isUnplug
          ? 'The interface is marked as absent; KubeVirt unplugs it from the running VM and then removes it.'
          : running
            ? 'KubeVirt can unplug only bridge interfaces of secondary networks. This one is taken out of the VM, which keeps it until it is restarted.'
            : 'The interface is taken out of the VM. The network itself stays.'}
      </Content>
      {isLast && !isUnplug && (
        <Content component="p">
          It is the last one. So that KubeVirt doesn’t put the pod network in its place, that is
          switched off (autoattachPodInterface: false).
        </Content>
      )}
    </FormShell>
  )
}
