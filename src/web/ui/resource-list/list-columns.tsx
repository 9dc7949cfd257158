/** Columns that many lists have. */
import type { ResourceKind } from '../../../kube/kinds.ts'
import { Age } from '../Age.tsx'
import { naturalKey } from '../arrange-rows.ts'
import type { FittingColumn } from '../fit-columns.ts'
import { ObjectLink } from '../ObjectLink.tsx'
import { ShortText } from '../ShortText.tsx'
import { StatusLabel } from '../StatusLabel.tsx'
import type { ListedObject } from './ResourceListPage.tsx'

export interface NamedRow extends ListedObject {
  /** Absent for cluster-scoped kinds. */
  namespace?: string
  created: string
}

/** The name, a link to the object's page. */
export function nameColumn<R extends NamedRow>(kind: ResourceKind): FittingColumn<R> {
  return {
    id: 'name',
    title: 'Name',
    minPx: 130,
    growth: 3,
    sortValue: ({ name }) => naturalKey(name),
    render: ({ namespace, name }) => (
      <span className="kc-name kc-two-lines" title={name}>
        <ObjectLink kind={kind} namespace={namespace} name={name} />
      </span>
    ),
  }
}

/** In a list of one namespace it says nothing new, and goes first. */
export function namespaceColumn<R extends NamedRow>(isAllNamespaces: boolean): FittingColumn<R> {
  return {
    id: 'namespace',
    title: 'Namespace',
    minPx: 98,
    growth: 1,
    ...(!isAllNamespaces && { leftOut: 1 as const }),
    sortValue: ({ namespace = '' }) => naturalKey(namespace),
    render: ({ namespace = '' }) => <ShortText text={namespace} />,
  }
}

export function statusColumn<R extends NamedRow>(): FittingColumn<R> {
  return {
    id: 'status',
    title: 'Status',
    minPx: 170,
    growth: 3,
    sortValue: ({ status }) => status.label,
    render: ({ status }) => <StatusLabel status={status} />,
  }
}

export function ageColumn<R extends NamedRow>(): FittingColumn<R> {
  return {
    id: 'age',
    title: 'Age',
    minPx: 56,
    // The youngest first when ascending, as ages go.
    sortValue: ({ created }) => -Date.parse(created),
    render: ({ created }) => <Age time={created} />,
  }
}

/** A text of one line. */
export function textColumn<R extends NamedRow>(
  id: string,
  title: string,
  text: (row: R) => string,
  size: Pick<FittingColumn<R>, 'minPx' | 'growth' | 'leftOut'>,
): FittingColumn<R> {
  return {
    id,
    title,
    ...size,
    sortValue: (row) => naturalKey(text(row)) || undefined,
    render: (row) => <ShortText text={text(row)} />,
  }
}
