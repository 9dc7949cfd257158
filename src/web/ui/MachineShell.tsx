/** Header and tabs of a VM's or VMI's page, with what can be done to it. */
import { PlayIcon, RedoIcon, StopIcon } from '@patternfly/react-icons'
import type { ComponentProps } from 'react'

import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import { ActionButton, ActionMenu } from './ActionMenu.tsx'
import { DetailsShell, type DetailsTab } from './DetailsShell.tsx'
import { useMachineActions, useMachineMenu } from './machine-actions.ts'
import { PendingChanges } from './PendingChanges.tsx'

/** What every tab is given. */
export interface Machine {
  namespace: string
  name: string
  vm?: VirtualMachine
  vmi?: VirtualMachineInstance
}

export type MachineTab = DetailsTab<Machine>

type MachineShellProps = { machine: Machine } & Omit<
  ComponentProps<typeof DetailsShell<Machine>>,
  'subject' | 'object' | 'namespace' | 'name' | 'actions' | 'notices'
>

export function MachineShell({ machine, ...rest }: MachineShellProps) {
  const { vm, vmi } = machine
  return (
    <DetailsShell
      {...rest}
      object={rest.kind === virtualMachineKind ? vm : vmi}
      namespace={machine.namespace}
      name={machine.name}
      subject={machine}
      actions={<PowerButtons machine={machine} />}
      notices={<PendingChanges machine={machine} />}
    />
  )
}

function PowerButtons({ machine: { vm, vmi } }: { machine: Machine }) {
  const actions = useMachineActions(vm, vmi)
  const powers = [
    { id: 'start', icon: <PlayIcon /> },
    { id: 'stop', icon: <StopIcon /> },
    { id: 'restart', icon: <RedoIcon /> },
  ]
  function useMenu() {
    return useMachineMenu(actions, vm)
  }
  return (
    <div className="kc-power">
      {vm &&
        powers.map(({ id, icon }) => {
          const action = actions.find((one) => one.id === id)
          return (
            action && (
              <ActionButton key={id} action={action} icon={icon} variant="secondary">
                {action.label}
              </ActionButton>
            )
          )
        })}
      <ActionMenu label="Actions" useActions={useMenu} />
    </div>
  )
}
