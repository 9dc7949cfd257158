import type { UseFormReturn } from 'react-hook-form'

import { configMapKind, secretKind, serviceAccountKind } from '../../../kube/kinds.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormSearchField } from '../form-fields/FormSearchField.tsx'
import type { DiskValues } from './disk-form.ts'

const kinds = {
  configMap: { kind: configMapKind, what: 'Its keys are files on a small disk.' },
  secret: {
    kind: secretKind,
    what: 'Its keys are files on a small disk; the guest can read them.',
  },
  serviceAccount: {
    kind: serviceAccountKind,
    what: 'Its token is a file on a small disk; one for each VM.',
  },
} as const

/** What is shown to the guest as a small disk of files. */
export function NamedObjectField({
  form,
  kind,
  namespace,
}: {
  form: UseFormReturn<DiskValues>
  kind: keyof typeof kinds
  namespace: string
}) {
  const { kind: resource, what } = kinds[kind]
  const list = useListOnce(resource, { namespace })
  return (
    <FormSearchField
      form={form}
      name="objectName"
      label={resource.kind}
      isRequired
      isLoading={list.isLoading}
      choices={list.items.map(({ metadata }) => ({ value: metadata.name, description: '' }))}
      placeholder="Type to find one"
      emptyText={
        list.error ? `They can’t be listed: ${list.error.message}` : `No ${resource.kind} here.`
      }
      help={what}
    />
  )
}
