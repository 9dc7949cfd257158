/** KubeVirt's templates of VMs: their parameters, whether they are ready, and what they make. */
import type { TemplateParameter, VirtualMachine, VirtualMachineTemplate } from './kinds.ts'
import type { PlainStatus } from './vm-status.ts'

/** What is to be said of a parameter before a VM is made: nothing where it has a value or is generated. */
export function isAsked({ value, generate, required }: TemplateParameter): boolean {
  return required === true && (value ?? '') === '' && (generate ?? '') === ''
}

export function parametersOf({ spec }: VirtualMachineTemplate): readonly TemplateParameter[] {
  return spec?.parameters ?? []
}

export function templateStatus({ metadata, status }: VirtualMachineTemplate): PlainStatus {
  if (metadata.deletionTimestamp !== undefined) return { label: 'Terminating', tone: 'progress' }
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  if (!ready) return { label: 'Unknown', tone: 'neutral', reason: 'It hasn’t been looked at yet.' }
  return ready.status === 'True'
    ? { label: 'Ready', tone: 'success' }
    : {
        label: 'Not ready',
        tone: 'warning',
        reason: ready.message || ready.reason || 'No reason is given.',
      }
}

/** The VM a template makes, as far as it can be read before. */
export function templateFacts({ spec }: VirtualMachineTemplate) {
  const vm = (spec?.virtualMachine ?? {}) as Partial<VirtualMachine>
  return {
    instancetype: vm.spec?.instancetype?.name ?? '',
    preference: vm.spec?.preference?.name ?? '',
    disks: vm.spec?.template?.spec?.volumes?.length ?? 0,
  }
}
