import { Button } from '@patternfly/react-core'
import { useId } from 'react'

import { useMachineActions, type MachineAction } from '../../../ui/machine-actions.ts'
import type { Machine } from '../../../ui/MachineShell.tsx'

/** All that changes whether and how the machine runs, with what each does or why it can't. */
export function PowerPanel({ machine: { vm, vmi } }: { machine: Machine }) {
  const actions = useMachineActions(vm, vmi).filter(({ id }) => id !== 'delete')
  return (
    <ul className="kc-beside-actions" aria-label="Power actions">
      {actions.map((action) => (
        <PowerAction key={action.id} action={action} />
      ))}
    </ul>
  )
}

function PowerAction({ action }: { action: MachineAction }) {
  const id = useId()
  const { id: what, label, disabledReason, isPending } = action
  return (
    <li>
      <Button
        variant="secondary"
        isBlock
        isAriaDisabled={disabledReason !== undefined || isPending}
        isLoading={isPending}
        aria-describedby={id}
        onClick={() => void action.run()}
      >
        {label}
      </Button>
      <span id={id} className="kc-muted">
        {disabledReason ?? effects[what]}
      </span>
    </li>
  )
}

const effects: Record<MachineAction['id'], string> = {
  start: 'Boots the guest.',
  stop: 'Asks the guest to shut down.',
  forceStop: 'Takes the power away.',
  restart: 'Shuts the guest down and boots it on a new instance; changes that wait take effect.',
  pause: 'Freezes the processors; memory stays.',
  unpause: 'Goes on where it was paused.',
  softReboot: 'Asks the guest to reboot; the instance stays.',
  reset: 'Presses the reset button; the instance stays.',
  delete: '',
}
