import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import {
  virtualMachineKind,
  virtualMachineTemplateKind,
  virtualMachineTemplateRequestKind,
} from '../../../kube/kinds.ts'
import { projectVmReferences } from '../../../kube/vm-references.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveList } from '../../data/live-list.ts'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { createStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'

/** @param taken names of templates that there are: the request would be accepted, and fail */
function schemaOf(taken: readonly string[]) {
  return z.object({
    vm: z.string().min(1, 'Choose the VM.'),
    name: z
      .string()
      .trim()
      .regex(
        /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
        'Lower-case letters, digits, dashes and dots; a letter or digit at both ends.',
      )
      .refine((name) => !taken.includes(name), 'There is a template of this name already.'),
  })
}

type Values = z.infer<ReturnType<typeof schemaOf>>

const rules: FieldRule<keyof Values>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'templateName', field: 'name' },
  { path: 'virtualMachineRef*', field: 'vm' },
]

/** Asks the cluster to make a template of a VM. */
export function CreateTemplateDialog({
  namespace,
  onClose,
}: {
  namespace: string
  onClose: () => void
}) {
  const client = useKube()
  const vms = useLiveList(virtualMachineKind, { namespace, project: projectVmReferences })
  const templates = useListOnce(virtualMachineTemplateKind, { namespace })
  const schema = schemaOf(templates.items.map(({ metadata }) => metadata.name))
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { vm: '', name: '' },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const name = values.name.trim()
  const manifest = {
    apiVersion: 'template.kubevirt.io/v1beta1',
    kind: 'VirtualMachineTemplateRequest',
    metadata: { name, namespace },
    spec: { virtualMachineRef: { namespace, name: values.vm }, templateName: name },
  }
  return (
    <FormShell
      title={`Create template in ${namespace}`}
      description="The VM’s disks are copied and kept; its name becomes a parameter."
      form={form}
      steps={
        schema.safeParse(values).success
          ? [
              createStep(
                client,
                virtualMachineTemplateRequestKind,
                manifest,
                rules,
                () => undefined,
              ),
            ]
          : undefined
      }
      effect={{
        when: 'now',
        sentence: 'The VM goes on as it is. The list shows how far its disks are copied.',
      }}
      submitLabel="Create template"
      onReload={async () => undefined}
      onClose={onClose}
    >
      <FormSearchField
        form={form}
        name="vm"
        label="VirtualMachine"
        isRequired
        isLoading={vms.status === 'loading'}
        placeholder="Type to find one"
        emptyText={vms.error ? `VMs can’t be listed: ${vms.error.message}` : 'No VM here.'}
        choices={vms.items
          .map((vm) => ({ value: vm.name, description: vm.instancetype?.name ?? '' }))
          .toSorted((a, b) => a.value.localeCompare(b.value))}
      />
      <FormTextField form={form} name="name" label="Name of the template" isRequired />
    </FormShell>
  )
}
