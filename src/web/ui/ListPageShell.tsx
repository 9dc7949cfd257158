/** What surrounds every list: title, search, the state of its data. */
import {
  Alert,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  SearchInput,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core'
import { CubesIcon, SearchIcon } from '@patternfly/react-icons'
import { useEffect, useState, type ReactNode } from 'react'

import type { KubeError } from '../../kube/kube-error.ts'
import { ErrorState, LoadingLines } from './PageStates.tsx'

/** The state of one or several live lists shown as one. */
export interface ListState {
  status: 'loading' | 'partial' | 'complete' | 'failed'
  connection: 'live' | 'reconnecting' | 'stale'
  error?: KubeError
  retry: () => void
}

interface ListPageShellProps {
  title: string
  searchLabel: string
  text: string
  onText: (text: string) => void
  /** How many there are, and how many of them match the search. */
  total: number
  found: number
  state: ListState
  /** For someone who has none: what it is. */
  empty: { title: string; body: ReactNode }
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

export function ListPageShell({
  title,
  searchLabel,
  text,
  onText,
  total,
  found,
  state,
  empty,
  children,
}: ListPageShellProps) {
  const { status, error, retry } = state
  return (
    <PageSection isFilled hasBodyWrapper={false} className="kc-list-page">
      <Title headingLevel="h1">{title}</Title>
      <Toolbar className="kc-list-toolbar">
        <ToolbarContent>
          <ToolbarItem className="kc-search">
            <SearchInput
              aria-label={searchLabel}
              placeholder="Name, or status:… node:… ip:…"
              value={text}
              onChange={(_event, value) => onText(value)}
              onClear={() => onText('')}
            />
          </ToolbarItem>
          <ToolbarItem alignSelf="center">
            <ListCount total={total} found={found} isFiltered={text !== ''} status={status} />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      {(total > 0 || status !== 'failed') && (
        <div className="kc-list-connection">
          <ConnectionBanner state={state} />
        </div>
      )}
      <ListBody
        title={title}
        total={total}
        found={found}
        status={status}
        error={error}
        retry={retry}
        empty={empty}
        onClear={() => onText('')}
      >
        {children}
      </ListBody>
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
  const all = total.toLocaleString('en')
  const words =
    status === 'partial'
      ? `${all} loaded so far`
      : isFiltered
        ? `${found.toLocaleString('en')} of ${all}`
        : `${all} in total`
  return <output className="kc-count">{words}</output>
}

function ListBody({
  title,
  total,
  found,
  status,
  error,
  retry,
  empty,
  onClear,
  children,
}: {
  title: string
  total: number
  found: number
  status: ListState['status']
  error: KubeError | undefined
  retry: () => void
  empty: { title: string; body: ReactNode }
  onClear: () => void
  children: ReactNode
}) {
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
    return <ErrorState title={`${title} can’t be listed`} error={error} onRetry={retry} />
  }
  if (status !== 'complete') return <LoadingLines label={`Loading ${title}`} />
  if (total > 0)
    return (
      <EmptyState titleText="Nothing matches" icon={SearchIcon} headingLevel="h2">
        <EmptyStateBody>
          None of the {total.toLocaleString('en')} matches the search.
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="link" onClick={onClear}>
              Clear the search
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
