/** The network interfaces of the draft, changed by the same patches as those of a VM that is stored. */
import type { JsonPatchOperation } from '../../../../kube/client.ts'
import { applyPatch } from '../../../../kube/json-patch.ts'
import type { VirtualMachine } from '../../../../kube/kinds.ts'
import { bindingOf } from '../../../../kube/vm-devices.ts'
import { devicesOf, valueAt, withValueAt, type Draft } from './draft.ts'

const devicesPath = ['spec', 'template', 'spec', 'domain', 'devices']

/** The draft's VM with what every stored one has, also where somebody has left it out of the YAML. */
export function vmOf({ vm }: Draft): VirtualMachine {
  const { name = '', namespace = '' } = vm.metadata
  const whole = withValueAt(vm, devicesPath, valueAt(vm, devicesPath) ?? {})
  return { ...whole, metadata: { ...vm.metadata, name, namespace } } as VirtualMachine
}

export function withPatch(draft: Draft, patch: readonly JsonPatchOperation[]): Draft {
  const { spec } = applyPatch(vmOf(draft), patch)
  return { ...draft, vm: { ...draft.vm, spec } }
}

export function draftNics(draft: Draft): { name: string; binding: string }[] {
  return devicesOf(draft).interfaces.map((one) => ({ name: one.name, binding: bindingOf(one) }))
}
