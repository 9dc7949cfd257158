/** The actions on a VM or VMI as menus and buttons offer them: they ask first, and tell of failures. */
import { useNavigate } from 'react-router'

import { virtualMachineCloneKind } from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import type { VmFacts, VmiFacts } from '../../kube/vm-facts.ts'
import type { VmActionId } from '../../kube/vm-state.ts'
import { useDenial } from '../data/access.ts'
import { useVmActions } from '../data/vm-actions.ts'
import { openingAction, type MenuAction } from './ActionMenu.tsx'
import { askToClone } from './clone-request.ts'
import { confirm, type Question } from './confirm.tsx'
import { askToDelete } from './delete-request.ts'
import { clonePath } from './page-paths.ts'
import { showToast } from './toasts.tsx'

export interface MachineAction extends MenuAction {
  id: VmActionId
}

/**
 * What is asked before it is done: whatever takes the power away, since a guest may lose what it has
 * not written to disk. Stop and restart shut the guest down and need no question.
 */
function question(id: VmActionId, name: string): Question | undefined {
  switch (id) {
    case 'forceStop':
      return {
        title: `Force stop ${name}?`,
        consequence: `${name} loses power at once. What its guest has not written to disk is lost.`,
        action: 'Force stop',
        isDangerous: true,
      }
    case 'reset':
      return {
        title: `Reset ${name}?`,
        consequence: `${name} is reset like by its reset button. What its guest has not written to disk is lost.`,
        action: 'Reset',
        isDangerous: true,
      }
    case 'delete':
      return {
        title: `Delete ${name}?`,
        consequence: `The instance ${name} is stopped and deleted. Nothing starts it again. Claims and DataVolumes it uses stay.`,
        action: 'Delete',
        isDangerous: true,
      }
    default:
      return undefined
  }
}

/** Every action in menu order; those that can't be done say why. */
export function useMachineActions(
  vm: VmFacts | undefined,
  vmi: VmiFacts | undefined,
): MachineAction[] {
  const name = (vm ?? vmi)?.metadata.name ?? ''
  return useVmActions(vm, vmi).map(({ perform, ...action }) => ({
    ...action,
    async run() {
      if (action.disabledReason !== undefined) return
      if (action.id === 'delete' && vm) {
        const { namespace = '', uid } = vm.metadata
        askToDelete({ namespace, name, uid })
        return
      }
      const asked = question(action.id, name)
      if (asked && !(await confirm(asked))) return
      await perform().catch((error: KubeError) =>
        showToast({
          variant: 'danger',
          title: `${action.label} ${name}: refused`,
          body: error.message,
        }),
      )
    },
  }))
}

/** What a menu offers: the actions, and to clone a VM. Called while the menu is open only. */
export function useMachineMenu(
  actions: readonly MachineAction[],
  vm: Pick<VmFacts, 'metadata'> | undefined,
): MenuAction[] {
  const navigate = useNavigate()
  const { namespace = '', name = '' } = vm?.metadata ?? {}
  const { group, plural } = virtualMachineCloneKind
  const denial = useDenial(vm && { verb: 'create', group, resource: plural, namespace })
  if (!vm) return [...actions]
  const clone = openingAction('clone', 'Clone', denial, () =>
    askToClone({
      namespace,
      source: `VirtualMachine/${name}`,
      onCreated: (record) => void navigate(clonePath(namespace, record)),
    }),
  )
  return actions.flatMap((action) => (action.id === 'delete' ? [clone, action] : [action]))
}
