import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavGroup,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from '@patternfly/react-core'
import { Suspense } from 'react'
import { Link, Outlet, useLocation, useMatch } from 'react-router'

import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  dataSourceKind,
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
import { perCluster } from '../host/cluster-prefix.ts'
import { listTitle } from '../ui/list-titles.ts'
import {
  clusterPath,
  consolesPath,
  consoleWallPath,
  listPath,
  resourceReference,
  workloadsPath,
} from '../ui/page-paths.ts'
import { LoadingPage } from '../ui/PageStates.tsx'
import { storedChoice } from '../ui/stored-choice.ts'
import { ClusterName, ThemeMenu } from './MastheadMenus.tsx'
import { allNamespaces, NamespacePicker } from './NamespacePicker.tsx'
import { OpenConsoles } from './OpenConsoles.tsx'
import { RouteAnnouncer } from './RouteAnnouncer.tsx'
import { useScrollKeys } from './scroll-keys.ts'
import { UserMenu } from './sign-in/UserMenu.tsx'
import { Uploads } from './Uploads.tsx'

const mainId = 'main-content'

const sections = [
  { kind: virtualMachineKind, pages: [virtualMachineKind] },
  // A pod is reached from the instance that runs in it.
  { kind: virtualMachineInstanceKind, pages: [virtualMachineInstanceKind, podKind] },
  { kind: virtualMachinePoolKind, pages: [virtualMachinePoolKind] },
  { kind: virtualMachineSnapshotKind, pages: [virtualMachineSnapshotKind] },
]

const groups: { title: string; kinds: readonly ResourceKind[] }[] = [
  {
    title: 'Catalog',
    kinds: [
      dataSourceKind,
      clusterInstancetypeKind,
      clusterPreferenceKind,
      virtualMachineTemplateKind,
    ],
  },
  {
    title: 'Networking',
    kinds: [networkAttachmentDefinitionKind],
  },
  {
    title: 'Storage',
    kinds: [
      persistentVolumeClaimKind,
      dataVolumeKind,
      volumeSnapshotKind,
      persistentVolumeKind,
      storageClassKind,
    ],
  },
]

/** Of the cluster's own instance types and preferences: those of namespaces, which are led to from there. */
function twinOf(kind: ResourceKind): string {
  return resourceReference({ ...kind, kind: kind.kind.replace('Cluster', '') })
}

/** The namespace a page without one in its URL starts in. */
export function rememberedNamespace(): string | undefined {
  const stored = storedChoice(perCluster('namespace'))
  return stored === undefined || stored === allNamespaces ? undefined : stored
}

function useCurrentNamespace(): string | undefined {
  const inNamespace = useMatch('/k8s/ns/:namespace/*')
  const inAll = useMatch('/k8s/all-namespaces/*')
  return inAll ? undefined : (inNamespace?.params.namespace ?? rememberedNamespace())
}

/** Masthead, navigation and the page between them: what the OpenShift Console draws itself. */
export function Frame() {
  useScrollKeys()
  const namespace = useCurrentNamespace()
  const resource = useMatch('/k8s/:scope/:first/:second?/*')
  const { pathname } = useLocation()
  const segments = [resource?.params.first, resource?.params.second]

  const masthead = (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label="Navigation" />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={(props) => <Link {...props} to="/" />} className="kc-brand">
            KubeVirt Console
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="kc-masthead-content">
          <NamespacePicker namespace={namespace} />
          <span className="kc-spacer" />
          <ClusterName />
          <ThemeMenu />
          <UserMenu />
        </div>
      </MastheadContent>
    </Masthead>
  )

  const sidebar = (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label="Main">
          <NavList>
            {sections.map(({ kind, pages }) => (
              <NavItem
                key={kind.plural}
                isActive={pages.some((page) => segments.includes(resourceReference(page)))}
              >
                <Link to={listPath(kind, namespace)}>{listTitle(kind)}</Link>
              </NavItem>
            ))}
            <NavItem isActive={pathname === consolesPath || segments.includes('console-wall')}>
              <Link to={consoleWallPath(namespace)}>Consoles</Link>
            </NavItem>
          </NavList>
          {groups.map(({ title, kinds }) => (
            <NavGroup key={title} title={title}>
              {kinds.map((kind) => (
                <NavItem
                  key={kind.plural}
                  isActive={
                    segments.includes(resourceReference(kind)) || segments.includes(twinOf(kind))
                  }
                >
                  <Link to={listPath(kind, namespace)}>{listTitle(kind)}</Link>
                </NavItem>
              ))}
            </NavGroup>
          ))}
          <NavList>
            <NavItem isActive={pathname === clusterPath || pathname === workloadsPath}>
              <Link to={clusterPath}>Cluster</Link>
            </NavItem>
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  )

  return (
    <Page
      masthead={masthead}
      sidebar={sidebar}
      isManagedSidebar
      isContentFilled
      mainContainerId={mainId}
      skipToContent={<SkipToContent href={`#${mainId}`}>Skip to content</SkipToContent>}
    >
      <RouteAnnouncer />
      <Suspense fallback={<LoadingPage />}>
        <Outlet />
      </Suspense>
      <Uploads />
      <OpenConsoles />
    </Page>
  )
}
