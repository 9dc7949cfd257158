/** Our actions in the console's own menus: those of our lists, with the same reasons. */
import { useEffect, useMemo, useRef } from 'react'

import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import { owningVmName } from '../../kube/vm-facts.ts'
import { useActing } from '../app/acting-user.ts'
import { useLiveObject } from '../data/live-object.ts'
import type { MenuAction } from '../ui/ActionMenu.tsx'
import { useMachineActions, useMachineMenu } from '../ui/machine-actions.ts'
import { objectPagePath } from '../ui/page-paths.ts'
import { wake } from './presence.ts'

/** https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/extensions/actions.ts */
export interface ConsoleAction {
  id: string
  label: string
  cta: (() => void) | { href: string }
  disabled?: boolean
  disabledTooltip?: string
}

/** The actions, whether they are known, and why not. */
type Actions = [actions: ConsoleAction[], isLoaded: boolean, error: undefined]

/** `console.action/resource-provider` of VirtualMachine. */
export function useVmConsoleActions(vm: VirtualMachine): Actions {
  useActing()
  const { namespace = '', name } = vm.metadata
  const { object: vmi } = useLiveObject(virtualMachineInstanceKind, { namespace, name })
  return useConsoleActions(vm, vmi)
}

/** `console.action/resource-provider` of VirtualMachineInstance. */
export function useVmiConsoleActions(vmi: VirtualMachineInstance): Actions {
  useActing()
  const { namespace = '' } = vmi.metadata
  const name = owningVmName(vmi)
  const { object: vm, status } = useLiveObject(
    virtualMachineKind,
    name === undefined ? undefined : { namespace, name },
  )
  const [actions] = useConsoleActions(vm, vmi)
  // Without its VM, a machine that has one would look as if it stood alone.
  return [actions, name === undefined || status !== 'loading', undefined]
}

/**
 * The console keeps what it is given in its state, so the same actions must be the same array, or it
 * would render for ever.
 */
function useConsoleActions(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): Actions {
  const actions = useMachineMenu(useMachineActions(vm, vmi), vm)
  const latest = useRef<readonly MenuAction[]>(actions)
  useEffect(() => {
    latest.current = actions
    wake()
  })
  const { namespace = '', name = '' } = (vm ?? vmi)?.metadata ?? {}
  const kind = vm ? virtualMachineKind : virtualMachineInstanceKind
  const words = JSON.stringify(
    actions.map(({ id, label, disabledReason }) => ({ id, label, disabledReason })),
  )
  return useMemo(() => {
    const shown = JSON.parse(words) as Pick<MenuAction, 'id' | 'label' | 'disabledReason'>[]
    const offered = shown.map(({ id, label, disabledReason }): ConsoleAction => ({
      id: `kubevirt-console-${id}`,
      label,
      cta: () => void latest.current.find((one) => one.id === id)?.run(),
      ...(disabledReason !== undefined && { disabled: true, disabledTooltip: disabledReason }),
    }))
    const open: ConsoleAction = {
      id: 'kubevirt-console-open',
      label: 'Open console',
      cta: { href: objectPagePath(kind, { namespace, name }, 'console') },
    }
    return [[open, ...offered], true, undefined]
  }, [words, kind, namespace, name])
}
