import type { UseFormReturn } from 'react-hook-form'

import { FormCheckboxField } from '../../ui/form-fields/FormCheckboxField.tsx'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import type { InstancetypeValues } from './instancetype-form.ts'
import { ProfileNameFields } from './ProfileNameFields.tsx'

/** What an instance type gives to a VM. */
export function InstancetypeFields({
  form,
  isNew,
}: {
  form: UseFormReturn<InstancetypeValues>
  isNew: boolean
}) {
  return (
    <>
      <ProfileNameFields form={form} isNew={isNew} />
      <FormPair>
        <FormTextField
          form={form}
          name="cpus"
          label="CPUs"
          inputMode="numeric"
          isRequired
          help="Of the guest (cpu.guest)."
        />
        <FormTextField
          form={form}
          name="memory"
          label="Memory"
          isRequired
          help="With its unit, as in 4Gi (memory.guest)."
        />
      </FormPair>
      <FormCheckboxField
        form={form}
        name="isDedicated"
        label="Dedicated CPUs"
        help="Each has a CPU of the node to itself; nodes need the static CPU manager."
      />
      <FormCheckboxField
        form={form}
        name="isIsolated"
        label="A further CPU for QEMU itself"
        help="isolateEmulatorThread; with dedicated CPUs only."
      />
      <FormCheckboxField
        form={form}
        name="isNuma"
        label="The guest sees the node’s NUMA"
        help="numa.guestMappingPassthrough; needs dedicated CPUs and huge pages."
      />
      <FormPair>
        <FormSelectField
          form={form}
          name="hugepages"
          label="Huge pages"
          choices={[
            { value: '', label: 'None' },
            { value: '2Mi', label: '2 MiB' },
            { value: '1Gi', label: '1 GiB' },
          ]}
          help="Nodes have to set them aside."
        />
        <FormTextField
          form={form}
          name="overcommit"
          label="Overcommitted memory"
          unit="%"
          inputMode="numeric"
          placeholder="None"
          help="So much of it isn’t asked of the node."
        />
      </FormPair>
      <FormTextField
        form={form}
        name="gpus"
        label="GPUs"
        placeholder="None"
        help="Names of device resources with commas between, as in nvidia.com/A100; one twice for two."
      />
      <FormTextField
        form={form}
        name="hostDevices"
        label="Host devices"
        placeholder="None"
        help="Likewise."
      />
    </>
  )
}
