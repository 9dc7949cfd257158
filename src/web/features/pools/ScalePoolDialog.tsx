import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { virtualMachinePoolKind, type VirtualMachinePool } from '../../../kube/kinds.ts'
import { objectPatch } from '../../../kube/object-patch.ts'
import { poolCounts, scaleInWords, vmCount } from '../../../kube/vm-pool.ts'
import { useKube } from '../../data/host-context.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'

const schema = z.object({
  replicas: z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, 'A whole number, 0 or more.'),
})

/** Asks a pool for more or fewer VMs. */
export function ScalePoolDialog({
  pool,
  onClose,
}: {
  pool: VirtualMachinePool
  onClose: () => void
}) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(virtualMachinePoolKind, pool)
  const { wanted } = poolCounts(base)
  const form = useForm<{ replicas: string }>({
    resolver: zodResolver(schema),
    defaultValues: { replicas: String(wanted) },
    mode: 'onTouched',
  })
  const parsed = schema.safeParse(useFormValues(form))
  const asked = parsed.success ? Number(parsed.data.replicas) : wanted
  const patch = objectPatch(base, { ...base, spec: { ...base.spec, replicas: asked } }, [
    ['spec', 'replicas'],
  ])
  return (
    <FormShell
      title={`Scale ${pool.metadata.name}`}
      form={form}
      steps={
        parsed.success && patch.length > 0
          ? [
              patchStep(client, virtualMachinePoolKind, base, patch, [
                { path: 'spec.replicas', field: 'replicas' },
              ]),
            ]
          : undefined
      }
      effect={{ when: 'now', sentence: sentenceOf(base, asked - wanted) }}
      submitLabel={asked < wanted ? `Scale in to ${asked}` : `Scale to ${asked}`}
      isDangerous={asked < wanted}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <FormTextField
        form={form}
        name="replicas"
        label="VMs"
        inputMode="numeric"
        isRequired
        help={`Now ${wanted} (spec.replicas).`}
      />
    </FormShell>
  )
}

function sentenceOf(pool: VirtualMachinePool, more: number): string {
  if (more === 0) return 'It is asked for as many already.'
  if (pool.spec.paused === true) return 'It is paused: nothing happens until that is ended by Edit.'
  if (more > 0) return `It makes ${vmCount(more)} more.`
  const { scaleInStrategy } = pool.spec
  const isLeft = scaleInStrategy?.unmanaged ?? scaleInStrategy?.opportunistic
  return isLeft
    ? `${scaleInWords(pool)}.`
    : `${vmCount(-more)} ${more === -1 ? 'goes' : 'go'}. It ${scaleInWords(pool).replace(/^D/, 'd')}.`
}
