import { zodResolver } from '@hookform/resolvers/zod'
import { Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { serviceKind } from '../../../../kube/kinds.ts'
import { useKube } from '../../../data/host-context.tsx'
import { FormRadioField } from '../../../ui/form-fields/FormRadioField.tsx'
import { FormTextField } from '../../../ui/form-fields/FormTextField.tsx'
import { createStep } from '../../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../../ui/form-shell/FormShell.tsx'
import { showToast } from '../../../ui/toasts.tsx'
import {
  rdpServiceRules,
  rdpServiceSchema,
  serviceManifest,
  suggestedName,
  virtctlExpose,
  type RdpServiceValues,
} from './rdp-service-form.ts'

interface RdpServiceDialogProps {
  namespace: string
  name: string
  selector: Record<string, string>
  /** Names of Services that are there. */
  taken: readonly string[]
  onClose: () => void
}

const choices = [
  {
    value: 'LoadBalancer',
    label: 'LoadBalancer: an address of its own, where the cluster has them',
  },
  { value: 'NodePort', label: 'NodePort: a port on every node' },
  { value: 'ClusterIP', label: 'ClusterIP: inside the cluster only' },
]

/** Makes the RDP port of a VM reachable by a Service. */
export function RdpServiceDialog({
  namespace,
  name,
  selector,
  taken,
  onClose,
}: RdpServiceDialogProps) {
  const client = useKube()
  const form = useForm<RdpServiceValues>({
    resolver: zodResolver(rdpServiceSchema),
    defaultValues: { name: suggestedName(name, taken), type: 'LoadBalancer' },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const parsed = rdpServiceSchema.safeParse(values)
  const steps = parsed.success
    ? [
        {
          ...createStep(
            client,
            serviceKind,
            serviceManifest(parsed.data, namespace, selector),
            rdpServiceRules,
            ({ metadata }) =>
              showToast({ variant: 'success', title: `Service ${metadata.name} created` }),
          ),
          command: virtctlExpose(parsed.data, namespace, name),
        },
      ]
    : undefined

  return (
    <FormShell
      title={`Create a Service for RDP to ${name}`}
      description={
        <Content component="small">
          Whoever reaches its address can try to sign in to the guest by Remote Desktop. It leads to{' '}
          {name} wherever that runs, also after a restart.
        </Content>
      }
      form={form}
      steps={steps}
      effect={{
        when: 'now',
        sentence:
          values.type === 'LoadBalancer'
            ? 'The address of a load balancer may take a minute; in a cluster without any it never comes.'
            : 'The address shows among the ways to the guest.',
      }}
      submitLabel="Create Service"
      isCheckedAtOnce
      onReload={() => Promise.resolve()}
      onClose={onClose}
    >
      <FormTextField form={form} name="name" label="Name" isRequired />
      <FormRadioField form={form} name="type" label="Type" choices={choices} />
    </FormShell>
  )
}
