/** What surrounds every list: title, search, the state of its data. */
import {
  Alert,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  Title,
} from '@patternfly/react-core'
import { CubesIcon, SearchIcon } from '@patternfly/react-icons'
import { useEffect, useState, type ReactNode } from 'react'

import type { KubeError } from '../../kube/kube-error.ts'
import { formatNumber } from './language.ts'
import { ErrorState, LoadingLines } from './PageStates.tsx'

/** The state of one or several live lists shown as one. */
export interface ListState {
  status: 'loading' | 'partial' | 'complete' | 'failed'
  connection: 'live' | 'reconnecting' | 'stale'
  error?: KubeError
  retry: () => void
}

interface ListPageShellProps {
  above?: ReactNode
  title: string
  /** At the end of the title's line. */
  actions?: ReactNode
  /** The bar above the table with search and filters. */
  filters: ReactNode
  /** How many there are of what; beside it stands how many there are in all. */
  counts?: ReactNode
  /** What is to be known about all rows, such as that something can't be read. */
  notice?: ReactNode
  /** How many there are, and how many of them match the filters. */
  total: number
  found: number
  isFiltered: boolean
  /** Removes all filters. */
  onClear: () => void
  /** What may be wrong with filters that nothing matches. */
  hint?: ReactNode
  state: ListState
  /** For someone who has none: what it is. */
  empty: { title: string; body: ReactNode }
  /** For someone who may not list them: what can be done instead. */
  denied?: ReactNode
  /** The table; called for when there is something to show. */
  children: ReactNode
}

/** Says that what is shown may be out of date. Short interruptions pass unmentioned. */
export function ConnectionBanner({ state }: { state: Omit<ListState, 'status'> }) {
  const { connection, error, retry } = state
  const isLost = connection !== 'live'
  const [isShown, setIsShown] = useState(false)
  useEffect(() => {
    if (!isLost) return
    const timer = setTimeout(() => setIsShown(true), 700)
    return () => {
      clearTimeout(timer)
      setIsShown(false)
    }
  }, [isLost])
  if (!isLost || !isShown) return null
  const isStale = connection === 'stale'
  return (
    <Alert
      isInline
      component="p"
      isLiveRegion
      variant={isStale ? 'warning' : 'info'}
      title={isStale ? 'Out of date: the connection to the cluster is lost' : 'Reconnecting'}
      actionLinks={
        <Button variant="link" isInline onClick={retry}>
          Try now
        </Button>
      }
    >
      What you see is the last known state. {isStale && error?.message}
    </Alert>
  )
}

export function ListPageShell(props: ListPageShellProps) {
  const { above, title, actions, filters, counts, notice, total, found, isFiltered, state } = props
  const { status } = state
  const hasRows = total > 0 || status !== 'failed'
  return (
    <PageSection isFilled hasBodyWrapper={false} className="kc-list-page">
      {above}
      {actions ? (
        <div className="kc-details-title">
          <Title headingLevel="h1">{title}</Title>
          {actions}
        </div>
      ) : (
        <Title headingLevel="h1">{title}</Title>
      )}
      {hasRows && (
        <>
          {filters}
          <div className="kc-list-summary">
            {counts}
            <ListCount total={total} found={found} isFiltered={isFiltered} status={status} />
          </div>
          <div className="kc-list-connection">
            <ConnectionBanner state={state} />
          </div>
        </>
      )}
      {total > 0 && notice}
      <ListBody {...props} />
    </PageSection>
  )
}

function ListCount({
  total,
  found,
  isFiltered,
  status,
}: {
  total: number
  found: number
  isFiltered: boolean
  status: ListState['status']
}) {
  if (status === 'loading' || (status === 'failed' && total === 0)) return null
  const all = formatNumber(total)
  const words =
    status === 'partial'
      ? `${all} loaded so far`
      : isFiltered
        ? `${formatNumber(found)} of ${all}`
        : `${all} in total`
  return <output className="kc-count">{words}</output>
}

function ListBody({
  title,
  total,
  found,
  state: { status, error, retry },
  onClear,
  hint,
  empty,
  denied,
  children,
}: ListPageShellProps) {
  if (found > 0)
    return (
      <>
        {status === 'failed' && (
          <Alert isInline component="p" variant="warning" title="No longer up to date">
            {error?.message}
          </Alert>
        )}
        {children}
      </>
    )
  if (status === 'failed') {
    return (
      <ErrorState title={`${title} can’t be listed`} error={error} onRetry={retry}>
        {error?.isForbidden && denied}
      </ErrorState>
    )
  }
  if (status !== 'complete') return <LoadingLines label={`Loading ${title}`} />
  if (total > 0)
    return (
      <EmptyState titleText="Nothing matches" icon={SearchIcon} headingLevel="h2">
        <EmptyStateBody>
          None of the {formatNumber(total)} matches the filters. {hint}
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="link" onClick={onClear}>
              Clear filters
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
    )
  return (
    <EmptyState titleText={empty.title} icon={CubesIcon} headingLevel="h2">
      <EmptyStateBody>{empty.body}</EmptyStateBody>
    </EmptyState>
  )
}
