import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import type { z } from 'zod'

import { diskFieldRules } from '../../../../kube/admission-fields.ts'
import { useKube } from '../../../data/host-context.tsx'
import { FormShell, useFormValues } from '../../../ui/form-shell/FormShell.tsx'
import { deviceSchema, valuesOfDisk } from '../../../ui/storage/disk-form.ts'
import { storageClassSchema } from '../../../ui/storage/disk-source.ts'
import { DiskDeviceFields } from '../../../ui/storage/DiskDeviceFields.tsx'
import { StorageClassFields } from '../../../ui/storage/StorageClassFields.tsx'
import { useDraft } from '../draft-context.ts'
import { draftStep } from '../draft-step.ts'
import { draftDisk, editDisk, setStorage, storageOf } from '../draft/disks.ts'
import type { Draft } from '../draft/draft.ts'

const schema = deviceSchema.extend(storageClassSchema.shape)
type Values = z.input<typeof schema>

/** How a disk of the VM that is being described is attached, and where its new claim is made. */
export function EditDiskDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const client = useKube()
  const { draft, change } = useDraft()
  const [found] = useState(() => draftDisk(draft, name))
  const { disk = { name, disk: {} }, template, index = 0, volumeIndex = 0 } = found ?? {}
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { ...valuesOfDisk(disk), ...storageOf(template) },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const { dirtyFields } = form.formState
  const isMoved = Object.keys(storageClassSchema.shape).some(
    (field) => dirtyFields[field as keyof Values] === true,
  )
  const claim = template?.metadata?.name
  const apply = (before: Draft) => {
    const edited = editDisk(before, name, values)
    // What the storage's profile suggests needn't be written down.
    return claim !== undefined && isMoved ? setStorage(edited, claim, values) : edited
  }
  const next = apply(draft)
  const steps = schema.safeParse(values).success &&
    form.formState.isDirty && [
      draftStep(client, draft, next, {
        body: { disk: draftDisk(next, name)?.disk, dataVolume: draftDisk(next, name)?.template },
        rules: diskFieldRules(index, volumeIndex),
        onSaved: () => change(apply),
      }),
    ]

  return (
    <FormShell
      title={`Edit disk ${name}`}
      form={form}
      steps={steps || undefined}
      effect={undefined}
      submitLabel="Save"
      onReload={() => Promise.resolve()}
      onClose={onClose}
    >
      <DiskDeviceFields form={form} values={values} />
      {template && <StorageClassFields form={form} purpose="vm" />}
    </FormShell>
  )
}
