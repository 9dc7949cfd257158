/**
 * What the OpenShift Console shows of us: the components that `plugin-manifest.json` names. Each is
 * a page in what all pages share; the page itself is loaded when it is first shown.
 */
import './ui/console.css'
import { DocumentTitle } from '@openshift-console/dynamic-plugin-sdk'
import { lazy, Suspense, useEffect, useMemo, useState, type ComponentType } from 'react'
import { useLocation, useParams } from 'react-router'

import { useActing } from './app/acting-user.ts'
import { ConsoleProviders } from './app/ConsoleProviders.tsx'
import { HostContexts } from './app/open-host.tsx'
import { PageErrorBoundary } from './app/PageErrorBoundary.tsx'
import {
  bootableVolumeDetailsPage,
  bootableVolumeListPage,
  clusterInstancetypePages,
  clusterPage,
  clusterPreferencePages,
  instancetypePages,
  preferencePages,
  consoleWallPage,
  consoleWindow,
  createVmPage,
  dataVolumeDetailsPage,
  dataVolumeListPage,
  poolDetailsPage,
  poolListPage,
  sideBySidePage,
  templateDetailsPage,
  templateListPage,
  vmDetailsPage,
  vmiDetailsPage,
  vmiListPage,
  vmListPage,
  vmSnapshotDetailsPage,
  vmSnapshotListPage,
  workloadsPage,
  type Page,
} from './app/pages.tsx'
import { followConsoleLanguage } from './host/openshift.ts'
import { useHostTabs } from './openshift/host-tabs.ts'
import { setFoot, wake } from './openshift/presence.ts'
import { SetDocumentTitle } from './ui/document-title.ts'
import { ForeignTabs } from './ui/foreign-tabs.ts'
import { useLanguage } from './ui/language.ts'
import { GivenPageParams } from './ui/page-params.ts'
import { LoadingPage } from './ui/PageStates.tsx'

followConsoleLanguage()

/** What the console gives to the components of `console.page/resource/*`; other pages get nothing. */
interface ResourcePageProps {
  namespace?: string
  name?: string
}

function hostedPage(load: () => Promise<Page>): ComponentType<ResourcePageProps> {
  const LazyPage = lazy(async () => {
    const page = await load()
    return { default: 'Component' in page ? page.Component : () => page.element }
  })

  // Only a window of its own has nothing of us above it: `openshift/everywhere.tsx`.
  const isAlone = load === consoleWindow
  const Contexts = isAlone ? ConsoleProviders : HostContexts

  return function HostedPage({ namespace, name }) {
    useEffect(() => {
      if (!isAlone) wake()
    }, [])
    const tabs = useHostTabs()
    const opened = useActing()
    const language = useLanguage()
    const [title, setTitle] = useState<string>()
    const { pathname } = useLocation()
    const route = useParams()
    const params = useMemo(
      () => ({
        namespace: namespace ?? route['namespace'],
        name: name ?? route['name'],
        // The console leaves what follows an object's name to its page.
        tab: route['tab'] ?? (route['*'] || undefined),
      }),
      [namespace, name, route],
    )
    return (
      // Our words are English, whatever the language of the console around them.
      <div className="kc-plugin" lang="en" key={`${opened.userKey} ${language}`}>
        {title !== undefined && <DocumentTitle>{title}</DocumentTitle>}
        <SetDocumentTitle.Provider value={setTitle}>
          <GivenPageParams.Provider value={params}>
            <ForeignTabs.Provider value={tabs}>
              <Contexts opened={opened}>
                <PageErrorBoundary page={pathname}>
                  <Suspense fallback={<LoadingPage />}>
                    <LazyPage />
                  </Suspense>
                </PageErrorBoundary>
              </Contexts>
            </ForeignTabs.Provider>
          </GivenPageParams.Provider>
        </SetDocumentTitle.Provider>
        {!isAlone && <div className="kc-foot" ref={setFoot} />}
      </div>
    )
  }
}

export const VmListPage = hostedPage(vmListPage)
export const CreateVmPage = hostedPage(createVmPage)
export const VmDetailsPage = hostedPage(vmDetailsPage)
export const VmiListPage = hostedPage(vmiListPage)
export const VmiDetailsPage = hostedPage(vmiDetailsPage)
export const DataVolumeListPage = hostedPage(dataVolumeListPage)
export const DataVolumeDetailsPage = hostedPage(dataVolumeDetailsPage)
export const BootableVolumeListPage = hostedPage(bootableVolumeListPage)
export const BootableVolumeDetailsPage = hostedPage(bootableVolumeDetailsPage)
export const ClusterInstancetypeListPage = hostedPage(clusterInstancetypePages.list)
export const ClusterInstancetypeDetailsPage = hostedPage(clusterInstancetypePages.details)
export const InstancetypeListPage = hostedPage(instancetypePages.list)
export const InstancetypeDetailsPage = hostedPage(instancetypePages.details)
export const ClusterPreferenceListPage = hostedPage(clusterPreferencePages.list)
export const ClusterPreferenceDetailsPage = hostedPage(clusterPreferencePages.details)
export const PreferenceListPage = hostedPage(preferencePages.list)
export const PreferenceDetailsPage = hostedPage(preferencePages.details)
export const TemplateListPage = hostedPage(templateListPage)
export const TemplateDetailsPage = hostedPage(templateDetailsPage)
export const PoolListPage = hostedPage(poolListPage)
export const VmSnapshotListPage = hostedPage(vmSnapshotListPage)
export const VmSnapshotDetailsPage = hostedPage(vmSnapshotDetailsPage)
export const PoolDetailsPage = hostedPage(poolDetailsPage)
export const ClusterPage = hostedPage(clusterPage)
export const WorkloadsPage = hostedPage(workloadsPage)
export const ConsoleWallPage = hostedPage(consoleWallPage)
export const SideBySidePage = hostedPage(sideBySidePage)
export const ConsoleWindow = hostedPage(consoleWindow)
