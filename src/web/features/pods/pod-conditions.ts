/** A pod's conditions in plain words. */
import type { Pod } from '../../../kube/kinds.ts'
import type { ConditionRow } from '../../ui/Section.tsx'

/** Types: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions */
const wordings: Record<string, { true: string; false: string; isBadWhenTrue?: boolean }> = {
  PodScheduled: { true: 'Has a node', false: 'Has no node' },
  PodReadyToStartContainers: { true: 'Its network is set up', false: 'Its network is not set up' },
  Initialized: {
    true: 'Init containers have done their work',
    false: 'Init containers are at work',
  },
  ContainersReady: { true: 'All containers are ready', false: 'Not all containers are ready' },
  Ready: { true: 'Ready to serve', false: 'Not ready to serve' },
  DisruptionTarget: {
    true: 'About to be ended by the cluster',
    false: 'Not about to be ended by the cluster',
    isBadWhenTrue: true,
  },
  // KubeVirt v1.9.0 staging/src/kubevirt.io/api/core/v1/types.go, VirtualMachineUnpaused.
  'kubevirt.io/virtual-machine-unpaused': {
    true: 'Its virtual machine is not paused',
    false: 'Its virtual machine is paused',
  },
}

/** Bad news first. What has ended is not expected to be ready. */
export function podConditionRows({ status }: Pod): ConditionRow[] {
  const hasEnded = ['Succeeded', 'Failed'].includes(String(status?.phase))
  return (status?.conditions ?? [])
    .map((one): ConditionRow => {
      const type = one.type
      const wording = wordings[type]
      const isTrue = String(one.status) === 'True'
      const isBad = wording !== undefined && (wording.isBadWhenTrue ?? false) === isTrue
      const detail = [one.reason, one.message].filter(Boolean).join(': ')
      return {
        type,
        status: String(one.status),
        words: wording ? wording[isTrue ? 'true' : 'false'] : `${type}: ${String(one.status)}`,
        isWarning: isBad && !hasEnded,
        ...(detail !== '' && (isBad || !isTrue || !wording) && { detail }),
      }
    })
    .toSorted((a, b) => Number(b.isWarning) - Number(a.isWarning))
}
