import { Suspense } from 'react'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import { owningVmName } from '../../kube/vm-facts.ts'
import { useLiveObject } from '../data/live-object.ts'
import { VmConsoleTab } from '../features/consoles/VmConsoleTab.tsx'
import { useDocumentTitle } from '../ui/document-title.ts'
import { usePageParams } from '../ui/page-params.ts'
import { LoadingPage } from '../ui/PageStates.tsx'

/** A console alone in its own window. */
export function ConsoleWindow() {
  const { namespace = '', name = '' } = usePageParams()
  const { object: vmi, status: vmiStatus } = useLiveObject(virtualMachineInstanceKind, {
    namespace,
    name,
  })
  // A stopped VM has no VMI to name its owner, but the same name.
  const owner = vmi ? owningVmName(vmi) : name
  const { object: vm, status: vmStatus } = useLiveObject(
    virtualMachineKind,
    owner === undefined ? undefined : { namespace, name: owner },
  )
  const isLoading = vmiStatus === 'loading' || (owner !== undefined && vmStatus === 'loading')
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
