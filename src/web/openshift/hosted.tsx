/** How parts of ours stand on the console's own pages. */
import '../ui/console.css'
import { Suspense, useEffect, type ComponentType } from 'react'

import { useActing } from '../app/acting-user.ts'
import { HostContexts } from '../app/open-host.tsx'
import { PageErrorBoundary } from '../app/PageErrorBoundary.tsx'
import { followConsoleLanguage } from '../host/openshift.ts'
import { SetDocumentTitle } from '../ui/document-title.ts'
import { LoadingLines } from '../ui/PageStates.tsx'
import { wake } from './presence.ts'

followConsoleLanguage()

/** The page is the console's, and so is its title. */
const keepTitle = () => undefined

/** A component that the console can show anywhere: in our contexts, with a fault that stays in it. */
export function hosted<P extends object>(Part: ComponentType<P>): ComponentType<P> {
  return function Hosted(props: P) {
    useEffect(wake, [])
    const opened = useActing()
    return (
      <SetDocumentTitle.Provider value={keepTitle}>
        <HostContexts key={opened.userKey} opened={opened}>
          <PageErrorBoundary page="">
            <Suspense fallback={<LoadingLines label="Loading" count={2} />}>
              <Part {...props} />
            </Suspense>
          </PageErrorBoundary>
        </HostContexts>
      </SetDocumentTitle.Provider>
    )
  }
}
