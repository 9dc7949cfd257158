/**
 * The pages, each loaded when it is first shown. Which URL leads to one is the host's matter:
 * `routes.tsx` stand-alone, `plugin-manifest.json` in the OpenShift Console.
 */
import type { ComponentType, ReactElement } from 'react'

import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  instancetypeKind,
  preferenceKind,
  type Instancetype,
  type Preference,
  type ResourceKind,
} from '../../kube/kinds.ts'

/** A page as a route takes it: without properties, or already made with them. */
export type Page = { Component: ComponentType } | { element: ReactElement }

export async function vmListPage() {
  return { Component: (await import('../features/vms/VmListPage.tsx')).VmListPage }
}

export async function createVmPage() {
  return { Component: (await import('../features/create-vm/CreateVmPage.tsx')).CreateVmPage }
}

export async function vmiListPage() {
  return { Component: (await import('../features/vmis/VmiListPage.tsx')).VmiListPage }
}

export async function vmDetailsPage() {
  const [{ VmDetailsPage }, { vmTabs }] = await Promise.all([
    import('../features/vms/VmDetailsPage.tsx'),
    import('./machine-tabs.tsx'),
  ])
  return { element: <VmDetailsPage tabs={vmTabs} /> }
}

export async function vmiDetailsPage() {
  const [{ VmiDetailsPage }, { vmiTabs }] = await Promise.all([
    import('../features/vmis/VmiDetailsPage.tsx'),
    import('./machine-tabs.tsx'),
  ])
  return { element: <VmiDetailsPage tabs={vmiTabs} /> }
}

export async function podDetailsPage() {
  const [{ PodDetailsPage }, { podTabs }] = await Promise.all([
    import('../features/pods/PodDetailsPage.tsx'),
    import('./pod-tabs.tsx'),
  ])
  return { element: <PodDetailsPage tabs={podTabs} /> }
}

export async function claimListPage() {
  return { Component: (await import('../features/claims/ClaimListPage.tsx')).ClaimListPage }
}

export async function claimDetailsPage() {
  const [{ ClaimDetailsPage }, { claimTabs }] = await Promise.all([
    import('../features/claims/ClaimDetailsPage.tsx'),
    import('./storage-tabs.tsx'),
  ])
  return { element: <ClaimDetailsPage tabs={claimTabs} /> }
}

export async function snapshotListPage() {
  return { Component: (await import('../features/claims/SnapshotListPage.tsx')).SnapshotListPage }
}

export async function snapshotDetailsPage() {
  const [{ SnapshotDetailsPage }, { snapshotTabs }] = await Promise.all([
    import('../features/claims/SnapshotDetailsPage.tsx'),
    import('./storage-tabs.tsx'),
  ])
  return { element: <SnapshotDetailsPage tabs={snapshotTabs} /> }
}

export async function vmSnapshotListPage() {
  const { VmSnapshotListPage } = await import('../features/vm-snapshots/VmSnapshotListPage.tsx')
  return { Component: VmSnapshotListPage }
}

export async function vmSnapshotDetailsPage() {
  const [{ VmSnapshotDetailsPage }, { vmSnapshotTabs }] = await Promise.all([
    import('../features/vm-snapshots/VmSnapshotDetailsPage.tsx'),
    import('./storage-tabs.tsx'),
  ])
  return { element: <VmSnapshotDetailsPage tabs={vmSnapshotTabs} /> }
}

export async function dataVolumeListPage() {
  const { DataVolumeListPage } = await import('../features/data-volumes/DataVolumeListPage.tsx')
  return { Component: DataVolumeListPage }
}

export async function dataVolumeDetailsPage() {
  const [{ DataVolumeDetailsPage }, { dataVolumeTabs }] = await Promise.all([
    import('../features/data-volumes/DataVolumeDetailsPage.tsx'),
    import('./storage-tabs.tsx'),
  ])
  return { element: <DataVolumeDetailsPage tabs={dataVolumeTabs} /> }
}

export async function volumeListPage() {
  return { Component: (await import('../features/volumes/VolumeListPage.tsx')).VolumeListPage }
}

export async function volumeDetailsPage() {
  const [{ VolumeDetailsPage }, { volumeTabs }] = await Promise.all([
    import('../features/volumes/VolumeDetailsPage.tsx'),
    import('./storage-tabs.tsx'),
  ])
  return { element: <VolumeDetailsPage tabs={volumeTabs} /> }
}

export async function storageClassListPage() {
  const { StorageClassListPage } = await import('../features/volumes/StorageClassListPage.tsx')
  return { Component: StorageClassListPage }
}

export async function storageClassDetailsPage() {
  const [{ StorageClassDetailsPage }, { storageClassTabs }] = await Promise.all([
    import('../features/volumes/StorageClassDetailsPage.tsx'),
    import('./storage-tabs.tsx'),
  ])
  return { element: <StorageClassDetailsPage tabs={storageClassTabs} /> }
}

export async function bootableVolumeListPage() {
  const { BootableVolumeListPage } =
    await import('../features/bootable-volumes/BootableVolumeListPage.tsx')
  return { Component: BootableVolumeListPage }
}

export async function bootableVolumeDetailsPage() {
  const [{ BootableVolumeDetailsPage }, { bootableVolumeTabs }] = await Promise.all([
    import('../features/bootable-volumes/BootableVolumeDetailsPage.tsx'),
    import('./catalog-tabs.tsx'),
  ])
  return { element: <BootableVolumeDetailsPage tabs={bootableVolumeTabs} /> }
}

/** A list and a page for each of four kinds that are alike. */
function profilePages(kind: ResourceKind<Instancetype | Preference>) {
  return {
    list: async () => {
      const { ProfileListPage } = await import('../features/instancetypes/ProfileListPage.tsx')
      return { element: <ProfileListPage key={kind.kind} kind={kind} /> }
    },
    details: async () => {
      const [{ ProfileDetailsPage }, { profileTabs }] = await Promise.all([
        import('../features/instancetypes/ProfileDetailsPage.tsx'),
        import('./catalog-tabs.tsx'),
      ])
      return {
        element: <ProfileDetailsPage key={kind.kind} kind={kind} tabs={profileTabs(kind)} />,
      }
    },
  }
}

export const clusterInstancetypePages = profilePages(clusterInstancetypeKind)
export const instancetypePages = profilePages(instancetypeKind)
export const clusterPreferencePages = profilePages(clusterPreferenceKind)
export const preferencePages = profilePages(preferenceKind)

export async function templateListPage() {
  return {
    Component: (await import('../features/templates/TemplateListPage.tsx')).TemplateListPage,
  }
}

export async function templateDetailsPage() {
  const [{ TemplateDetailsPage }, { templateTabs }] = await Promise.all([
    import('../features/templates/TemplateDetailsPage.tsx'),
    import('./catalog-tabs.tsx'),
  ])
  return { element: <TemplateDetailsPage tabs={templateTabs} /> }
}

export async function poolListPage() {
  return { Component: (await import('../features/pools/PoolListPage.tsx')).PoolListPage }
}

export async function poolDetailsPage() {
  const [{ PoolDetailsPage }, { poolTabs }] = await Promise.all([
    import('../features/pools/PoolDetailsPage.tsx'),
    import('./catalog-tabs.tsx'),
  ])
  return { element: <PoolDetailsPage tabs={poolTabs} /> }
}

export async function networkListPage() {
  return { Component: (await import('../features/networks/NetworkListPage.tsx')).NetworkListPage }
}

export async function networkDetailsPage() {
  const [{ NetworkDetailsPage }, { networkTabs }] = await Promise.all([
    import('../features/networks/NetworkDetailsPage.tsx'),
    import('./network-tabs.tsx'),
  ])
  return { element: <NetworkDetailsPage tabs={networkTabs} /> }
}

export async function clusterPage() {
  return { Component: (await import('../features/cluster/ClusterPage.tsx')).ClusterPage }
}

export async function workloadsPage() {
  return { Component: (await import('../features/cluster/WorkloadsPage.tsx')).WorkloadsPage }
}

export async function consoleWallPage() {
  const { ConsoleWallPage } = await import('../features/consoles/wall/ConsoleWallPage.tsx')
  return { Component: ConsoleWallPage }
}

export async function sideBySidePage() {
  const { SideBySidePage } = await import('../features/consoles/many/SideBySidePage.tsx')
  return { Component: SideBySidePage }
}

export async function consoleWindow() {
  return { Component: (await import('./ConsoleWindow.tsx')).ConsoleWindow }
}
