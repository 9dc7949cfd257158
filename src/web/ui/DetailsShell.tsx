/** Header and tabs of one machine's page. */
import {
  Alert,
  Breadcrumb,
  BreadcrumbItem,
  Label,
  PageSection,
  Tab,
  Tabs,
  TabTitleText,
  Title,
} from '@patternfly/react-core'
import { PlayIcon, RedoIcon, StopIcon } from '@patternfly/react-icons'
import { Suspense, type ReactNode } from 'react'
import { Link, useNavigate, useParams } from 'react-router'

import type { ResourceKind, VirtualMachine, VirtualMachineInstance } from '../../kube/kinds.ts'
import { condition, isTrue } from '../../kube/vm-facts.ts'
import type { PlainStatus } from '../../kube/vm-status.ts'
import { useVmActions } from '../data/vm-actions.ts'
import { ActionButton, ActionMenu } from './ActionMenu.tsx'
import { useDocumentTitle } from './document-title.ts'
import { ConnectionBanner, type ListState } from './ListPageShell.tsx'
import { listPath, objectPagePath } from './page-paths.ts'
import { LoadingLines, MissingState } from './PageStates.tsx'
import { StatusLabel } from './StatusLabel.tsx'

/** What every tab is given. */
export interface Machine {
  namespace: string
  name: string
  vm?: VirtualMachine
  vmi?: VirtualMachineInstance
}

export interface MachineTab {
  /** Its segment of the URL; the first tab has none. */
  id: string
  title: string
  /** For a tab that fills the window, such as a console. */
  isFilled?: boolean
  render: (machine: Machine) => ReactNode
}

interface DetailsShellProps {
  kind: ResourceKind
  machine: Machine
  tabs: readonly MachineTab[]
  status: PlainStatus
  connection: Omit<ListState, 'status'>
  /** Beside the name. */
  badge?: string
  /** Below the name. */
  subtitle?: ReactNode
}

const panelId = 'machine-tab'

export function DetailsShell({
  kind,
  machine,
  tabs,
  status,
  connection,
  badge,
  subtitle,
}: DetailsShellProps) {
  const navigate = useNavigate()
  const { tab: tabId } = useParams()
  const { namespace, name } = machine
  const [overview] = tabs
  const tab = tabId === undefined ? overview : tabs.find(({ id }) => id === tabId)
  useDocumentTitle(tab && tab !== overview ? `${name} · ${tab.title}` : name)

  const pathOf = (one: MachineTab) =>
    objectPagePath(kind, { namespace, name }, one === overview ? undefined : one.id)

  return (
    <>
      <PageSection hasBodyWrapper={false} className="kc-details-header">
        <Breadcrumb>
          <BreadcrumbItem>
            <Link to={listPath(kind, namespace)}>{kind.kind}s</Link>
          </BreadcrumbItem>
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
            <StatusLabel status={status} isFull />
            {subtitle}
          </div>
          <PowerButtons machine={machine} />
        </div>
        <PendingChanges machine={machine} />
        <ConnectionBanner state={connection} />
      </PageSection>
      <PageSection hasBodyWrapper={false} type="tabs" className="kc-tabs">
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
              href={pathOf(one)}
              title={<TabTitleText>{one.title}</TabTitleText>}
              tabContentId={panelId}
            />
          ))}
        </Tabs>
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
            {tab.render(machine)}
          </Suspense>
        ) : (
          <MissingState title="No such tab">
            {name} has no tab “{tabId}”. <Link to={pathOf(overview as MachineTab)}>Overview</Link>
          </MissingState>
        )}
      </PageSection>
    </>
  )
}

function PowerButtons({ machine: { vm, vmi } }: { machine: Machine }) {
  const actions = useVmActions(vm, vmi)
  const powers = [
    { id: 'start', icon: <PlayIcon /> },
    { id: 'stop', icon: <StopIcon /> },
    { id: 'restart', icon: <RedoIcon /> },
  ]
  return (
    <div className="kc-power">
      {vm &&
        powers.map(({ id, icon }) => {
          const action = actions.find((one) => one.id === id)
          return (
            action && (
              <ActionButton key={id} action={action} icon={icon} variant="secondary">
                {action.label}
              </ActionButton>
            )
          )
        })}
      <ActionMenu label="Actions" useActions={() => actions} />
    </div>
  )
}

/** Says which changes wait for a restart, and offers it. */
function PendingChanges({ machine: { vm, vmi } }: { machine: Machine }) {
  const restart = useVmActions(vm, vmi).find(({ id }) => id === 'restart')
  if (!isTrue(vm, 'RestartRequired')) return null
  return (
    <div className="kc-strip">
      <Alert
        isInline
        isPlain
        component="p"
        variant="info"
        title={`Changes wait for a restart: ${condition(vm, 'RestartRequired')?.message ?? ''}`}
      />
      {restart && (
        <ActionButton action={restart} variant="link">
          Restart now
        </ActionButton>
      )}
    </div>
  )
}
