import { ExpandableSection } from '@patternfly/react-core'
import { useState } from 'react'
import type { FieldValues, Path, PathValue, UseFormReturn } from 'react-hook-form'

import { FormCheckboxField } from '../form-fields/FormCheckboxField.tsx'
import { FormPair } from '../form-fields/FormPair.tsx'
import { FormSelectField } from '../form-fields/FormSelectField.tsx'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import { busesFor, type DeviceValues } from './disk-form.ts'
import { busWords } from './disk-words.ts'

interface Props<V extends FieldValues & DeviceValues> {
  form: UseFormReturn<V>
  values: DeviceValues
  /** The type is given by what is attached. */
  isDrive?: boolean
}

/** What a disk is to its VM: type, bus, order, and how its reads and writes are done. */
export function DiskDeviceFields<V extends FieldValues & DeviceValues>({
  form,
  values,
  isDrive = false,
}: Props<V>) {
  const name = (field: keyof DeviceValues) => field as Path<V>
  const buses = busesFor(values.type)
  return (
    <>
      <FormPair>
        <FormSelectField
          form={form}
          name={name('type')}
          label="Type"
          choices={[
            { value: 'disk', label: 'Disk', isDisabled: isDrive },
            { value: 'cdrom', label: 'CD-ROM' },
            { value: 'lun', label: 'LUN (SCSI commands pass through)', isDisabled: isDrive },
          ]}
          onChosen={(type) => {
            const possible = busesFor(type as DeviceValues['type'])
            if (!possible.includes(values.bus))
              form.setValue(name('bus'), (possible[0] ?? '') as PathValue<V, Path<V>>)
          }}
        />
        <FormSelectField
          form={form}
          name={name('bus')}
          label="Bus"
          choices={[...(buses.includes(values.bus) ? [] : [values.bus]), ...buses].map((value) => ({
            value,
            label: value === '' ? 'KubeVirt’s default' : (busWords[value] ?? value),
          }))}
        />
      </FormPair>
      <FormPair>
        <FormTextField
          form={form}
          name={name('serial')}
          label="Serial number"
          help="Optional; the guest finds the disk by it under /dev/disk/by-id."
        />
        <FormTextField
          form={form}
          name={name('bootOrder')}
          label="Boot order"
          inputMode="numeric"
          placeholder="None"
          help="Optional; the lowest of all disks and interfaces boots first."
        />
      </FormPair>
      <InputOutputFields form={form} values={values} />
    </>
  )
}

const advanced = [
  'cache',
  'io',
  'errorPolicy',
  'isReadOnly',
  'isShareable',
  'hasOwnThread',
] as const

function InputOutputFields<V extends FieldValues & DeviceValues>({
  form,
  values,
}: Pick<Props<V>, 'form' | 'values'>) {
  const name = (field: keyof DeviceValues) => field as Path<V>
  const [isOpen, setOpen] = useState(() => advanced.some((field) => Boolean(values[field])))
  return (
    <ExpandableSection
      toggleText="Cache, errors, sharing"
      isExpanded={isOpen}
      onToggle={(_event, next) => setOpen(next)}
      isIndented
    >
      <div className="pf-v6-c-form">
        <FormPair>
          <FormSelectField
            form={form}
            name={name('cache')}
            label="Cache"
            choices={[
              { value: '', label: 'Chosen by KubeVirt' },
              { value: 'none', label: 'None (the node caches nothing)' },
              { value: 'writethrough', label: 'Write-through (safe, slow writes)' },
              { value: 'writeback', label: 'Write-back (fast, less safe)' },
            ]}
            help="Live migration wants none on most storage (cache)."
          />
          <FormSelectField
            form={form}
            name={name('io')}
            label="I/O mode"
            choices={[
              { value: '', label: 'Chosen by KubeVirt' },
              { value: 'native', label: 'Native (asynchronous by the kernel)' },
              { value: 'threads', label: 'Threads' },
            ]}
            help="How QEMU reads and writes (io)."
          />
        </FormPair>
        <FormSelectField
          form={form}
          name={name('errorPolicy')}
          label="On errors"
          choices={[
            { value: '', label: 'KubeVirt’s default (stop)' },
            { value: 'stop', label: 'Stop: the VM is paused' },
            { value: 'report', label: 'Report: the guest sees the error' },
            { value: 'ignore', label: 'Ignore: nobody sees it' },
            { value: 'enospace', label: 'Stop only when the storage is full' },
          ]}
          help="What happens when reading or writing fails (errorPolicy)."
        />
        {values.type !== 'cdrom' && (
          <FormCheckboxField
            form={form}
            name={name('isReadOnly')}
            label="Read-only"
            help="The guest can’t write. Not on SATA."
          />
        )}
        <FormCheckboxField
          form={form}
          name={name('isShareable')}
          label="Shareable"
          help="Several VMs may have it at a time; its file system must be made for that. No cache, no moving."
        />
        <FormCheckboxField
          form={form}
          name={name('hasOwnThread')}
          label="I/O thread of its own"
          help="VirtIO only (dedicatedIOThread)."
        />
      </div>
    </ExpandableSection>
  )
}
