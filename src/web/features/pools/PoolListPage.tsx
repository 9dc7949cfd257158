import { Link } from 'react-router'

import {
  virtualMachineKind,
  virtualMachinePoolKind,
  type VirtualMachinePool,
} from '../../../kube/kinds.ts'
import { poolCounts, poolStatus, type PoolCounts } from '../../../kube/vm-pool.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { CreateVmLink } from '../../ui/machine-list/CreateVmLink.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { listPath } from '../../ui/page-paths.ts'
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
import { PoolActions } from './PoolActions.tsx'

interface PoolRow extends NamedRow {
  namespace: string
  pool: VirtualMachinePool
  counts: PoolCounts
  instancetype: string
  labels: Labels | undefined
}

const useRows = rowsOf((pool: VirtualMachinePool): PoolRow => {
  const { metadata, spec } = pool
  return {
    key: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    pool,
    status: poolStatus(pool),
    counts: poolCounts(pool),
    instancetype: spec.virtualMachineTemplate.spec?.instancetype?.name ?? '',
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
})

function fieldsOf(isAllNamespaces: boolean): FilterFields<PoolRow> {
  return {
    name: ({ name }) => name,
    fields: [
      statusField('ready'),
      ...namespaceFields<PoolRow>(isAllNamespaces),
      {
        key: 'size',
        title: 'Instance type',
        text: ({ instancetype }) => instancetype,
        isFacet: true,
        example: 'u1.medium',
      },
    ],
    labels: (row) => row.labels,
  }
}

function columnsOf(isAllNamespaces: boolean): FittingColumn<PoolRow>[] {
  return [
    nameColumn(virtualMachinePoolKind),
    namespaceColumn(isAllNamespaces),
    statusColumn(),
    {
      id: 'vms',
      title: 'VMs',
      minPx: 76,
      sortValue: ({ counts }) => counts.present,
      render: ({ counts: { present, wanted } }) =>
        present === wanted ? present : `${present} of ${wanted}`,
    },
    {
      id: 'ready',
      title: 'Ready',
      minPx: 68,
      leftOut: 2,
      sortValue: ({ counts }) => counts.ready,
      render: ({ counts }) => counts.ready,
    },
    textColumn('instancetype', 'Instance type', ({ instancetype }) => instancetype, {
      minPx: 110,
      growth: 1,
      leftOut: 3,
    }),
    { ...ageColumn(), leftOut: 1 },
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ pool }) => <PoolActions pool={pool} isKebab />,
    },
  ]
}

/** The VirtualMachinePools of a namespace, or of all. */
export function PoolListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={virtualMachinePoolKind}
      useRows={useRows}
      fieldsOf={fieldsOf}
      columnsOf={columnsOf}
      title="VirtualMachinePools"
      plural="pools"
      actions={<CreateVmLink namespace={namespace} />}
      about="A pool keeps as many VMs as it is asked for, all made from one template. Create VirtualMachine makes one too: ask for several VMs there, as a pool."
      unknown={{
        title: 'No pools in this cluster',
        body: (
          <>
            The cluster knows no VirtualMachinePools (pool.kubevirt.io).{' '}
            <Link to={listPath(virtualMachineKind, namespace)}>VirtualMachines</Link> can be made
            several at a time without.
          </>
        ),
      }}
    />
  )
}
