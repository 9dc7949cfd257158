import { Button } from '@patternfly/react-core'
import type { UseFormReturn } from 'react-hook-form'

import { isMac, randomMac } from '../../../kube/mac-address.ts'
import { useMacUsers } from '../../data/mac-users.ts'
import { FormPair } from '../form-fields/FormPair.tsx'
import { FormSelectField } from '../form-fields/FormSelectField.tsx'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import { hasPorts, type NicValues } from './nic-form.ts'

const models = ['virtio', 'e1000e', 'e1000', 'igb', 'rtl8139', 'ne2k_pci', 'pcnet']

interface DeviceFieldsProps {
  form: UseFormReturn<NicValues>
  values: NicValues
  /** The VM whose NIC it is. */
  machine: { namespace?: string; name: string }
}

/** The first few by name: an image copied often may have hundreds of twins. */
function duplicateWarning(users: readonly string[]): string | undefined {
  if (users.length === 0) return undefined
  const shown = users.slice(0, 3).join(', ')
  const more = users.length > 3 ? ` and ${users.length - 3} more` : ''
  return `${shown}${more} has this address too. On one network, two machines with one address cut each other off.`
}

function MacField({ form, values, machine }: DeviceFieldsProps) {
  const mac = values.macAddress.trim()
  const users = useMacUsers(isMac(mac) ? mac : undefined, machine)
  return (
    <FormTextField
      form={form}
      name="macAddress"
      label="MAC address"
      placeholder="Chosen by KubeVirt"
      help="Optional, as in 02:00:5e:10:00:01."
      warning={duplicateWarning(users)}
      action={
        <Button
          variant="control"
          onClick={() =>
            form.setValue('macAddress', randomMac(), { shouldDirty: true, shouldValidate: true })
          }
        >
          Generate
        </Button>
      }
    />
  )
}

/** The device that the guest sees, and what passes through it. */
export function NicDeviceFields(props: DeviceFieldsProps) {
  const { form, values } = props
  const isSriov = values.binding === 'sriov'
  return (
    <>
      <FormPair>
        {!isSriov && (
          <FormSelectField
            form={form}
            name="model"
            label="Model"
            choices={[
              { value: '', label: 'Default' },
              ...models.map((value) => ({ value, label: value })),
            ]}
            help="By default virtio, unless a preference says otherwise."
          />
        )}
        <MacField {...props} />
      </FormPair>
      <FormPair>
        <FormSelectField
          form={form}
          name="state"
          label="Link state"
          choices={[
            { value: 'up', label: 'Up' },
            { value: 'down', label: 'Down (cable unplugged)' },
          ]}
        />
        <FormTextField
          form={form}
          name="bootOrder"
          label="Boot order"
          inputMode="numeric"
          placeholder="None"
          help="Optional; the lowest of all disks and interfaces boots first."
        />
      </FormPair>
      {hasPorts(values.binding) && (
        <FormTextField
          form={form}
          name="ports"
          label="Ports"
          placeholder="All"
          help="Optional. Once any is listed, only these reach the guest: 22, web:80/TCP, 53/UDP."
        />
      )}
    </>
  )
}
