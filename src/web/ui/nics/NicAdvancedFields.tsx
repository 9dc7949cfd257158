import { ExpandableSection } from '@patternfly/react-core'
import { useState } from 'react'
import type { UseFormReturn } from 'react-hook-form'

import { FormCheckboxField } from '../form-fields/FormCheckboxField.tsx'
import { FormPair } from '../form-fields/FormPair.tsx'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import { hasDhcp, type NicValues } from './nic-form.ts'

const fields = [
  'pciAddress',
  'acpiIndex',
  'bootFileName',
  'tftpServerName',
  'ntpServers',
  'privateOptions',
] as const

/**
 * What few NICs need. Open from the start where any of it is filled in; folded, its fields aren't
 * there, so that what the cluster says of them stands on top of the form.
 */
export function NicAdvancedFields({
  form,
  values,
}: {
  form: UseFormReturn<NicValues>
  values: NicValues
}) {
  const [isOpen, setOpen] = useState(fields.some((field) => values[field] !== ''))
  const isExpanded = isOpen || fields.some((field) => form.formState.errors[field])
  return (
    <ExpandableSection
      toggleText="Advanced"
      isExpanded={isExpanded}
      onToggle={(_event, next) => setOpen(next)}
      isIndented
    >
      {isExpanded && (
        <div className="pf-v6-c-form">
          <FormPair>
            <FormTextField
              form={form}
              name="pciAddress"
              label="PCI address"
              placeholder="Chosen by KubeVirt"
              help="Where the guest’s names must not move, as in 0000:81:00.0."
            />
            <FormTextField
              form={form}
              name="acpiIndex"
              label="ACPI index"
              inputMode="numeric"
              placeholder="None"
              help="Linux names the interface by it: 1 is eno1."
            />
          </FormPair>
          {hasDhcp(values.binding) && <DhcpFields form={form} />}
          <FormCheckboxField
            form={form}
            name="hasManyQueues"
            label="Multiqueue for the whole VM"
            help="A queue per vCPU for each virtio interface of the VM, not for this one only (networkInterfaceMultiqueue)."
          />
        </div>
      )}
    </ExpandableSection>
  )
}

function DhcpFields({ form }: { form: UseFormReturn<NicValues> }) {
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="bootFileName"
          label="DHCP boot file"
          placeholder="None"
          help="For network boot (option 67)."
        />
        <FormTextField
          form={form}
          name="tftpServerName"
          label="DHCP TFTP server"
          placeholder="None"
          help="For network boot (option 66)."
        />
      </FormPair>
      <FormPair>
        <FormTextField
          form={form}
          name="ntpServers"
          label="DHCP NTP servers"
          placeholder="None"
          help="IPv4 addresses separated by commas."
        />
        <FormTextField
          form={form}
          name="privateOptions"
          label="DHCP private options"
          placeholder="None"
          help="Options 224 to 254, as in 240=text; 241=text."
        />
      </FormPair>
    </>
  )
}
