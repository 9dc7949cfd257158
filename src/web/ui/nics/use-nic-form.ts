import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'

import { nicFieldRules } from '../../../kube/admission-fields.ts'
import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import {
  addedNicPlace,
  addNicPatch,
  editNicPatch,
  manyQueuesPatch,
  nicPlace,
} from '../../../kube/nic-patch.ts'
import {
  hasImplicitPodNetwork,
  implicitNic,
  nicsOf,
  templateSpec,
  type Nic,
} from '../../../kube/vm-devices.ts'
import { useFormValues } from '../form-shell/FormShell.tsx'
import { newNicValues, nicFromValues, nicSchema, nicToValues, type NicValues } from './nic-form.ts'

interface NicFormSubject {
  /** The VM that is changed, as it was when the form opened; it needn't be stored yet. */
  base: VirtualMachine
  vmi?: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  /** The NIC to edit; without one, the form adds one. */
  nic?: Nic | undefined
}

/** The form of a NIC, and the patch it stands for: of a VM's own page and of the wizard. */
export function useNicForm({ base, vmi, config, nic }: NicFormSubject) {
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
  const queues = parsed.success ? manyQueuesPatch(base, parsed.data.hasManyQueues) : []
  const place = nic ? nicPlace(base, nic.iface.name) : addedNicPlace(base)
  const patch = desired && [
    ...queues,
    ...(nic ? editNicPatch(base, nic.iface.name, desired) : addNicPatch(base, desired, implicit)),
  ]
  return {
    form,
    /** The NIC as it would be; undefined while the input isn't complete. */
    desired,
    patch,
    changesQueues: queues.length > 0,
    rules: nicFieldRules(Math.max(place.index, 0), Math.max(place.networkIndex, 0)),
    /** For `NicFields`. */
    fields: {
      form,
      values,
      nic,
      machine: base.metadata,
      config,
      kept: isKeepingImplicit ? implicit : undefined,
    },
  }
}

/** What the fields of the form work on. */
export type NicFormFields = ReturnType<typeof useNicForm>['fields']
