import type { UseFormReturn } from 'react-hook-form'

import { FormCheckboxField } from '../../ui/form-fields/FormCheckboxField.tsx'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import type { PreferenceValues } from './preference-form.ts'
import { ProfileNameFields } from './ProfileNameFields.tsx'

const none = { value: '', label: 'Not said' }

/** The values there are and the one there is, which may be another. */
function choices(values: readonly string[], current: string) {
  const all = current === '' || values.includes(current) ? values : [...values, current]
  return [none, ...all.map((value) => ({ value, label: value }))]
}

/** What suits the guests of a preference. */
export function PreferenceFields({
  form,
  values,
  isNew,
}: {
  form: UseFormReturn<PreferenceValues>
  values: PreferenceValues
  isNew: boolean
}) {
  return (
    <>
      <ProfileNameFields form={form} isNew={isNew} />
      <FormPair>
        <FormSelectField
          form={form}
          name="os"
          label="Operating system"
          choices={choices(['linux', 'windows', 'legacy'], values.os)}
          help="os-type"
        />
        <FormSelectField
          form={form}
          name="topology"
          label="CPUs appear as"
          choices={choices(['sockets', 'cores', 'threads', 'spread', 'any'], values.topology)}
          help="preferredCPUTopology"
        />
      </FormPair>
      <FormPair>
        <FormSelectField
          form={form}
          name="diskBus"
          label="Disk bus"
          choices={choices(['virtio', 'sata', 'scsi'], values.diskBus)}
          help="preferredDiskBus"
        />
        <FormSelectField
          form={form}
          name="nicModel"
          label="NIC model"
          choices={choices(['virtio', 'e1000e', 'e1000', 'rtl8139'], values.nicModel)}
          help="preferredInterfaceModel"
        />
      </FormPair>
      <FormSelectField
        form={form}
        name="firmware"
        label="Firmware"
        choices={[
          { value: '', label: 'Not said (BIOS)' },
          { value: 'efi', label: 'UEFI' },
          { value: 'secure', label: 'UEFI with secure boot' },
        ]}
        help="preferredEfi; secure boot needs SMM as well, in the YAML."
      />
      <FormCheckboxField form={form} name="hasTpm" label="TPM" help="preferredTPM" />
      <FormPair>
        <FormTextField
          form={form}
          name="cpus"
          label="CPUs at least"
          inputMode="numeric"
          placeholder="Not said"
          help="A VM with fewer is refused (requirements)."
        />
        <FormTextField
          form={form}
          name="memory"
          label="Memory at least"
          placeholder="Not said"
          help="Likewise, as in 4Gi."
        />
      </FormPair>
    </>
  )
}
