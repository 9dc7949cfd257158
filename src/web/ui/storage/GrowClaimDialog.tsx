import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { claimFieldRules } from '../../../kube/admission-fields.ts'
import type { Effect } from '../../../kube/apply-time.ts'
import { requestedBytes } from '../../../kube/claim-status.ts'
import { persistentVolumeClaimKind, type PersistentVolumeClaim } from '../../../kube/kinds.ts'
import { formatBytes, gib, quantityFromGiB } from '../../../kube/quantity.ts'
import { useKube } from '../../data/host-context.tsx'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import { patchStep } from '../form-shell/form-step.ts'
import { FormShell, useFormValues } from '../form-shell/FormShell.tsx'
import { useFormBase } from '../form-shell/use-form-base.ts'

function growSchema(currentBytes: number) {
  return z.object({
    sizeGiB: z
      .string()
      .trim()
      .refine(
        (text) => Number(text) * gib > currentBytes,
        `More than ${formatBytes(currentBytes)}: a claim can’t shrink.`,
      ),
  })
}

/** Enlarges a PVC. A merge patch with the resourceVersion, so that nobody's change is overwritten. */
export function GrowClaimDialog({
  claim,
  isRunning,
  onClose,
}: {
  claim: PersistentVolumeClaim
  isRunning: boolean
  onClose: () => void
}) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(persistentVolumeClaimKind, claim)
  const currentBytes = requestedBytes(base)
  const schema = growSchema(currentBytes)
  const form = useForm<{ sizeGiB: string }>({
    resolver: zodResolver(schema),
    defaultValues: { sizeGiB: String(Math.ceil(currentBytes / gib) + 10) },
    mode: 'onTouched',
  })
  const parsed = schema.safeParse(useFormValues(form))
  const steps = parsed.success
    ? [
        patchStep(
          client,
          persistentVolumeClaimKind,
          base,
          {
            metadata: { resourceVersion: base.metadata.resourceVersion },
            spec: {
              resources: { requests: { storage: quantityFromGiB(Number(parsed.data.sizeGiB)) } },
            },
          },
          claimFieldRules,
        ),
      ]
    : undefined
  const effect: Effect = {
    when: 'now',
    sentence: isRunning
      ? 'The volume grows, then the running guest’s disk. The file system in the guest is grown there.'
      : 'The volume grows; some storage finishes only when the VM runs. The file system in the guest is grown there.',
  }

  return (
    <FormShell
      title={`Grow ${claim.metadata.name}`}
      form={form}
      steps={steps}
      effect={effect}
      submitLabel="Grow PVC now"
      isCheckedAtOnce
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <FormTextField
        form={form}
        name="sizeGiB"
        label="New size"
        unit="GiB"
        inputMode="decimal"
        isRequired
        help={`Now ${formatBytes(currentBytes)}. Growing can’t be undone.`}
      />
    </FormShell>
  )
}
