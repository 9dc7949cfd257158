/** What of a pool can be changed, beside its template and how many VMs it is asked for. */
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import type { JsonPatchOperation } from '../../../kube/client.ts'
import type { VirtualMachinePool } from '../../../kube/kinds.ts'
import { objectPatch } from '../../../kube/object-patch.ts'
import { keepsDisks } from '../../../kube/vm-pool.ts'

type Spec = VirtualMachinePool['spec']

const strategies = ['proactive', 'opportunistic', 'unmanaged'] as const

export const poolSchema = z.object({
  isPaused: z.boolean(),
  scaleIn: z.enum(strategies),
  order: z.string(),
  isKeeping: z.boolean(),
  updates: z.enum(strategies),
  mostDown: z
    .string()
    .trim()
    .regex(/^(|[1-9]\d{0,8}|([1-9]\d?|100)%)$/, 'A number above 0 or a percentage, as in 25%.'),
  hasNumberedConfigMaps: z.boolean(),
  hasNumberedSecrets: z.boolean(),
})

export type PoolValues = z.infer<typeof poolSchema>

export const poolRules: FieldRule<keyof PoolValues>[] = [
  { path: 'spec.maxUnavailable', field: 'mostDown' },
  { path: 'spec.scaleInStrategy*', field: 'order' },
  { path: 'spec.updateStrategy*', field: 'updates' },
]

function strategyOf(strategy: object | undefined): PoolValues['scaleIn'] {
  return strategies.find((one) => strategy !== undefined && one in strategy) ?? 'proactive'
}

export function poolValues(pool: Pick<VirtualMachinePool, 'spec'>): PoolValues {
  const { paused, scaleInStrategy, updateStrategy, maxUnavailable, nameGeneration } = pool.spec
  return {
    isPaused: paused === true,
    scaleIn: strategyOf(scaleInStrategy),
    order: scaleInStrategy?.proactive?.selectionPolicy?.sortPolicy ?? '',
    isKeeping: keepsDisks(pool),
    updates: strategyOf(updateStrategy),
    mostDown: maxUnavailable === undefined ? '' : String(maxUnavailable),
    hasNumberedConfigMaps: nameGeneration?.appendIndexToConfigMapRefs === true,
    hasNumberedSecrets: nameGeneration?.appendIndexToSecretRefs === true,
  }
}

function scaleInOf({ scaleIn, order, isKeeping }: PoolValues, before: Spec['scaleInStrategy']) {
  if (scaleIn === 'unmanaged') return { unmanaged: {} }
  // How disks are kept may be said more exactly than the form does.
  const known = (before?.proactive ?? before?.opportunistic)?.statePreservation
  const kept = isKeeping ? ((known === 'Disabled' ? undefined : known) ?? 'Offline') : 'Disabled'
  const preservation = isKeeping || known !== undefined ? { statePreservation: kept } : {}
  if (scaleIn === 'opportunistic') return { opportunistic: preservation }
  const { sortPolicy: _, ...selection } = before?.proactive?.selectionPolicy ?? {}
  const policy = { ...selection, ...(order !== '' && { sortPolicy: order }) }
  return {
    proactive: {
      ...preservation,
      ...(Object.keys(policy).length > 0 && { selectionPolicy: policy }),
    },
  }
}

function nameGenerationOf(values: PoolValues, before: Spec['nameGeneration']) {
  return {
    ...before,
    appendIndexToConfigMapRefs: values.hasNumberedConfigMaps,
    appendIndexToSecretRefs: values.hasNumberedSecrets,
  }
}

/** A patch of what differs; empty where nothing does. */
export function poolPatch(pool: VirtualMachinePool, values: PoolValues): JsonPatchOperation[] {
  const before = poolValues(pool)
  const has = (...names: (keyof PoolValues)[]) =>
    names.some((name) => values[name] !== before[name])
  const { spec } = pool
  const { maxUnavailable: _, ...rest } = spec
  const mostDown = values.mostDown.trim()
  const after = {
    ...(has('mostDown') ? rest : spec),
    ...(has('isPaused') && { paused: values.isPaused }),
    ...(has('scaleIn', 'order', 'isKeeping') && {
      scaleInStrategy: scaleInOf(values, spec.scaleInStrategy),
    }),
    ...(has('updates') && { updateStrategy: { [values.updates]: {} } }),
    ...(has('mostDown') &&
      mostDown !== '' && { maxUnavailable: mostDown.endsWith('%') ? mostDown : Number(mostDown) }),
    ...(has('hasNumberedConfigMaps', 'hasNumberedSecrets') && {
      nameGeneration: nameGenerationOf(values, spec.nameGeneration),
    }),
  }
  const members = [
    'paused',
    'scaleInStrategy',
    'updateStrategy',
    'maxUnavailable',
    'nameGeneration',
  ]
  return objectPatch(
    pool,
    { metadata: pool.metadata, spec: after },
    members.map((member) => ['spec', member]),
  )
}
