import { Suspense } from 'react'

import { useMachine } from '../data/machine.ts'
import { VmConsoleTab } from '../features/consoles/VmConsoleTab.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { usePageParams } from '../ui/page-params.ts'
import { LoadingPage } from '../ui/PageStates.tsx'

/** A console alone in its own window. */
export function ConsoleWindow() {
  const { namespace = '', name = '' } = usePageParams()
  const { vm, vmi, isLoading } = useMachine({ namespace, name })
  useDocumentTitle(`${name} · Console`)
  return (
    <main className="kc-console-window" aria-label={`Console of ${name}`}>
      <Suspense fallback={<LoadingPage />}>
        {isLoading ? (
          <LoadingPage />
        ) : (
          <VmConsoleTab
            namespace={namespace}
            name={name}
            standalone
            {...(vm && { vm })}
            {...(vmi && { vmi })}
          />
        )}
      </Suspense>
    </main>
  )
}
