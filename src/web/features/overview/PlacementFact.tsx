import { Button } from '@patternfly/react-core'
import { lazy, Suspense, useState } from 'react'

import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import { useChangeRefusal } from '../../data/vm-actions.ts'
import { Fact } from '../../ui/Section.tsx'
import { placementWords } from './placement-form.ts'

const PlacementDialog = lazy(async () => ({
  default: (await import('./PlacementDialog.tsx')).PlacementDialog,
}))

/** Where a VM may run, and the way to change that. */
export function PlacementFact({
  vm,
  vmi,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
}) {
  const [isOpen, setIsOpen] = useState(false)
  const reason = useChangeRefusal(vm)
  return (
    <Fact term="May run on">
      <span className="kc-break-words">{placementWords(vm)}</span>{' '}
      <Button
        variant="link"
        isInline
        aria-label={`Change where ${vm.metadata.name} may run`}
        isAriaDisabled={reason !== undefined}
        {...(reason !== undefined && { 'data-hint': reason })}
        onClick={() => reason === undefined && setIsOpen(true)}
      >
        Change
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <PlacementDialog vm={vm} vmi={vmi} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </Fact>
  )
}
