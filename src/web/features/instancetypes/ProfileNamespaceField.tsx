import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'

import { namespaceKind, type ResourceKind } from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { profileOf } from './profile-kinds.ts'

/** Where a copy goes: into a namespace, or to the cluster's own. */
export function ProfileNamespaceField<V extends FieldValues & { namespace: string }>({
  kind,
  form,
}: {
  kind: ResourceKind
  form: UseFormReturn<V>
}) {
  const { cluster } = profileOf(kind)
  const denial = useDenial({ verb: 'create', group: cluster.group, resource: cluster.plural })
  const { items } = useListOnce(namespaceKind)
  return (
    <FormTextField
      form={form}
      name={'namespace' as Path<V>}
      label="Namespace"
      placeholder="The whole cluster"
      help="Only VMs of that namespace can name it; with none, all can."
      {...(denial !== undefined && { warning: `One is needed: ${denial}` })}
      suggestions={items.map(({ metadata }) => metadata.name).toSorted()}
    />
  )
}
