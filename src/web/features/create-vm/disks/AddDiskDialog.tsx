import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'

import { claimFieldRules, diskFieldRules } from '../../../../kube/admission-fields.ts'
import { persistentVolumeClaimKind } from '../../../../kube/kinds.ts'
import { useKube } from '../../../data/host-context.tsx'
import { useListOnce } from '../../../data/list-once.ts'
import { FormShell, useFormValues } from '../../../ui/form-shell/FormShell.tsx'
import { diskSchema, newDiskValues, type DiskValues } from '../../../ui/storage/disk-form.ts'
import { neededObject, refusedSource } from '../../../ui/storage/disk-source.ts'
import { useSizeOfSource } from '../../../ui/storage/DiskSourceFields.tsx'
import { NewDiskFields } from '../../../ui/storage/NewDiskFields.tsx'
import { useDraft } from '../draft-context.ts'
import { draftStep } from '../draft-step.ts'
import { diskClaimName } from '../draft/boot-source.ts'
import { addDisk, draftClaims, freeDiskName } from '../draft/disks.ts'
import { devicesOf } from '../draft/draft.ts'

/** Adds a disk to the VM that is being described: the same fields as for one that is there. */
export function AddDiskDialog({ onClose }: { onClose: () => void }) {
  const client = useKube()
  const { draft, change, namespace } = useDraft()
  const claims = useListOnce(persistentVolumeClaimKind, { namespace, enabled: namespace !== '' })
  const [defaults] = useState((): DiskValues => {
    const name = freeDiskName(draft)
    return { ...newDiskValues, source: 'blank', name, claimName: diskClaimName(draft, name) }
  })
  const form = useForm<DiskValues>({
    resolver: zodResolver(diskSchema),
    defaultValues: defaults,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  useSizeOfSource(form, values, claims.items, namespace)
  const { disks, volumes } = devicesOf(draft)
  const isNew = neededObject(values) !== 'none'
  const next = diskSchema.safeParse(values).success ? addDisk(draft, values) : undefined
  const steps = next && [
    draftStep(client, draft, next, {
      body: { disk: devicesOf(next).disks.at(-1), volume: devicesOf(next).volumes.at(-1) },
      rules: [
        ...diskFieldRules(disks.length, volumes.length, refusedSource(values)),
        ...(isNew ? claimFieldRules : []),
      ],
      onSaved: () => change((before) => addDisk(before, values)),
    }),
  ]

  return (
    <FormShell
      title="Add a disk"
      form={form}
      steps={steps}
      effect={undefined}
      submitLabel="Add disk"
      onReload={() => Promise.resolve()}
      onClose={onClose}
    >
      <NewDiskFields
        form={form}
        values={values}
        namespace={namespace}
        claims={claims.items}
        ownClaims={draftClaims(draft)}
      />
    </FormShell>
  )
}
