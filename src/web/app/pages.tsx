/**
 * The pages, each loaded when it is first shown. Which URL leads to one is the host's matter:
 * `routes.tsx` stand-alone, `plugin-manifest.json` in the OpenShift Console.
 */
import type { ComponentType, ReactElement } from 'react'

/** A page as a route takes it: without properties, or already made with them. */
export type Page = { Component: ComponentType } | { element: ReactElement }

export async function vmListPage() {
  return { Component: (await import('../features/vms/VmListPage.tsx')).VmListPage }
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
