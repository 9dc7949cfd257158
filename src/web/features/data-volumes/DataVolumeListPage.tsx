import {
  dataVolumeSource,
  dataVolumeStatus,
  progressPercent,
} from '../../../kube/data-volume-status.ts'
import { dataVolumeKind, type DataVolume } from '../../../kube/kinds.ts'
import { formatQuantity, parseQuantity } from '../../../kube/quantity.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { usePageParams } from '../../ui/page-params.ts'
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
import { UploadButton } from '../../ui/UploadButton.tsx'
import { DataVolumeActions } from './DataVolumeActions.tsx'

interface DataVolumeRow extends NamedRow {
  namespace: string
  dataVolume: DataVolume
  source: string
  from: string
  percent: number | undefined
  size: string | undefined
  owner: string
  labels: Labels | undefined
}

function toRow(dataVolume: DataVolume): DataVolumeRow {
  const { metadata, spec } = dataVolume
  const { kind, from } = dataVolumeSource(dataVolume)
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  const asked = (spec.storage ?? spec.pvc)?.resources as
    | { requests?: { storage?: string } }
    | undefined
  return {
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    dataVolume,
    status: dataVolumeStatus(dataVolume),
    source: kind,
    from,
    percent: progressPercent(dataVolume),
    size: asked?.requests?.storage,
    owner: owner ? `${owner.kind} ${owner.name}` : '',
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
}

function fieldsOf(isAllNamespaces: boolean): FilterFields<DataVolumeRow> {
  return {
    name: ({ name }) => name,
    fields: [
      statusField('importinprogress'),
      ...namespaceFields<DataVolumeRow>(isAllNamespaces),
      {
        key: 'source',
        title: 'Source',
        text: ({ source }) => source,
        isFacet: true,
        example: 'url',
      },
      { key: 'from', title: 'From', text: ({ from }) => from, example: 'images.example' },
      { key: 'owner', title: 'Owner', text: ({ owner }) => owner, example: 'db-1' },
    ],
    labels: (row) => row.labels,
  }
}

function columnsOf(isAllNamespaces: boolean): FittingColumn<DataVolumeRow>[] {
  return [
    nameColumn(dataVolumeKind),
    namespaceColumn(isAllNamespaces),
    { ...statusColumn(), minPx: 220, growth: 5 },
    {
      id: 'progress',
      title: 'Progress',
      minPx: 84,
      sortValue: ({ percent }) => percent,
      render: ({ percent }) => (percent === undefined ? '–' : `${percent.toFixed(0)} %`),
    },
    textColumn(
      'source',
      'Source',
      ({ source, from }) => (from === '' ? source : `${source}: ${from}`),
      { minPx: 120, growth: 4, leftOut: 3 },
    ),
    {
      id: 'size',
      title: 'Size',
      minPx: 72,
      leftOut: 3,
      sortValue: ({ size }) => parseQuantity(size),
      render: ({ size }) => formatQuantity(size),
    },
    textColumn('owner', 'Owner', ({ owner }) => owner.split(' ').at(-1) ?? '', {
      minPx: 80,
      growth: 1,
      leftOut: 2,
    }),
    ageColumn(),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ dataVolume }) => <DataVolumeActions dataVolume={dataVolume} isKebab />,
    },
  ]
}

const useRows = rowsOf(toRow)

/** The DataVolumes of a namespace, or of all. */
export function DataVolumeListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={dataVolumeKind}
      useRows={useRows}
      fieldsOf={fieldsOf}
      columnsOf={columnsOf}
      title="DataVolumes"
      plural="DataVolumes"
      actions={<UploadButton namespace={namespace} />}
      about="A DataVolume makes a claim and fills it: from a URL, a registry, an upload or a copy. It stays afterwards, and deleting it deletes the claim."
      unknown={{
        title: 'No DataVolumes in this cluster',
        body: 'The Containerized Data Importer (CDI) isn’t installed. VMs can use claims that are filled some other way, and container disks; importing, uploading and cloning images needs CDI.',
      }}
    />
  )
}
