import { zodResolver } from '@hookform/resolvers/zod'
import { CodeBlock, CodeBlockCode, ExpandableSection } from '@patternfly/react-core'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useNavigate } from 'react-router'
import { stringify } from 'yaml'
import { z } from 'zod'

import type { KubeClient } from '../../../kube/client.ts'
import {
  virtualMachineKind,
  type TemplateParameter,
  type VirtualMachineTemplate,
} from '../../../kube/kinds.ts'
import { shellQuote } from '../../../kube/vm-patch.ts'
import {
  fillParameters,
  givenParameters,
  isAsked,
  parametersOf,
  processTemplate,
  templateProcessPath,
} from '../../../kube/vm-template.ts'
import { useKube } from '../../data/host-context.tsx'
import { putInLiveCache } from '../../data/live-cache.ts'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import type { FormStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'

type Values = Record<string, string>

function schemaOf(parameters: readonly TemplateParameter[]) {
  return z.record(z.string(), z.string()).superRefine((values, context) => {
    for (const parameter of parameters)
      if (isAsked(parameter) && (values[parameter.name] ?? '').trim() === '')
        context.addIssue({
          code: 'custom',
          path: [parameter.name],
          message: 'The template needs a value for this.',
        })
  })
}

/** Makes a VM of a template: the cluster fills it in, and the VM is created as any other. */
export function UseTemplateDialog({
  template,
  onClose,
}: {
  template: VirtualMachineTemplate
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name } = template.metadata
  const parameters = parametersOf(template)
  const schema = schemaOf(parameters)
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: Object.fromEntries(parameters.map((one) => [one.name, one.value ?? ''])),
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const step = createVmStep(
    client,
    { namespace, name },
    givenParameters(parameters, values),
    (vm) => void navigate(objectPagePath(virtualMachineKind, { namespace, name: vm })),
  )
  return (
    <FormShell
      title={`Create VirtualMachine from ${name}`}
      form={form}
      isCheckedAtOnce={!parameters.some(isAsked)}
      steps={schema.safeParse(values).success ? [step] : undefined}
      effect={{ when: 'now', sentence: 'Its disks are copied from those of the template.' }}
      submitLabel="Create VirtualMachine"
      onReload={async () => undefined}
      onClose={onClose}
    >
      {parameters.length === 0 && <p>The template has no parameters.</p>}
      {parameters.map((parameter) => (
        <FormTextField
          key={parameter.name}
          form={form}
          name={parameter.name}
          label={parameter.displayName ?? parameter.name}
          isRequired={isAsked(parameter)}
          {...(parameter.generate !== undefined && { placeholder: 'Generated' })}
          help={helpOf(parameter)}
        />
      ))}
      <Preview template={template} values={values} />
    </FormShell>
  )
}

/** The VM as far as it is known before the cluster fills it in: what it generates stays a parameter. */
function Preview({ template, values }: { template: VirtualMachineTemplate; values: Values }) {
  const [isExpanded, setExpanded] = useState(false)
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  return (
    <ExpandableSection
      toggleText={isExpanded ? 'Hide the VM' : 'Show the VM'}
      isExpanded={isExpanded}
      onToggle={(_event, next) => setExpanded(next)}
      isIndented
    >
      {isExpanded && (
        <CodeBlock>
          <CodeBlockCode>
            {stringify(fillParameters(template.spec?.virtualMachine ?? {}, known))}
          </CodeBlockCode>
        </CodeBlock>
      )}
    </ExpandableSection>
  )
}

function helpOf({ name, displayName, description, generate, from }: TemplateParameter): string {
  return [
    description,
    displayName !== undefined && `(${name})`,
    generate !== undefined && from !== undefined && `Empty: made by ${from}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** Fills in first, then creates: so refusals are admission's own, which `create` would wrap. */
function createVmStep(
  client: KubeClient,
  ref: { namespace: string; name: string },
  parameters: Record<string, string>,
  onCreated: (name: string) => void,
): FormStep {
  const body = { parameters }
  const path = templateProcessPath(ref)
  return {
    title: `Fill in template ${ref.name} and create its VirtualMachine`,
    body,
    command: `echo ${shellQuote(JSON.stringify(body))} | kubectl create --raw ${shellQuote(path.replace(/process$/, 'create'))} --filename -`,
    rules: [],
    async send({ dryRun, signal }) {
      const { virtualMachine } = await processTemplate(client, ref, parameters, signal)
      const vm = await client.create(virtualMachineKind, ref.namespace, virtualMachine, {
        dryRun,
        ...(signal && { signal }),
      })
      if (dryRun) return
      putInLiveCache(client, virtualMachineKind, vm)
      onCreated(vm.metadata.name)
    },
  }
}
