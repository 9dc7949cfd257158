/**
 * What stays of us on every page of the console: consoles that are open, uploads that run, and the
 * dialogs of whatever of ours is on the console's own pages. Loaded with the console, so it is small;
 * the rest comes when there is something to show.
 */
import { Component, lazy, Suspense, type ReactNode } from 'react'

import { useOpenConsoles } from '../ui/open-consoles.ts'
import { useUploadCount } from '../ui/upload-request.ts'
import { useIsAwake } from './presence.ts'

const Standing = lazy(async () => ({ default: (await import('./Standing.tsx')).Standing }))

/** Nothing is given by context: this is here for being above all pages. */
export function useNothing(): undefined {
  return undefined
}

/** `console.context-provider`. */
export function Everywhere({ children }: { children?: ReactNode }) {
  const consoles = useOpenConsoles()
  const uploads = useUploadCount()
  const isAwake = useIsAwake()
  return (
    <>
      {children}
      {(isAwake || consoles.length > 0 || uploads > 0) && (
        <KeepConsole>
          <Suspense fallback={null}>
            <Standing />
          </Suspense>
        </KeepConsole>
      )}
    </>
  )
}

/** A fault of ours here would take the whole console along; the pages tell of theirs themselves. */
class KeepConsole extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    return this.state.hasFailed ? null : this.props.children
  }
}
