import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'

import { diskFieldRules } from '../../../kube/admission-fields.ts'
import { diskChangeEffect, situationOf } from '../../../kube/apply-time.ts'
import { virtualMachineKind } from '../../../kube/kinds.ts'
import { disksOf, templateSpec, type DiskEntry } from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import {
  deviceSchema,
  diskWithValues,
  valuesOfDisk,
  type DeviceValues,
} from '../../ui/storage/disk-form.ts'
import { DiskDeviceFields } from '../../ui/storage/DiskDeviceFields.tsx'
import type { RowDialogProps } from './disk-dialogs.ts'
import { editEffects } from './disk-effects.ts'
import { diskPlace, editDiskPatch } from './disk-patch.ts'

const saveWords = { restart: 'Save, restart to apply', now: 'Save now' } as const

/** Changes how a disk is attached; what it holds stays. */
export function EditDiskDialog({ vm, vmi, config, row, onClose }: RowDialogProps) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const byName = ({ disk, volume }: DiskEntry) => (disk ?? volume)?.name === row.name
  const entry = disksOf(templateSpec(base)).find(byName)
  const before = entry?.disk ?? { name: row.name, disk: {} }
  const [defaults] = useState(() => valuesOfDisk(before))
  const form = useForm<DeviceValues>({
    resolver: zodResolver(deviceSchema),
    defaultValues: defaults,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const parsed = deviceSchema.safeParse(values)
  const situation = situationOf(vm, vmi, config)
  const isRunning = situation.state !== 'stopped'
  const running = isRunning ? disksOf(vmi?.spec).find(byName) : undefined
  const disk = parsed.success ? diskWithValues(before, parsed.data) : undefined
  const effect = disk && diskChangeEffect({ disk, volume: entry?.volume }, running, situation)
  const place = diskPlace(base, row.name)
  const steps = disk &&
    form.formState.isDirty && [
      patchStep(
        client,
        virtualMachineKind,
        base,
        editDiskPatch(base, row.name, disk),
        diskFieldRules(place.index, place.volumeIndex),
      ),
    ]

  return (
    <FormShell
      title={`Edit disk ${row.name}`}
      form={form}
      steps={steps || undefined}
      effect={effect}
      fieldEffects={editEffects(
        values,
        { disk: before, volume: entry?.volume },
        running,
        situation,
      )}
      submitLabel={(effect && saveWords[effect.when as keyof typeof saveWords]) ?? 'Save'}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <DiskDeviceFields form={form} values={values} />
    </FormShell>
  )
}
