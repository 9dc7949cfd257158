import { Button, Flex, useWizardContext, WizardFooterWrapper } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import { virtualMachineKind } from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { listPath } from '../../ui/page-paths.ts'
import type { Draft } from './draft/draft.ts'
import { copyNames, isMany, manyIsPool } from './draft/many.ts'
import { vmNamespace } from './draft/vm-fields.ts'
import type { WizardState } from './use-wizard.ts'
import { stepNames } from './wizard-fields.ts'

interface WizardActionsProps {
  state: WizardState
  namespace: string | undefined
}

const words: Record<WizardState['check']['state'], string> = {
  idle: '',
  checking: 'Asking the cluster…',
  accepted: 'The cluster would accept this.',
  refused: 'The cluster refuses this: see the marked steps.',
  failed: 'The cluster couldn’t check this.',
}

function createLabel(draft: Draft): string {
  if (!isMany(draft)) return 'Create VirtualMachine'
  return manyIsPool.get(draft) ? 'Create pool' : `Create ${copyNames(draft).length} VirtualMachines`
}

/** On each step: back and on, and at once to the VM. */
export function WizardActions({ state, namespace }: WizardActionsProps) {
  const { activeStep, goToNextStep, goToPrevStep } = useWizardContext()
  const navigate = useNavigate()
  const { draft, missing, problems, isCreating, check, create } = state
  const into = vmNamespace.get(draft)
  const denial = useDenial(
    into === ''
      ? undefined
      : {
          verb: 'create',
          group: virtualMachineKind.group,
          resource: virtualMachineKind.plural,
          namespace: into,
        },
  )
  const [lacking] = Object.values(missing).flat()
  const [wrong] = Object.values(problems).flat()
  const why = denial ?? lacking ?? (wrong === undefined ? undefined : `Mend this first: ${wrong}`)
  const isLast = activeStep.name === stepNames.review
  return (
    <WizardFooterWrapper>
      <Flex>
        <Button
          variant="primary"
          isLoading={isCreating}
          isDisabled={isCreating}
          isAriaDisabled={why !== undefined}
          {...(why !== undefined && { 'data-hint': why })}
          onClick={() => why === undefined && void create()}
        >
          {createLabel(draft)}
        </Button>
        <Button
          variant="secondary"
          isDisabled={activeStep.index <= 1}
          onClick={() => void goToPrevStep()}
        >
          Back
        </Button>
        <Button variant="secondary" isDisabled={isLast} onClick={() => void goToNextStep()}>
          Next
        </Button>
        <Button
          variant="link"
          data-hint="What you entered is kept in this tab."
          onClick={() => void navigate(listPath(virtualMachineKind, namespace))}
        >
          Cancel
        </Button>
        <output aria-live="polite">{words[check.state]}</output>
      </Flex>
    </WizardFooterWrapper>
  )
}
