/** What stands where content would: loading, empty, denied, failed, missing. */
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Skeleton,
} from '@patternfly/react-core'
import { BanIcon, ExclamationCircleIcon, SearchIcon } from '@patternfly/react-icons'
import { useEffect, useState, type ReactNode } from 'react'

import type { KubeError } from '../../kube/kube-error.ts'

/** True once `isWaiting` has lasted 150 ms: shorter waits show nothing. */
function useIsSlow(isWaiting: boolean): boolean {
  const [isSlow, setIsSlow] = useState(false)
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => setIsSlow(true), 150)
    return () => {
      clearTimeout(timer)
      setIsSlow(false)
    }
  }, [isWaiting])
  return isWaiting && isSlow
}

/** Grey lines in place of rows or facts that are on their way. */
export function LoadingLines({ label, count = 6 }: { label: string; count?: number }) {
  const isSlow = useIsSlow(true)
  if (!isSlow) return null
  return (
    <output className="kc-loading" aria-label={label}>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height="1.5rem" width={`${90 - ((index * 17) % 40)}%`} />
      ))}
    </output>
  )
}

export function LoadingPage() {
  return (
    <div className="kc-page-state">
      <LoadingLines label="Loading the page" />
    </div>
  )
}

/** A read that was refused or failed, in the cluster's own words. */
export function ErrorState({
  title,
  error,
  onRetry,
  headingLevel = 'h2',
  children,
}: {
  title: string
  error: KubeError | Error | undefined
  /** `h1` where nothing else is on the page. */
  headingLevel?: 'h1' | 'h2'
  onRetry?: () => void
  children?: ReactNode
}) {
  const isDenied = error !== undefined && 'isForbidden' in error && error.isForbidden
  return (
    <EmptyState
      titleText={isDenied ? 'Access denied' : title}
      icon={isDenied ? BanIcon : ExclamationCircleIcon}
      status={isDenied ? 'warning' : 'danger'}
      headingLevel={headingLevel}
    >
      <EmptyStateBody>{error?.message}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          {onRetry && (
            <Button variant={isDenied ? 'secondary' : 'primary'} onClick={onRetry}>
              Try again
            </Button>
          )}
        </EmptyStateActions>
        {children && <EmptyStateActions>{children}</EmptyStateActions>}
      </EmptyStateFooter>
    </EmptyState>
  )
}

/** Something that isn't there, or no longer. */
export function MissingState({
  title,
  headingLevel = 'h1',
  children,
}: {
  title: string
  /** `h2` on a page with a heading of its own. */
  headingLevel?: 'h1' | 'h2'
  children: ReactNode
}) {
  return (
    <EmptyState titleText={title} icon={SearchIcon} headingLevel={headingLevel}>
      <EmptyStateBody>{children}</EmptyStateBody>
    </EmptyState>
  )
}
