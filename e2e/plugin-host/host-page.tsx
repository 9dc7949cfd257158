/**
 * A minimal OpenShift Console: loads plugins with the console's own loader and shows what they bring
 * the way the console does. Its routes, wrappers and property names are those of app.tsx,
 * app-contents.tsx, resource-list.tsx and NavSection.tsx:
 * https://github.com/openshift/console/tree/da1f132490d8817714e2814751ede2e6c3006594/frontend
 */
import '@patternfly/react-core/dist/styles/base.css'
import './host.css'
import {
  PluginStore,
  PluginStoreProvider,
  useExtensions,
  type CodeRef,
  type Extension,
  type LoadedExtension,
} from '@openshift/dynamic-plugin-sdk'
import {
  Masthead,
  MastheadContent,
  MastheadMain,
  Nav,
  NavExpandable,
  NavItem,
  NavList,
  Page,
  PageSection,
  PageSidebar,
  PageSidebarBody,
} from '@patternfly/react-core'
import { lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react'
import * as React from 'react'
import { createRoot } from 'react-dom/client'
import {
  BrowserRouter,
  Link,
  matchRoutes,
  Route,
  Routes,
  useLocation,
  useParams,
} from 'react-router'

import { DocumentTitle } from './console-sdk.tsx'
import { sharedScope } from './shared-scope.ts'

interface Model {
  group: string
  version: string
  kind: string
}

type PageComponent = CodeRef<ComponentType<Record<string, unknown>>>
type ModelFlag = Extension<'console.flag/model', { flag: string; model: Model }>
type ResourcePage = Extension<string, { model: Model; component: PageComponent }>
type RoutePage = Extension<
  string,
  { path: string | string[]; exact?: boolean; component: PageComponent }
>
type NavSection = Extension<'console.navigation/section', { id: string; name: string }>
type NavLink = Extension<
  'console.navigation/resource-ns' | 'console.navigation/href',
  {
    id: string
    section: string
    name: string
    model?: Model
    href?: string
    /** With `namespaced`: the link begins with the namespace. */
    prefixNamespaced?: boolean
  }
>

const isOfType =
  <T extends Extension>(...types: string[]) =>
  (extension: Extension): extension is T =>
    types.includes(extension.type)

const isModelFlag = isOfType<ModelFlag>('console.flag/model')
const isListPage = isOfType<ResourcePage>('console.page/resource/list')
const isDetailsPage = isOfType<ResourcePage>('console.page/resource/details')
const isRoutePage = isOfType<RoutePage>('console.page/route')
const isStandalonePage = isOfType<RoutePage>('console.page/route/standalone')
const isNavSection = isOfType<NavSection>('console.navigation/section')
const isNavLink = isOfType<NavLink>('console.navigation/resource-ns', 'console.navigation/href')

const store = new PluginStore({
  loaderOptions: {
    sharedScope: sharedScope as never,
    entryCallbackSettings: { name: '__load_plugin_entry__' },
    customDependencyResolutions: { '@console/pluginAPI': '4.22.0' },
  },
})

function reference({ group, version, kind }: Model): string {
  return `${group}~${version}~${kind}`
}

const lazyPages = new Map<string, ComponentType<Record<string, unknown>>>()

/** As LazyRoutePage and AsyncComponent do it: asked for when shown, and kept. */
function ExtensionPage({
  extension,
  ...properties
}: {
  extension: LoadedExtension<ResourcePage> | LoadedExtension<RoutePage>
  [property: string]: unknown
}) {
  const { uid } = extension
  if (!lazyPages.has(uid)) {
    lazyPages.set(
      uid,
      lazy(async () => ({ default: await extension.properties.component() })),
    )
  }
  const LazyPage = lazyPages.get(uid) as ComponentType<Record<string, unknown>>
  return (
    <Suspense fallback="Loading">
      <LazyPage {...properties} />
    </Suspense>
  )
}

function ResourceListPage() {
  const { ns, plural } = useParams()
  const extension = useExtensions(isListPage).find(
    ({ properties }) => reference(properties.model) === plural,
  )
  if (!extension) return <DefaultPage />
  return (
    <div className="co-m-list">
      <DocumentTitle>{`${extension.properties.model.kind}s`}</DocumentTitle>
      <ExtensionPage extension={extension} kind={plural} namespace={ns} />
    </div>
  )
}

function ResourceDetailsPage() {
  const { ns, plural, name = '' } = useParams()
  const extension = useExtensions(isDetailsPage).find(
    ({ properties }) => reference(properties.model) === plural,
  )
  if (!extension) return <DefaultPage />
  return <ExtensionPage extension={extension} kind={plural} namespace={ns} name={name} />
}

function DefaultPage() {
  return <p>The console’s own page at {useLocation().pathname}</p>
}

function routesOf(pages: LoadedExtension<RoutePage>[]): ReactNode[] {
  return pages.flatMap((extension) =>
    [extension.properties.path]
      .flat()
      .map((path) => (
        <Route
          key={`${extension.uid}/${path}`}
          path={`${path}${extension.properties.exact ? '' : '/*'}`}
          element={<ExtensionPage extension={extension} />}
        />
      )),
  )
}

function Navigation({ namespace }: { namespace: string | undefined }) {
  const { pathname } = useLocation()
  const sections = useExtensions(isNavSection)
  const links = useExtensions(isNavLink)
  const scope = namespace === undefined ? 'all-namespaces' : `ns/${namespace}`
  return (
    <Nav aria-label="Main">
      <NavList>
        {sections.map(({ uid, properties: { id, name } }) => (
          <NavExpandable key={uid} title={name} isExpanded>
            {links
              .filter(({ properties }) => properties.section === id)
              .map(({ uid: linkUid, properties }) => {
                const { name: word, model, href = '/', prefixNamespaced } = properties
                const resource = model ? reference(model) : prefixNamespaced && href
                const to = resource ? `/k8s/${scope}/${resource}` : href
                return (
                  <NavItem key={linkUid} isActive={pathname.startsWith(to)}>
                    <Link to={to}>{word}</Link>
                  </NavItem>
                )
              })}
          </NavExpandable>
        ))}
      </NavList>
    </Nav>
  )
}

const namespacedRoutes = [{ path: '/k8s/all-namespaces/*' }, { path: '/k8s/ns/:ns/*' }]

function Console() {
  const location = useLocation()
  const matches = matchRoutes(namespacedRoutes, location)
  const namespace = matches?.[0]?.params['ns']
  const [lastNamespace, setLastNamespace] = useState(namespace)
  if (matches && namespace !== lastNamespace) setLastNamespace(namespace)
  const routePages = useExtensions(isRoutePage)
  return (
    <Page
      isContentFilled
      id="content"
      mainTabIndex={null}
      masthead={
        <Masthead>
          <MastheadMain>Console</MastheadMain>
          <MastheadContent />
        </Masthead>
      }
      sidebar={
        <PageSidebar>
          <PageSidebarBody>
            <Navigation namespace={lastNamespace} />
          </PageSidebarBody>
        </PageSidebar>
      }
      style={{ flex: '1', height: '0' }}
    >
      <PageSection hasBodyWrapper={false} padding={{ default: 'noPadding' }}>
        {matches && <p>Project: {namespace ?? 'All Projects'}</p>}
      </PageSection>
      <PageSection
        isFilled
        hasBodyWrapper={false}
        padding={{ default: 'noPadding' }}
        className="pf-v6-u-flex-shrink-1"
        id="content-scrollable"
      >
        <Routes>
          {routesOf(routePages)}
          <Route path="/k8s/ns/:ns/:plural/:name/*" element={<ResourceDetailsPage />} />
          <Route path="/k8s/ns/:ns/:plural" element={<ResourceListPage />} />
          <Route path="/k8s/all-namespaces/:plural" element={<ResourceListPage />} />
          <Route path="*" element={<DefaultPage />} />
        </Routes>
      </PageSection>
    </Page>
  )
}

function AppRouter() {
  const standalonePages = useExtensions(isStandalonePage)
  return (
    <BrowserRouter useTransitions={false}>
      <Routes>
        {routesOf(standalonePages)}
        <Route path="/*" element={<Console />} />
      </Routes>
    </BrowserRouter>
  )
}

/** Flags are true for the models the cluster serves, as the console's API discovery sets them. */
async function detectModels() {
  const extensions: Extension[] = store.getExtensions()
  const flags = extensions.filter(isModelFlag).map(async ({ properties: { flag, model } }) => {
    const discovered = await fetch(`/api/kubernetes/apis/${model.group}/${model.version}`)
    if (!discovered.ok) return [flag, false]
    const { resources } = (await discovered.json()) as { resources: { kind: string }[] }
    return [flag, resources.some(({ kind }) => kind === model.kind)]
  })
  store.setFeatureFlags(Object.fromEntries(await Promise.all(flags)))
}

declare global {
  interface Window {
    /** For the test to look into. */
    pluginHost: { store: PluginStore; react: typeof React; started: Promise<void> }
  }
}

async function start() {
  await store.loadPlugin(
    new URL('api/plugins/kubevirt-console/plugin-manifest.json', document.baseURI).href,
  )
  await detectModels()
}

window.pluginHost = { store, react: React, started: start() }

createRoot(document.getElementById('app') as HTMLElement).render(
  <PluginStoreProvider store={store}>
    <AppRouter />
  </PluginStoreProvider>,
)
