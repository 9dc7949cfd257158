import { Component, type ReactNode } from 'react'

import { FailedPage } from './RouteErrorPage.tsx'

interface PageErrorBoundaryProps {
  /** What is shown is another page when this changes: a fault is then forgotten. */
  page: string
  children: ReactNode
}

interface BoundaryState {
  page?: string
  failure?: { error: unknown } | undefined
}

/**
 * Shows a page's fault where no router of ours catches it. React offers no hook for this, hence a
 * class.
 */
export class PageErrorBoundary extends Component<PageErrorBoundaryProps, BoundaryState> {
  override state: BoundaryState = {}

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: { error } }
  }

  static getDerivedStateFromProps({ page }: PageErrorBoundaryProps, last: BoundaryState) {
    return page === last.page ? null : { page, failure: undefined }
  }

  override render() {
    const { failure } = this.state
    return failure ? <FailedPage error={failure.error} /> : this.props.children
  }
}
