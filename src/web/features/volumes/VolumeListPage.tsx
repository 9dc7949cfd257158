import { useMemo } from 'react'

import {
  persistentVolumeClaimKind,
  persistentVolumeKind,
  storageClassKind,
  type PersistentVolume,
} from '../../../kube/kinds.ts'
import { formatQuantity, parseQuantity } from '../../../kube/quantity.ts'
import { shortAccessModes } from '../../../kube/storage-classes.ts'
import { useLiveList } from '../../data/live-list.ts'
import { naturalKey } from '../../ui/arrange-rows.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import {
  ageColumn,
  nameColumn,
  statusColumn,
  textColumn,
  type NamedRow,
} from '../../ui/resource-list/list-columns.tsx'
import { statusField } from '../../ui/resource-list/list-fields.ts'
import { cachedRows } from '../../ui/resource-list/NamespacedListPage.tsx'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
import { ShortText } from '../../ui/ShortText.tsx'
import { ForbiddenClusterScope } from './ForbiddenClusterScope.tsx'
import { volumeStatus } from './volume-status.ts'

interface VolumeRow extends NamedRow {
  claim: { namespace: string; name: string } | undefined
  capacity: string | undefined
  storageClass: string
  mode: string
  reclaim: string
  labels: Labels | undefined
}

function toRow(volume: PersistentVolume): VolumeRow {
  const { metadata, spec } = volume
  const { namespace = '', name } = spec?.claimRef ?? {}
  return {
    key: metadata.name,
    name: metadata.name,
    status: volumeStatus(volume),
    claim: name === undefined ? undefined : { namespace, name },
    capacity: spec?.capacity?.['storage'],
    storageClass: spec?.storageClassName ?? '',
    mode: `${shortAccessModes(spec?.accessModes)} ${String(spec?.volumeMode ?? 'Filesystem')}`,
    reclaim: String(spec?.persistentVolumeReclaimPolicy ?? ''),
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
}

const fields: FilterFields<VolumeRow> = {
  name: ({ name }) => name,
  fields: [
    statusField('released'),
    {
      key: 'class',
      title: 'Storage class',
      text: ({ storageClass }) => storageClass,
      isFacet: true,
      example: 'standard',
    },
    {
      key: 'reclaim',
      title: 'Reclaim policy',
      text: ({ reclaim }) => reclaim,
      isFacet: true,
      example: 'retain',
    },
    {
      key: 'namespace',
      title: 'Claim’s namespace',
      text: ({ claim }) => claim?.namespace ?? '',
      isFacet: true,
      example: 'demo',
    },
    { key: 'claim', title: 'Claim', text: ({ claim }) => claim?.name ?? '', example: 'scratch' },
  ],
  labels: (row) => row.labels,
}

const columns: FittingColumn<VolumeRow>[] = [
  nameColumn(persistentVolumeKind),
  statusColumn(),
  {
    id: 'claim',
    title: 'Claim',
    minPx: 130,
    growth: 3,
    sortValue: ({ claim }) => claim && `${claim.namespace}/${claim.name}`,
    render: ({ claim }) =>
      claim ? (
        <ObjectLink
          kind={persistentVolumeClaimKind}
          namespace={claim.namespace}
          name={claim.name}
          label={`${claim.namespace}/${claim.name}`}
        />
      ) : (
        '–'
      ),
  },
  {
    id: 'capacity',
    title: 'Capacity',
    minPx: 84,
    sortValue: ({ capacity }) => parseQuantity(capacity),
    render: ({ capacity }) => formatQuantity(capacity),
  },
  {
    id: 'class',
    title: 'Class',
    minPx: 96,
    growth: 1,
    sortValue: ({ storageClass }) => naturalKey(storageClass),
    render: ({ storageClass }) =>
      storageClass === '' ? (
        '–'
      ) : (
        <ShortText text={storageClass}>
          <ObjectLink kind={storageClassKind} name={storageClass} />
        </ShortText>
      ),
  },
  textColumn('mode', 'Mode', ({ mode }) => mode, { minPx: 104, leftOut: 2 }),
  textColumn('reclaim', 'Reclaim policy', ({ reclaim }) => reclaim, { minPx: 120, leftOut: 3 }),
  ageColumn(),
]

const cachedRow = cachedRows(toRow)

/** The PersistentVolumes of the cluster. */
export function VolumeListPage() {
  const list = useLiveList(persistentVolumeKind)
  const found = useMemo(() => list.items.map(cachedRow), [list.items])
  return (
    <ResourceListPage
      kind={persistentVolumeKind}
      title="PersistentVolumes"
      plural="volumes"
      rows={found}
      state={list}
      fields={fields}
      columns={columns}
      about="A PersistentVolume is a piece of storage that a claim is bound to. Most are made by a storage class."
      denied={<ForbiddenClusterScope />}
    />
  )
}
