/** Where a VM may run: the values of the form, the patch they make, and when that takes effect. */
import { affinityRules, otherAffinities } from '../../../kube/affinity-rules.ts'
import { onRestart, type Effect, type Situation } from '../../../kube/apply-time.ts'
import type { JsonPatchOperation } from '../../../kube/client.ts'
import type { VirtualMachine } from '../../../kube/kinds.ts'
import type { Affinity, Placement, Toleration } from '../../../kube/node-match.ts'
import { objectPatch } from '../../../kube/object-patch.ts'
import { labelLines, readLabelLines } from '../../ui/placement/label-lines.ts'

export interface PlacementValues {
  /** A `key=value` line for each label. */
  nodeSelector: string
  affinity: Affinity | undefined
  tolerations: Toleration[] | undefined
}

/** The generated types know less of affinities than the API. */
function placementOf({ spec }: Pick<VirtualMachine, 'spec'>): Placement {
  return (spec.template.spec ?? {}) as Placement
}

export function placementValues(vm: Pick<VirtualMachine, 'spec'>): PlacementValues {
  const { nodeSelector, affinity, tolerations } = placementOf(vm)
  return { nodeSelector: labelLines(nodeSelector), affinity, tolerations }
}

/** The VM's placement as the form has it, with what the form doesn't know of. */
export function placementWith(
  vm: Pick<VirtualMachine, 'spec'>,
  values: PlacementValues,
): Placement {
  const { nodeSelector: _, affinity: __, tolerations: ___, ...rest } = placementOf(vm)
  const labels = readLabelLines(values.nodeSelector)
  return {
    ...rest,
    ...(Object.keys(labels).length > 0 && { nodeSelector: labels }),
    ...(values.affinity && { affinity: values.affinity }),
    ...(values.tolerations && { tolerations: values.tolerations }),
  }
}

const members = ['nodeSelector', 'affinity', 'tolerations'] as const

/** A patch of what differs; empty where nothing does. */
export function placementPatch(vm: VirtualMachine, values: PlacementValues): JsonPatchOperation[] {
  const template = { ...vm.spec.template, spec: placementWith(vm, values) }
  return objectPatch(
    vm,
    { metadata: vm.metadata, spec: { ...vm.spec, template } },
    members.map((member) => ['spec', 'template', 'spec', member]),
  )
}

/**
 * A cluster that updates live hands the rules to the running instance, for its next migration.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (handleAffinityChangeRequest)
 */
export function placementEffect({ state, config }: Situation): Effect {
  if (state === 'stopped') return { when: 'start', sentence: 'The VM is stopped.' }
  if (!config.updatesLive) return onRestart
  return {
    when: 'migration',
    sentence: 'The VM stays where it runs; its next migration or restart goes by the new rules.',
  }
}

function counted(count: number, one: string, many: string): string[] {
  if (count === 0) return []
  return [count === 1 ? `1 ${one}` : `${count} ${many}`]
}

/** `zone=a · 2 rules · 1 toleration` */
export function placementWords(vm: Pick<VirtualMachine, 'spec'>): string {
  const { nodeSelector = {}, affinity, tolerations = [] } = placementOf(vm)
  const rules = affinityRules(affinity).length + otherAffinities(affinity)
  const parts = [
    ...Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`),
    ...counted(rules, 'rule', 'rules'),
    ...counted(tolerations.length, 'toleration', 'tolerations'),
  ]
  return parts.length === 0 ? 'Any node for VMs' : parts.join(' · ')
}
