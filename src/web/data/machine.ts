import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import type { KubeError } from '../../kube/kube-error.ts'
import { owningVmName } from '../../kube/vm-facts.ts'
import { useLiveObject } from './live-object.ts'

export interface LiveMachine {
  /** Absent for a standalone instance. */
  vm?: VirtualMachine
  /** Absent while the VM is off. */
  vmi?: VirtualMachineInstance
  isLoading: boolean
  error?: KubeError
}

/** The instance of this name and the VM it belongs to, watched. */
export function useMachine({ namespace, name }: { namespace: string; name: string }): LiveMachine {
  const instance = useLiveObject(virtualMachineInstanceKind, { namespace, name })
  // A stopped VM has no VMI to name its owner, but the same name.
  const owner = instance.object ? owningVmName(instance.object) : name
  const machine = useLiveObject(
    virtualMachineKind,
    owner === undefined ? undefined : { namespace, name: owner },
  )
  const error = instance.error ?? machine.error
  return {
    ...(machine.object && { vm: machine.object }),
    ...(instance.object && { vmi: instance.object }),
    isLoading:
      instance.status === 'loading' || (owner !== undefined && machine.status === 'loading'),
    ...(error && { error }),
  }
}
