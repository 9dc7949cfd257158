/** Every page and its URL. The URLs are the OpenShift Console's, so that a link works in both. */
import { Navigate, type RouteObject } from 'react-router'

import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  dataSourceKind,
  instancetypeKind,
  preferenceKind,
  dataVolumeKind,
  networkAttachmentDefinitionKind,
  persistentVolumeClaimKind,
  persistentVolumeKind,
  podKind,
  storageClassKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  virtualMachinePoolKind,
  virtualMachineSnapshotKind,
  virtualMachineTemplateKind,
  volumeSnapshotKind,
  type ResourceKind,
} from '../../kube/kinds.ts'
import {
  clusterPath,
  consolesPath,
  consoleWallPath,
  createVmPath,
  listPath,
  resourceReference,
  workloadsPath,
} from '../ui/page-paths.ts'
import { Frame, rememberedNamespace } from './Frame.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import {
  bootableVolumeDetailsPage,
  bootableVolumeListPage,
  claimDetailsPage,
  claimListPage,
  clusterInstancetypePages,
  clusterPreferencePages,
  clusterPage,
  instancetypePages,
  preferencePages,
  consoleWallPage,
  consoleWindow,
  createVmPage,
  dataVolumeDetailsPage,
  dataVolumeListPage,
  networkDetailsPage,
  networkListPage,
  podDetailsPage,
  poolDetailsPage,
  poolListPage,
  sideBySidePage,
  snapshotDetailsPage,
  snapshotListPage,
  storageClassDetailsPage,
  storageClassListPage,
  templateDetailsPage,
  templateListPage,
  vmDetailsPage,
  vmiDetailsPage,
  vmiListPage,
  vmListPage,
  vmSnapshotDetailsPage,
  vmSnapshotListPage,
  volumeDetailsPage,
  volumeListPage,
  workloadsPage,
  type Page,
} from './pages.tsx'
import { RouteErrorPage } from './RouteErrorPage.tsx'

const vm = resourceReference(virtualMachineKind)
const vmi = resourceReference(virtualMachineInstanceKind)

function Home() {
  return <Navigate to={listPath(virtualMachineKind, rememberedNamespace())} replace />
}

/** The routes of a kind that has a list and a page for each object. */
function pagesOf(
  kind: ResourceKind,
  list: () => Promise<Page>,
  details: () => Promise<Page>,
): RouteObject[] {
  const reference = resourceReference(kind)
  const lists = kind.namespaced
    ? [`/k8s/all-namespaces/${reference}`, `/k8s/ns/:namespace/${reference}`]
    : [`/k8s/cluster/${reference}`]
  return [
    ...lists.map((path) => ({ path, lazy: list })),
    { path: `${lists.at(-1)}/:name/:tab?`, lazy: details },
  ]
}

export const routes: RouteObject[] = [
  {
    path: `/k8s/ns/:namespace/${vmi}/:name/console/standalone`,
    lazy: consoleWindow,
    ErrorBoundary: RouteErrorPage,
    HydrateFallback: () => null,
  },
  {
    element: <Frame />,
    ErrorBoundary: RouteErrorPage,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: RouteErrorPage,
        children: [
          { index: true, path: '/', element: <Home /> },
          { path: `/k8s/all-namespaces/${vm}`, lazy: vmListPage },
          { path: `/k8s/ns/:namespace/${vm}`, lazy: vmListPage },
          { path: createVmPath(), lazy: createVmPage },
          { path: `/k8s/ns/:namespace/${vm}/~new`, lazy: createVmPage },
          { path: `/k8s/all-namespaces/${vmi}`, lazy: vmiListPage },
          { path: `/k8s/ns/:namespace/${vmi}`, lazy: vmiListPage },
          { path: `/k8s/ns/:namespace/${vm}/:name/:tab?`, lazy: vmDetailsPage },
          { path: `/k8s/ns/:namespace/${vmi}/:name/:tab?`, lazy: vmiDetailsPage },
          {
            path: `/k8s/ns/:namespace/${resourceReference(podKind)}/:name/:tab?`,
            lazy: podDetailsPage,
          },
          ...pagesOf(persistentVolumeClaimKind, claimListPage, claimDetailsPage),
          ...pagesOf(volumeSnapshotKind, snapshotListPage, snapshotDetailsPage),
          ...pagesOf(virtualMachineSnapshotKind, vmSnapshotListPage, vmSnapshotDetailsPage),
          ...pagesOf(dataVolumeKind, dataVolumeListPage, dataVolumeDetailsPage),
          ...pagesOf(persistentVolumeKind, volumeListPage, volumeDetailsPage),
          ...pagesOf(storageClassKind, storageClassListPage, storageClassDetailsPage),
          ...pagesOf(dataSourceKind, bootableVolumeListPage, bootableVolumeDetailsPage),
          ...pagesOf(
            clusterInstancetypeKind,
            clusterInstancetypePages.list,
            clusterInstancetypePages.details,
          ),
          ...pagesOf(instancetypeKind, instancetypePages.list, instancetypePages.details),
          ...pagesOf(
            clusterPreferenceKind,
            clusterPreferencePages.list,
            clusterPreferencePages.details,
          ),
          ...pagesOf(preferenceKind, preferencePages.list, preferencePages.details),
          ...pagesOf(virtualMachinePoolKind, poolListPage, poolDetailsPage),
          ...pagesOf(virtualMachineTemplateKind, templateListPage, templateDetailsPage),
          ...pagesOf(networkAttachmentDefinitionKind, networkListPage, networkDetailsPage),
          { path: consoleWallPath(), lazy: consoleWallPage },
          { path: '/k8s/ns/:namespace/console-wall', lazy: consoleWallPage },
          { path: consolesPath, lazy: sideBySidePage },
          { path: clusterPath, lazy: clusterPage },
          { path: workloadsPath, lazy: workloadsPage },
          { path: '*', element: <NotFoundPage /> },
        ],
      },
    ],
  },
]
