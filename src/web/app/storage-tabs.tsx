/** The tabs of the pages of claims, snapshots, volumes, storage classes and DataVolumes. */
import { lazy } from 'react'

import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  persistentVolumeKind,
  storageClassKind,
  virtualMachineSnapshotKind,
  volumeSnapshotKind,
} from '../../kube/kinds.ts'
import type { ClaimSubject } from '../features/claims/ClaimDetailsPage.tsx'
import {
  SnapshotOverviewTab,
  type SnapshotSubject,
} from '../features/claims/SnapshotDetailsPage.tsx'
import type { DataVolumeSubject } from '../features/data-volumes/DataVolumeDetailsPage.tsx'
import {
  VmSnapshotOverviewTab,
  type VmSnapshotSubject,
} from '../features/vm-snapshots/VmSnapshotDetailsPage.tsx'
import {
  StorageClassOverviewTab,
  type StorageClassSubject,
} from '../features/volumes/StorageClassDetailsPage.tsx'
import { VolumeOverviewTab, type VolumeSubject } from '../features/volumes/VolumeDetailsPage.tsx'
import type { DetailsTab } from '../ui/DetailsShell.tsx'
import { commonTabs } from './common-tabs.tsx'

const ClaimOverviewTab = lazy(async () => ({
  default: (await import('../features/claims/ClaimOverviewTab.tsx')).ClaimOverviewTab,
}))
const ClaimSnapshotsTab = lazy(async () => ({
  default: (await import('../features/claims/ClaimSnapshotsTab.tsx')).ClaimSnapshotsTab,
}))
const DataVolumeOverviewTab = lazy(async () => ({
  default: (await import('../features/data-volumes/DataVolumeOverviewTab.tsx'))
    .DataVolumeOverviewTab,
}))
export const claimTabs: readonly DetailsTab<ClaimSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <ClaimOverviewTab {...subject} /> },
  { id: 'snapshots', title: 'Snapshots', render: (subject) => <ClaimSnapshotsTab {...subject} /> },
  ...commonTabs(persistentVolumeClaimKind, ({ claim }: ClaimSubject) => claim),
]

export const snapshotTabs: readonly DetailsTab<SnapshotSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <SnapshotOverviewTab {...subject} /> },
  ...commonTabs(volumeSnapshotKind, ({ snapshot }: SnapshotSubject) => snapshot),
]

export const vmSnapshotTabs: readonly DetailsTab<VmSnapshotSubject>[] = [
  {
    id: 'overview',
    title: 'Overview',
    render: (subject) => <VmSnapshotOverviewTab {...subject} />,
  },
  ...commonTabs(virtualMachineSnapshotKind, ({ snapshot }: VmSnapshotSubject) => snapshot),
]

export const volumeTabs: readonly DetailsTab<VolumeSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <VolumeOverviewTab {...subject} /> },
  ...commonTabs(persistentVolumeKind, ({ volume }: VolumeSubject) => volume),
]

export const storageClassTabs: readonly DetailsTab<StorageClassSubject>[] = [
  {
    id: 'overview',
    title: 'Overview',
    render: (subject) => <StorageClassOverviewTab {...subject} />,
  },
  ...commonTabs(storageClassKind, ({ storageClass }: StorageClassSubject) => storageClass),
]

export const dataVolumeTabs: readonly DetailsTab<DataVolumeSubject>[] = [
  {
    id: 'overview',
    title: 'Overview',
    render: (subject) => <DataVolumeOverviewTab {...subject} />,
  },
  ...commonTabs(dataVolumeKind, ({ dataVolume }: DataVolumeSubject) => dataVolume),
]
