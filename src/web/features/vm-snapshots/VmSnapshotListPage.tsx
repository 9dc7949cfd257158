import { Link } from 'react-router'

import {
  virtualMachineKind,
  virtualMachineSnapshotKind,
  type VirtualMachineSnapshot,
} from '../../../kube/kinds.ts'
import { vmSnapshotStatus } from '../../../kube/vm-snapshot-status.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { usePageParams } from '../../ui/page-params.ts'
import { listPath } from '../../ui/page-paths.ts'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  statusColumn,
  type NamedRow,
} from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { NamespacedListPage, rowsOf } from '../../ui/resource-list/NamespacedListPage.tsx'
import { SourceLink } from './SourceLink.tsx'
import { VmSnapshotActions } from './VmSnapshotActions.tsx'

interface VmSnapshotRow extends NamedRow {
  namespace: string
  snapshot: VirtualMachineSnapshot
  vm: string
  volumes: number
  labels: Labels | undefined
}

const useRows = rowsOf((snapshot: VirtualMachineSnapshot): VmSnapshotRow => {
  const { metadata, spec, status } = snapshot
  return {
    key: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    snapshot,
    status: vmSnapshotStatus(snapshot),
    vm: spec.source.name,
    volumes: status?.snapshotVolumes?.includedVolumes?.length ?? 0,
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
})

function fieldsOf(isAllNamespaces: boolean): FilterFields<VmSnapshotRow> {
  return {
    name: ({ name }) => name,
    fields: [
      statusField('ready'),
      ...namespaceFields<VmSnapshotRow>(isAllNamespaces),
      { key: 'vm', title: 'VM', text: ({ vm }) => vm, isFacet: true, example: 'web-1' },
    ],
    labels: (row) => row.labels,
  }
}

function columnsOf(isAllNamespaces: boolean): FittingColumn<VmSnapshotRow>[] {
  return [
    nameColumn(virtualMachineSnapshotKind),
    namespaceColumn(isAllNamespaces),
    statusColumn(),
    {
      id: 'vm',
      title: 'VM',
      minPx: 120,
      growth: 2,
      sortValue: ({ vm }) => vm,
      render: ({ snapshot }) => <SourceLink snapshot={snapshot} />,
    },
    {
      id: 'volumes',
      title: 'Disks',
      minPx: 64,
      leftOut: 2,
      sortValue: ({ volumes }) => volumes,
      render: ({ snapshot, volumes }) => (snapshot.status?.readyToUse ? volumes : '–'),
    },
    ageColumn(),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ snapshot }) => <VmSnapshotActions snapshot={snapshot} isKebab />,
    },
  ]
}

/** The snapshots of VMs in a namespace, or in all. */
export function VmSnapshotListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={virtualMachineSnapshotKind}
      useRows={useRows}
      fieldsOf={fieldsOf}
      columnsOf={columnsOf}
      title="VirtualMachineSnapshots"
      plural="snapshots"
      about="A VirtualMachineSnapshot keeps a VM and what its disks hold at one moment. Other VMs can be made from it."
      unknown={{
        title: 'No snapshots of VMs in this cluster',
        body: (
          <>
            The cluster knows no VirtualMachineSnapshots (snapshot.kubevirt.io).{' '}
            <Link to={listPath(virtualMachineKind, namespace)}>VirtualMachines</Link> are there all
            the same.
          </>
        ),
      }}
    />
  )
}
