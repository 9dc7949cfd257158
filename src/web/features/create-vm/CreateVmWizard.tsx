import {
  Alert,
  AlertActionLink,
  Button,
  Flex,
  FlexItem,
  List,
  ListItem,
  Title,
  Wizard,
  WizardStep,
} from '@patternfly/react-core'
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react'

import { confirm } from '../../ui/confirm.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { CurrentDraft } from './draft-context.ts'
import { manyIsPool } from './draft/many.ts'
import { vmNamespace } from './draft/vm-fields.ts'
import { ManyProgress } from './ManyProgress.tsx'
import type { StartRequest } from './start-request.ts'
import { BootStep } from './steps/BootStep.tsx'
import { DisksStep } from './steps/DisksStep.tsx'
import { NetworksStep } from './steps/NetworksStep.tsx'
import { ReviewStep } from './steps/ReviewStep.tsx'
import { SchedulingStep } from './steps/SchedulingStep.tsx'
import { SizeStep } from './steps/SizeStep.tsx'
import { StartStep } from './steps/StartStep.tsx'
import { useWizard, type WizardState } from './use-wizard.ts'
import { isWizardField, stepNames, stepOfField, type StepId } from './wizard-fields.ts'
import { WizardActions } from './WizardActions.tsx'

const ManifestPanel = lazy(async () => ({
  default: (await import('./ManifestPanel.tsx')).ManifestPanel,
}))

interface CreateVmWizardProps {
  namespace: string | undefined
  /** What the page's address asks to start from. */
  request?: StartRequest | undefined
  onCreated: (vm: { namespace: string; name: string }) => void
}

export function CreateVmWizard({ namespace, request, onCreated }: CreateVmWizardProps) {
  const state = useWizard(namespace, request, onCreated)
  const { draft, change, problems } = state
  const [hasPanel, setHasPanel] = useState(false)
  const { making } = state
  const context = useMemo(
    () => ({ draft, change, problems, namespace: vmNamespace.get(draft) }),
    [draft, change, problems],
  )
  if (making)
    return (
      <ManyProgress
        namespace={context.namespace}
        creations={making}
        isPool={manyIsPool.get(draft)}
        send={state.sendOnce}
        onBack={state.leaveMaking}
      />
    )
  const steps: Record<StepId, ReactNode> = {
    start: <StartStep />,
    size: <SizeStep />,
    disks: <DisksStep />,
    networks: <NetworksStep />,
    boot: <BootStep />,
    scheduling: <SchedulingStep />,
    review: <ReviewStep state={state} />,
  }
  return (
    <CurrentDraft.Provider value={context}>
      <Flex>
        <FlexItem grow={{ default: 'grow' }}>
          <Title headingLevel="h1">Create VirtualMachine</Title>
        </FlexItem>
        <Button
          variant="secondary"
          aria-expanded={hasPanel}
          onClick={() => setHasPanel((before) => !before)}
        >
          {hasPanel ? 'Hide YAML' : 'Show YAML'}
        </Button>
      </Flex>
      <Notices state={state} />
      <div className="kc-create-vm-body">
        <Wizard
          // Begun anew, it begins at the first step.
          key={String(state.generation)}
          className="kc-create-vm-wizard"
          navAriaLabel="Steps"
          onStepChange={closeStepMenu}
          footer={<WizardActions state={state} namespace={namespace} />}
        >
          {Object.entries(steps).map(([id, content]) => (
            <WizardStep
              key={id}
              id={id}
              name={stepNames[id as StepId]}
              status={isWrong(state, id as StepId) ? 'error' : 'default'}
            >
              {content}
            </WizardStep>
          ))}
        </Wizard>
        {hasPanel && (
          <Suspense fallback={<LoadingLines label="Loading the editor" />}>
            <ManifestPanel />
          </Suspense>
        )}
      </div>
    </CurrentDraft.Provider>
  )
}

/**
 * In a narrow window the steps are a menu that covers the step. PatternFly keeps to itself whether it
 * is open, and leaves it so when a step is chosen.
 */
function closeStepMenu() {
  const toggle = document.querySelector<HTMLElement>(
    '.kc-create-vm-wizard .pf-v6-c-wizard__toggle[aria-expanded="true"]',
  )
  toggle?.click()
  toggle?.focus()
}

function isWrong({ problems }: WizardState, step: StepId): boolean {
  return Object.entries(problems).some(
    ([field, messages]) =>
      messages.length > 0 && isWizardField(field) && stepOfField[field] === step,
  )
}

function Notices({ state }: { state: WizardState }) {
  const { isKept, lacksSecrets, others, check, discard, goBack } = state
  async function startOver() {
    const isConfirmed = await confirm({
      title: 'Discard the draft?',
      consequence: 'What was entered here is lost.',
      action: 'Discard',
      isDangerous: true,
    })
    if (isConfirmed) discard()
  }
  return (
    <>
      {isKept && (
        <Alert
          isInline
          component="p"
          variant="info"
          title="This is the draft you left"
          actionLinks={
            <AlertActionLink onClick={() => void startOver()}>
              Discard and start over
            </AlertActionLink>
          }
        >
          {lacksSecrets &&
            'Passwords, keys and texts of the first boot are never kept: enter them again.'}
        </Alert>
      )}
      {goBack && (
        <Alert
          isInline
          component="p"
          variant="info"
          title="This takes the place of the draft you left"
          actionLinks={<AlertActionLink onClick={goBack}>Go back to that draft</AlertActionLink>}
        />
      )}
      {others.length > 0 && (
        <Alert
          isInline
          isLiveRegion
          component="p"
          variant="danger"
          title={
            check.state === 'failed' ? 'The cluster couldn’t do this' : 'The cluster refuses this'
          }
        >
          <List isPlain>
            {others.map((message) => (
              <ListItem key={message}>{message}</ListItem>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}
