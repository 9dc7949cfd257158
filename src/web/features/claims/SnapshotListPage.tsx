import {
  persistentVolumeClaimKind,
  volumeSnapshotKind,
  type VolumeSnapshot,
} from '../../../kube/kinds.ts'
import { formatQuantity, parseQuantity } from '../../../kube/quantity.ts'
import { volumeSnapshotStatus } from '../../../kube/volume-snapshot-status.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  statusColumn,
  textColumn,
  type NamedRow,
} from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { NamespacedListPage, rowsOf } from '../../ui/resource-list/NamespacedListPage.tsx'
import { noSnapshotApi } from './claim-actions.ts'
import { SnapshotActions } from './SnapshotActions.tsx'

interface SnapshotRow extends NamedRow {
  namespace: string
  snapshot: VolumeSnapshot
  claim: string
  size: string | undefined
  snapshotClass: string
  labels: Labels | undefined
}

function toRow(snapshot: VolumeSnapshot): SnapshotRow {
  const { metadata, spec, status } = snapshot
  return {
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    snapshot,
    status: volumeSnapshotStatus(snapshot),
    claim: spec.source.persistentVolumeClaimName ?? '',
    size: status?.restoreSize,
    snapshotClass: spec.volumeSnapshotClassName ?? '',
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
}

function fieldsOf(isAllNamespaces: boolean): FilterFields<SnapshotRow> {
  return {
    name: ({ name }) => name,
    fields: [
      statusField('ready'),
      ...namespaceFields<SnapshotRow>(isAllNamespaces),
      { key: 'claim', title: 'Claim', text: ({ claim }) => claim, example: 'scratch' },
      {
        key: 'class',
        title: 'Class',
        text: ({ snapshotClass }) => snapshotClass,
        isFacet: true,
        example: 'snapshots',
      },
    ],
    labels: (row) => row.labels,
  }
}

function columnsOf(isAllNamespaces: boolean): FittingColumn<SnapshotRow>[] {
  return [
    nameColumn(volumeSnapshotKind),
    namespaceColumn(isAllNamespaces),
    statusColumn(),
    {
      id: 'claim',
      title: 'Claim',
      minPx: 120,
      growth: 2,
      sortValue: ({ claim }) => claim || undefined,
      render: ({ namespace, claim }) =>
        claim === '' ? (
          '–'
        ) : (
          <ObjectLink kind={persistentVolumeClaimKind} namespace={namespace} name={claim} />
        ),
    },
    {
      id: 'size',
      title: 'Size',
      minPx: 72,
      sortValue: ({ size }) => parseQuantity(size),
      render: ({ size }) => formatQuantity(size),
    },
    textColumn('class', 'Class', ({ snapshotClass }) => snapshotClass, {
      minPx: 100,
      growth: 1,
      leftOut: 2,
    }),
    ageColumn(),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ snapshot }) => <SnapshotActions snapshot={snapshot} isKebab />,
    },
  ]
}

const useRows = rowsOf(toRow)

/** The snapshots of claims in a namespace, or in all. */
export function SnapshotListPage() {
  return (
    <NamespacedListPage
      kind={volumeSnapshotKind}
      useRows={useRows}
      fieldsOf={fieldsOf}
      columnsOf={columnsOf}
      title="VolumeSnapshots"
      plural="snapshots"
      about="A VolumeSnapshot keeps what a claim holds at one moment. It is taken on the claim’s page."
      unknown={{ title: 'No snapshots in this cluster', body: noSnapshotApi }}
    />
  )
}
