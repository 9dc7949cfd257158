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
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useState,
  type ComponentType,
  type ReactNode,
} from 'react'
import * as React from 'react'
import { createRoot } from 'react-dom/client'
import {
  BrowserRouter,
  Link,
  matchRoutes,
  Route,
  Routes,
  useLocation,
  useNavigate,
  useParams,
} from 'react-router'

import { DocumentTitle } from './console-sdk.tsx'
import { ActiveNamespace, changeLanguage, ConsoleState, impersonate } from './console-state.tsx'
import { loadStrings, reference, useExtensionsOf, useResolved, type Model } from './extensions.ts'
import { ObjectPage, SearchPage } from './object-page.tsx'
import { OverviewPage } from './overview-page.tsx'
import { sharedScope } from './shared-scope.ts'
import { TopologyPage } from './topology-page.tsx'

type PageComponent = CodeRef<ComponentType<Record<string, unknown>>>
type ModelFlag = Extension<'console.flag/model', { flag: string; model: Model }>
type ResourcePage = Extension<string, { model: Model; component: PageComponent }>
type RoutePage = Extension<
  string,
  { path: string | string[]; exact?: boolean; component: PageComponent }
>
type NavSection = Extension<'console.navigation/section', { id: string; name: string }>
type Perspective = Extension<
  'console.perspective',
  { id: string; name: string; landingPageURL: CodeRef<() => string> }
>
type FlagHandler = (setFlag: (flag: string, isOn: boolean) => void) => void
type NavLink = Extension<
  | 'console.navigation/resource-ns'
  | 'console.navigation/resource-cluster'
  | 'console.navigation/href',
  {
    id: string
    /** Absent: beside the sections. */
    section?: string
    /** Absent: in the console's own perspective. */
    perspective?: string
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
const isNavLink = isOfType<NavLink>(
  'console.navigation/resource-ns',
  'console.navigation/resource-cluster',
  'console.navigation/href',
)
const isPerspective = isOfType<Perspective>('console.perspective')
const isCreatePage = isOfType<ResourcePage>('console.resource/create')

const store = new PluginStore({
  loaderOptions: {
    sharedScope: sharedScope as never,
    entryCallbackSettings: { name: '__load_plugin_entry__' },
    customDependencyResolutions: { '@console/pluginAPI': '4.22.0' },
  },
})

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
  const extension = useExtensionsOf(isListPage).find(
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
  const extension = useExtensionsOf(isDetailsPage).find(
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

/** create-resource.tsx: a plugin's form, or else the console's YAML editor. */
function CreatePage() {
  const { ns, plural } = useParams()
  const extension = useExtensionsOf(isCreatePage).find(
    ({ properties }) => reference(properties.model) === plural,
  )
  if (!extension) return <DefaultPage />
  return <ExtensionPage extension={extension} namespace={ns} />
}

function NavLinks({
  links,
  namespace,
}: {
  links: LoadedExtension<NavLink>[]
  namespace: string | undefined
}) {
  const { pathname } = useLocation()
  const scope = namespace === undefined ? 'all-namespaces' : `ns/${namespace}`
  return links.map(({ uid, type, properties }) => {
    const { name: word, model, href = '/', prefixNamespaced } = properties
    const resource = model ? reference(model) : prefixNamespaced && href
    const within = type === 'console.navigation/resource-cluster' ? 'cluster' : scope
    const to = resource ? `/k8s/${within}/${resource}` : href
    return (
      <NavItem key={uid} isActive={pathname.startsWith(to)}>
        <Link to={to}>{word}</Link>
      </NavItem>
    )
  })
}

function Navigation({ namespace }: { namespace: string | undefined }) {
  const navigate = useNavigate()
  const perspectives = useExtensionsOf(isPerspective)
  const [perspective, setPerspective] = useState<string>()
  const sections = useExtensionsOf(isNavSection)
  const links = useExtensionsOf(isNavLink).filter(
    ({ properties }) => properties.perspective === perspective,
  )
  const inSection = (id?: string) => links.filter(({ properties }) => properties.section === id)
  return (
    <Nav aria-label="Main">
      {perspectives.map(({ uid, properties: { id, name, landingPageURL } }) => (
        <button
          key={uid}
          type="button"
          onClick={() => {
            setPerspective(id)
            void landingPageURL().then((path) => navigate(path()))
          }}
        >
          {name}
        </button>
      ))}
      <NavList>
        {perspective === undefined &&
          sections.map(({ uid, properties: { id, name } }) => (
            <NavExpandable key={uid} title={name} isExpanded>
              <NavLinks links={inSection(id)} namespace={namespace} />
            </NavExpandable>
          ))}
        <NavLinks links={inSection()} namespace={namespace} />
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
  const routePages = useExtensionsOf(isRoutePage)
  return (
    <Page
      isContentFilled
      id="content"
      mainTabIndex={null}
      masthead={
        <Masthead>
          <MastheadMain>
            <Link to="/search">Console</Link>
          </MastheadMain>
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
        <ActiveNamespace value={matches ? (namespace ?? '#ALL_NS#') : lastNamespace}>
          <Routes>
            {routesOf(routePages)}
            <Route path="/overview" element={<OverviewPage />} />
            <Route path="/search" element={<SearchPage />} />
            <Route path="/topology/ns/:ns" element={<TopologyPage />} />
            <Route path="/k8s/cluster/:plural/:name/*" element={<ObjectPage />} />
            <Route path="/k8s/ns/:ns/persistentvolumeclaims/:name/*" element={<ClaimPage />} />
            <Route path="/k8s/ns/:ns/:plural/~new/*" element={<CreatePage />} />
            <Route path="/k8s/ns/:ns/:plural/:name/*" element={<ResourceDetailsPage />} />
            <Route path="/k8s/ns/:ns/:plural" element={<ResourceListPage />} />
            <Route path="/k8s/all-namespaces/:plural" element={<ResourceListPage />} />
            <Route path="*" element={<DefaultPage />} />
          </Routes>
        </ActiveNamespace>
      </PageSection>
    </Page>
  )
}

/** The claims' part of the address goes by its plural, as other core kinds. */
function ClaimPage() {
  return <ObjectPage plural="persistentvolumeclaims" />
}

interface Provider {
  provider: ComponentType<{ value: unknown; children: ReactNode }>
  useValueHook: () => unknown
}

/** DetectContext.tsx: what plugins put around all pages; nothing is shown before it is there. */
function AroundAll({ children }: { children: ReactNode }) {
  const providers = useResolved<Provider>('console.context-provider')
  if (!providers) return null
  return providers.reduce(
    (inner, { uid, properties }) => (
      <Around key={uid} {...properties}>
        {inner}
      </Around>
    ),
    children,
  )
}

function Around({
  provider: Component,
  useValueHook,
  children,
}: Provider & { children: ReactNode }) {
  return <Component value={useValueHook()}>{children}</Component>
}

/** FeatureFlagExtensionLoader.tsx. */
function Flags() {
  const handlers = useResolved<{ handler: FlagHandler }>('console.flag')
  const hooks = useResolved<{ handler: FlagHandler }>('console.flag/hookProvider')
  const setFlag = useCallback((flag: string, isOn: boolean) => {
    queueMicrotask(() => store.setFeatureFlags({ ...store.getFeatureFlags(), [flag]: isOn }))
  }, [])
  useEffect(() => {
    handlers?.forEach(({ properties }) => properties.handler(setFlag))
  }, [handlers, setFlag])
  return hooks?.map(({ uid, properties }) => (
    <FlagHook key={uid} useFlags={properties.handler} setFlag={setFlag} />
  ))
}

function FlagHook({
  useFlags,
  setFlag,
}: {
  useFlags: FlagHandler
  setFlag: (flag: string, isOn: boolean) => void
}) {
  useFlags(setFlag)
  return null
}

function AppRouter() {
  const standalonePages = useExtensionsOf(isStandalonePage)
  return (
    <BrowserRouter useTransitions={false}>
      <Routes>
        {routesOf(standalonePages)}
        <Route
          path="/*"
          element={
            <AroundAll>
              <Console />
              <Flags />
            </AroundAll>
          }
        />
      </Routes>
    </BrowserRouter>
  )
}

/** Flags are true for the models the cluster serves, as the console's API discovery sets them. */
async function detectModels() {
  const extensions: Extension[] = store.getExtensions()
  const flags = extensions.filter(isModelFlag).map(async ({ properties: { flag, model } }) => {
    const discovered = await fetch(`/api/kubernetes/apis/${model.group ?? ''}/${model.version}`)
    if (!discovered.ok) return [flag, false]
    const { resources } = (await discovered.json()) as { resources: { kind: string }[] }
    return [flag, resources.some(({ kind }) => kind === model.kind)]
  })
  const detected = Object.fromEntries(await Promise.all(flags)) as Record<string, boolean>
  store.setFeatureFlags({ ...store.getFeatureFlags(), ...detected })
}

declare global {
  interface Window {
    /** For the test to look into. */
    pluginHost: {
      store: PluginStore
      react: typeof React
      started: Promise<void>
      impersonate: (name: string | undefined) => void
      changeLanguage: (language: string) => void
    }
  }
}

/** Another plugin, which adds to pages of ours. */
const neighbour = {
  name: 'neighbour',
  version: '1.0.0',
  registrationMethod: 'local' as const,
  extensions: [
    {
      type: 'console.tab/horizontalNav',
      properties: {
        model: { group: 'kubevirt.io', version: 'v1', kind: 'VirtualMachine' },
        page: { name: 'Backups', href: 'backups' },
        component: () =>
          Promise.resolve(({ obj }: { obj: { metadata: { name: string } } }) => (
            <p>Backups of {obj.metadata.name}</p>
          )),
      },
    },
  ],
}

async function start() {
  await loadStrings(new URLSearchParams(location.search).get('lng') ?? 'en')
  await store.loadPlugin(neighbour)
  await store.loadPlugin(
    new URL('api/plugins/kubevirt-console/plugin-manifest.json', document.baseURI).href,
  )
  // What plugins put around all pages is there before these are.
  createRoot(document.getElementById('app') as HTMLElement).render(
    <ConsoleState>
      <PluginStoreProvider store={store}>
        <AppRouter />
      </PluginStoreProvider>
    </ConsoleState>,
  )
  await detectModels()
}

window.pluginHost = { store, react: React, started: start(), impersonate, changeLanguage }
