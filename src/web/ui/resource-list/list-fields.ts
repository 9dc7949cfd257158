/** Fields that many lists can be filtered by. */
import type { FilterField } from '../list-filters/row-filter.ts'
import type { NamedRow } from './list-columns.tsx'

export function statusField<R extends NamedRow>(example: string): FilterField<R> {
  return {
    key: 'status',
    title: 'Status',
    text: ({ status }) => status.label,
    isFacet: true,
    example,
  }
}

/** None where there is one namespace only. */
export function namespaceFields<R extends NamedRow>(isAllNamespaces: boolean): FilterField<R>[] {
  if (!isAllNamespaces) return []
  return [
    {
      key: 'namespace',
      title: 'Namespace',
      text: ({ namespace = '' }) => namespace,
      isFacet: true,
      example: 'demo',
    },
  ]
}
