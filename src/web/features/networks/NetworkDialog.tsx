import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useNavigate } from 'react-router'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import type { Effect } from '../../../kube/apply-time.ts'
import {
  networkAttachmentDefinitionKind,
  type NetworkAttachmentDefinition,
} from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'
import { useNetworkUsers } from '../../data/machine-networks.ts'
import { createStep, patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { objectPagePath } from '../../ui/page-paths.ts'
import { nadFromValues, nadToValues } from './nad-form.ts'
import { nadPatch } from './nad-patch.ts'
import { nadSchema, newNadValues, type NadValues } from './nad-schema.ts'
import { NadPreview } from './NadPreview.tsx'
import { NetworkFields } from './NetworkFields.tsx'

interface NetworkDialogProps {
  namespace: string
  /** The one to edit; without, one is created. */
  definition?: NetworkAttachmentDefinition
  onClose: () => void
}

export function NetworkDialog(props: NetworkDialogProps) {
  const { definition } = props
  return definition ? (
    <EditNetworkDialog {...props} definition={definition} />
  ) : (
    <CreateNetworkDialog {...props} />
  )
}

const rules: readonly FieldRule<keyof NadValues>[] = [{ path: 'metadata.name', field: 'name' }]

function useNetworkForm(defaultValues: NadValues) {
  const form = useForm<NadValues>({
    resolver: zodResolver(nadSchema),
    defaultValues,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  return { form, values, parsed: nadSchema.safeParse(values) }
}

function CreateNetworkDialog({ namespace, onClose }: NetworkDialogProps) {
  const client = useKube()
  const navigate = useNavigate()
  const { form, values, parsed } = useNetworkForm(newNadValues(namespace))
  const manifest = parsed.success ? nadFromValues(parsed.data) : undefined
  const steps = manifest && [
    createStep(
      client,
      networkAttachmentDefinitionKind,
      manifest,
      rules,
      ({ metadata: { name } }: NetworkAttachmentDefinition) => {
        void navigate(objectPagePath(networkAttachmentDefinitionKind, { namespace, name }))
      },
    ),
  ]
  return (
    <FormShell
      title={`Create network in ${namespace}`}
      form={form}
      steps={steps}
      effect={{ when: 'now', sentence: 'No VM is on it until one of its interfaces names it.' }}
      submitLabel="Create network"
      onReload={async () => undefined}
      onClose={onClose}
    >
      <NetworkFields form={form} values={values} isNew />
      <NadPreview manifest={manifest ?? nadFromValues(values)} />
    </FormShell>
  )
}

function editEffect(running: number): Effect {
  return running === 0
    ? { when: 'start', sentence: 'No running VM is on it; those that start read it anew.' }
    : {
        when: 'restart',
        sentence: `${running === 1 ? 'One running VM is' : `${running} running VMs are`} on it and keep the network as it was until they restart or migrate.`,
      }
}

function EditNetworkDialog({
  namespace,
  definition,
  onClose,
}: NetworkDialogProps & { definition: NetworkAttachmentDefinition }) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(networkAttachmentDefinitionKind, definition)
  const { form, values, parsed } = useNetworkForm(
    nadToValues(definition) ?? newNadValues(namespace),
  )
  const { users } = useNetworkUsers(namespace)
  const { name } = definition.metadata
  const running = (users.get(`${namespace}/${name}`) ?? []).filter(({ isRunning }) => isRunning)
  const manifest = nadFromValues(parsed.success ? parsed.data : values, base)
  const patch = parsed.success ? nadPatch(base, manifest) : []
  const steps =
    patch.length > 0
      ? [patchStep(client, networkAttachmentDefinitionKind, base, patch, rules)]
      : undefined
  return (
    <FormShell
      title={`Edit network ${name}`}
      form={form}
      steps={steps}
      effect={
        patch.length > 0
          ? editEffect(running.length)
          : { when: 'none', sentence: 'Nothing changes.' }
      }
      submitLabel={patch.length > 0 && running.length > 0 ? 'Save, restart VMs to apply' : 'Save'}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <NetworkFields form={form} values={values} isNew={false} />
      <NadPreview manifest={manifest} />
    </FormShell>
  )
}
