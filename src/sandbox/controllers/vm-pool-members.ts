/** What a pool makes its VMs of, and in which order it takes them. */
import type { KubeObject, Store } from '../api/cluster.ts'
import type { selectorMatches } from '../api/selectors.ts'
import {
  controllerReference,
  keys,
  type Condition,
  type VirtualMachine,
  type VmSpec,
} from '../kubevirt/objects.ts'

type SortPolicy = 'AscendingOrder' | 'DescendingOrder' | 'Newest' | 'Oldest' | 'Random'

interface SelectionPolicy {
  sortPolicy?: SortPolicy
}

export interface VmPool extends KubeObject {
  spec: {
    replicas?: number
    paused?: boolean
    selector: Parameters<typeof selectorMatches>[0]
    maxUnavailable?: number | string
    nameGeneration?: { appendIndexToConfigMapRefs?: boolean; appendIndexToSecretRefs?: boolean }
    scaleInStrategy?: {
      proactive?: { selectionPolicy?: SelectionPolicy; statePreservation?: string }
      opportunistic?: { statePreservation?: string }
      unmanaged?: object
    }
    updateStrategy?: {
      proactive?: { selectionPolicy?: SelectionPolicy }
      opportunistic?: object
      unmanaged?: object
    }
    virtualMachineTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: VmSpec
    }
  }
  status?: { conditions?: Condition[] }
}

/** Which state of the pool a VM or VMI was made from. */
export const POOL_REVISION = 'kubevirt.io/vm-pool-revision-name'

export interface Revision extends KubeObject {
  data: VmPool['spec']
}

/** Keeps the pool's spec as a ControllerRevision and returns its name. */
export function poolRevision(store: Store, pool: VmPool): string {
  const { namespace = '', name, generation = 1 } = pool.metadata
  const revision = `${name}-${generation}`
  if (!store.get(keys.controllerRevision, namespace, revision))
    store.create(keys.controllerRevision, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: revision, namespace, ownerReferences: [controllerReference(pool)] },
      data: pool.spec,
      revision: generation,
    })
  return revision
}

/** The number at the end of a member's name. */
export function ordinalOf({ metadata }: KubeObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? 0)
}

/** Members in the order in which they are taken; in any order unless a policy says otherwise. */
export function sortMembers(
  members: readonly VirtualMachine[],
  policy: SortPolicy = 'Random',
): VirtualMachine[] {
  const created = ({ metadata }: VirtualMachine) => Date.parse(metadata.creationTimestamp)
  switch (policy) {
    case 'AscendingOrder':
      return members.toSorted((a, b) => ordinalOf(a) - ordinalOf(b))
    case 'DescendingOrder':
      return members.toSorted((a, b) => ordinalOf(b) - ordinalOf(a))
    case 'Newest':
      return members.toSorted((a, b) => created(b) - created(a))
    case 'Oldest':
      return members.toSorted((a, b) => created(a) - created(b))
    default:
      return members
        .map((vm) => ({ vm, at: Math.random() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ vm }) => vm)
  }
}

/** What a member is made as: its DataVolumes bear its number, and so do Secrets and ConfigMaps if asked. */
export function memberSpec({ spec: pool }: VmPool, ordinal: number, revision: string): VmSpec {
  const spec = structuredClone(pool.virtualMachineTemplate.spec)
  const { appendIndexToConfigMapRefs: hasMaps, appendIndexToSecretRefs: hasSecrets } =
    pool.nameGeneration ?? {}
  const numbered = (name: string) => `${name}-${ordinal}`
  const names = new Map<string, string>()
  for (const { metadata } of spec.dataVolumeTemplates ?? []) {
    names.set(metadata.name, numbered(metadata.name))
    metadata.name = numbered(metadata.name)
  }
  for (const volume of spec.template.spec.volumes ?? []) {
    const { dataVolume, persistentVolumeClaim: claim, configMap, secret } = volume
    if (dataVolume) dataVolume.name = names.get(dataVolume.name) ?? dataVolume.name
    if (claim) claim.claimName = names.get(claim.claimName) ?? claim.claimName
    if (configMap?.name !== undefined && hasMaps) configMap.name = numbered(configMap.name)
    if (secret?.secretName !== undefined && hasSecrets)
      secret.secretName = numbered(secret.secretName)
    for (const cloudInit of [volume.cloudInitNoCloud, volume.cloudInitConfigDrive])
      for (const ref of [cloudInit?.secretRef, cloudInit?.networkDataSecretRef])
        if (ref && hasSecrets) ref.name = numbered(ref.name)
  }
  const { metadata } = spec.template
  spec.template.metadata = {
    ...metadata,
    labels: { ...metadata?.labels, [POOL_REVISION]: revision },
  }
  return spec
}
