import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from '@patternfly/react-core'
import { ExclamationCircleIcon } from '@patternfly/react-icons'
import { useRouteError } from 'react-router'

import { useDocumentTitle } from '../ui/document-title.ts'

/** What the router shows where a page has failed; the frame around it stays. */
export function RouteErrorPage() {
  return <FailedPage error={useRouteError()} />
}

/** A page that has failed by a fault of its own, or whose files are gone after an update. */
export function FailedPage({ error }: { error: unknown }) {
  useDocumentTitle('This page has failed')
  return (
    <EmptyState
      titleText="This page has failed"
      icon={ExclamationCircleIcon}
      status="danger"
      headingLevel="h1"
    >
      <EmptyStateBody>
        {error instanceof Error ? error.message : String(error)} Nothing in the cluster was changed
        by this. After an update of the console, reloading fetches its new files.
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={() => location.reload()}>Reload the page</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  )
}
