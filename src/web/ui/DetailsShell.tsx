/** Header and tabs of one object's page. */
import {
  Breadcrumb,
  BreadcrumbItem,
  Label,
  PageSection,
  Tab,
  Tabs,
  TabTitleText,
  Title,
} from '@patternfly/react-core'
import { Suspense, useEffect, useRef, type ReactNode } from 'react'
import { Link, useHref, useNavigate } from 'react-router'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { PlainStatus } from '../../kube/vm-status.ts'
import { useDocumentTitle } from './document-title.ts'
import { useForeignTabs } from './foreign-tabs.ts'
import { listTitle } from './list-titles.ts'
import { ConnectionBanner, type ListState } from './ListPageShell.tsx'
import { usePageParams } from './page-params.ts'
import { listPath, objectPagePath } from './page-paths.ts'
import { LoadingLines, MissingState } from './PageStates.tsx'
import { StatusLabel } from './StatusLabel.tsx'

export interface DetailsTab<T> {
  /** Its segment of the URL; the first tab has none. */
  id: string
  title: string
  /** For a tab that fills the window, such as a console. */
  isFilled?: boolean
  render: (subject: T) => ReactNode
}

export interface Crumb {
  title: string
  /** Absent where there is no page. */
  path?: string
}

interface DetailsShellProps<T> {
  kind: ResourceKind
  /** Absent for cluster-scoped kinds. */
  namespace?: string | undefined
  name: string
  /** What every tab is given. */
  subject: T
  tabs: readonly DetailsTab<T>[]
  /** What the host's own tabs are given; without it there are none. */
  object?: KubeObject | undefined
  /** Absent for kinds without a state. */
  status?: PlainStatus
  connection: Omit<ListState, 'status'>
  /** What leads to it; the list of its kind unless given. */
  crumbs?: readonly Crumb[]
  /** Beside the name. */
  badge?: string
  /** Below the name. */
  subtitle?: ReactNode
  /** At the end of the header. */
  actions?: ReactNode
  /** Below the header: what one should know before anything else. */
  notices?: ReactNode
}

const panelId = 'details-tab'

export function DetailsShell<T>({
  kind,
  namespace,
  name,
  subject,
  tabs: ownTabs,
  object,
  status,
  connection,
  crumbs = [{ title: listTitle(kind), path: listPath(kind, namespace) }],
  badge,
  subtitle,
  actions,
  notices,
}: DetailsShellProps<T>) {
  const navigate = useNavigate()
  const base = useHref('/').replace(/\/$/, '')
  const { tab: tabId } = usePageParams()
  const foreign = useForeignTabs(kind)
  const tabs: readonly DetailsTab<T>[] = object
    ? [...ownTabs, ...foreign.map((one) => ({ ...one, render: () => one.render(object) }))]
    : ownTabs
  const [overview] = tabs
  const tab = tabId === undefined ? overview : tabs.find(({ id }) => id === tabId)
  useDocumentTitle(tab && tab !== overview ? `${name} · ${tab.title}` : name)

  // On a narrow screen the tabs scroll sideways.
  const tabRow = useRef<HTMLDivElement>(null)
  useEffect(() => {
    tabRow.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [tabId])

  const pathOf = (one: DetailsTab<T>) =>
    objectPagePath(
      kind,
      namespace === undefined ? { name } : { namespace, name },
      one === overview ? undefined : one.id,
    )

  return (
    <>
      <PageSection hasBodyWrapper={false} className="kc-details-header">
        <Breadcrumb>
          {crumbs.map(({ title, path }) => (
            <BreadcrumbItem key={title}>
              {path === undefined ? title : <Link to={path}>{title}</Link>}
            </BreadcrumbItem>
          ))}
          <BreadcrumbItem isActive>{name}</BreadcrumbItem>
        </Breadcrumb>
        <div className="kc-details-title">
          <div className="kc-details-name">
            <Title headingLevel="h1">
              {name}
              {badge !== undefined && (
                <>
                  {' '}
                  <Label isCompact variant="outline">
                    {badge}
                  </Label>
                </>
              )}
            </Title>
            {status && <StatusLabel status={status} isFull />}
            {subtitle}
          </div>
          {actions}
        </div>
        {notices}
        <ConnectionBanner state={connection} />
      </PageSection>
      <PageSection hasBodyWrapper={false} type="tabs" className="kc-tabs">
        <div ref={tabRow}>
          <Tabs
            activeKey={tab?.id ?? ''}
            aria-label={`${kind.kind} ${name}`}
            onSelect={(event, key) => {
              const chosen = tabs.find(({ id }) => id === key)
              if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return
              event.preventDefault()
              void navigate(pathOf(chosen))
            }}
          >
            {tabs.map((one) => (
              <Tab
                key={one.id}
                eventKey={one.id}
                href={base + pathOf(one)}
                title={<TabTitleText>{one.title}</TabTitleText>}
                tabContentId={panelId}
              />
            ))}
          </Tabs>
        </div>
      </PageSection>
      <PageSection
        hasBodyWrapper={false}
        isFilled
        id={panelId}
        role="tabpanel"
        aria-label={tab?.title ?? 'Page not found'}
        className={tab?.isFilled ? 'kc-tab-filled' : 'kc-tab'}
      >
        {tab ? (
          <Suspense fallback={<LoadingLines label={`Loading ${tab.title}`} />}>
            {tab.render(subject)}
          </Suspense>
        ) : (
          <MissingState title="No such tab" headingLevel="h2">
            {name} has no tab “{tabId}”.{' '}
            <Link to={pathOf(overview as DetailsTab<T>)}>Overview</Link>
          </MissingState>
        )}
      </PageSection>
    </>
  )
}
