import { useMemo } from 'react'

import {
  persistentVolumeClaimKind,
  volumeSnapshotKind,
  type VolumeSnapshot,
} from '../../../kube/kinds.ts'
import { formatQuantity, parseQuantity } from '../../../kube/quantity.ts'
import { volumeSnapshotStatus } from '../../../kube/volume-snapshot-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { MissingState } from '../../ui/PageStates.tsx'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  statusColumn,
  textColumn,
  type NamedRow,
} from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
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

const rows = new WeakMap<VolumeSnapshot, SnapshotRow>()

/** The same row for the same object, so that only changed ones are rendered. */
function toRow(snapshot: VolumeSnapshot): SnapshotRow {
  const known = rows.get(snapshot)
  if (known) return known
  const { metadata, spec, status } = snapshot
  const row = {
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
  rows.set(snapshot, row)
  return row
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

/** The snapshots of claims in a namespace, or in all. */
export function SnapshotListPage() {
  const { namespace } = usePageParams()
  const isAll = namespace === undefined
  const list = useLiveList(volumeSnapshotKind, { namespace })
  const found = useMemo(() => list.items.map(toRow), [list.items])
  const fields = useMemo(() => fieldsOf(isAll), [isAll])
  const columns = useMemo(() => columnsOf(isAll), [isAll])
  if (list.status === 'failed' && list.error?.isNotFound)
    return (
      <div className="kc-page-state">
        <MissingState title="No snapshots in this cluster">{noSnapshotApi}</MissingState>
      </div>
    )
  return (
    <ResourceListPage
      key={namespace}
      kind={volumeSnapshotKind}
      namespace={namespace}
      title="VolumeSnapshots"
      plural="snapshots"
      rows={found}
      state={list}
      fields={fields}
      columns={columns}
      about="A VolumeSnapshot keeps what a claim holds at one moment. It is taken on the claim’s page."
    />
  )
}
