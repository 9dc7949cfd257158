/** What VMs are made of that stands elsewhere: instance type, preference, images. */
import type { VirtualMachine } from './kinds.ts'

/** An instance type or preference as a VM has it. */
interface ProfileReference {
  kind: string
  name: string
  /** The copy that KubeVirt took when the VM came to use it; later changes don't reach the VM. */
  revision: string | undefined
}

export interface VmReferences {
  namespace: string
  name: string
  isStarted: boolean
  instancetype: ProfileReference | undefined
  preference: ProfileReference | undefined
  /** DataSources that its disks are cloned from, as `namespace/name`. */
  images: readonly string[]
  /** Claims that its disks are copied from, as `namespace/name`. */
  claims: readonly string[]
}

interface Matcher {
  kind?: string
  name?: string
  revisionName?: string
}

interface StatusReference {
  controllerRevisionRef?: { name?: string }
}

function reference(
  what: 'Instancetype' | 'Preference',
  matcher: Matcher | undefined,
  status: StatusReference | undefined,
): ProfileReference | undefined {
  if (matcher?.name === undefined) return undefined
  // KubeVirt takes the kind in any case, and the cluster's without one
  // (https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype/find/spec.go).
  const isNamespaced = matcher.kind?.toLowerCase() === `virtualmachine${what}`.toLowerCase()
  return {
    kind: isNamespaced ? `VirtualMachine${what}` : `VirtualMachineCluster${what}`,
    name: matcher.name,
    // Before KubeVirt 1.5 the spec named it.
    revision: status?.controllerRevisionRef?.name ?? matcher.revisionName,
  }
}

export function projectVmReferences({ metadata, spec, status }: VirtualMachine): VmReferences {
  const { namespace = '', name } = metadata
  const { instancetypeRef, preferenceRef } = (status ?? {}) as Record<string, StatusReference>
  return {
    namespace,
    name,
    isStarted: status?.created === true,
    instancetype: reference('Instancetype', spec?.instancetype, instancetypeRef),
    preference: reference('Preference', spec?.preference, preferenceRef),
    images: (spec?.dataVolumeTemplates ?? []).flatMap(({ spec: { sourceRef } }) =>
      sourceRef?.kind === 'DataSource'
        ? [`${sourceRef.namespace ?? namespace}/${sourceRef.name}`]
        : [],
    ),
    claims: (spec?.dataVolumeTemplates ?? []).flatMap(({ spec: { source } }) =>
      source?.pvc ? [`${source.pvc.namespace ?? namespace}/${source.pvc.name}`] : [],
    ),
  }
}

/** A VM that uses an instance type or preference, and by which copy of it. */
export interface ProfileUser {
  namespace: string
  name: string
  isStarted: boolean
  revision: string | undefined
}

/**
 * The users of each instance type or preference by `KIND/NAME`, with the namespace in between for
 * those that are in one.
 */
export function profileUsers(
  vms: readonly VmReferences[],
  what: 'instancetype' | 'preference',
): ReadonlyMap<string, readonly ProfileUser[]> {
  const users = new Map<string, ProfileUser[]>()
  for (const vm of vms) {
    const found = vm[what]
    if (!found) continue
    const { namespace, name, isStarted } = vm
    const key = profileKey(found.kind, namespace, found.name)
    const ofProfile = users.get(key) ?? []
    ofProfile.push({ namespace, name, isStarted, revision: found.revision })
    users.set(key, ofProfile)
  }
  return users
}

/** @param namespace of the profile, or of the VM that names it; of no matter for the cluster's */
export function profileKey(kind: string, namespace: string | undefined, name: string): string {
  return kind.startsWith('VirtualMachineCluster')
    ? `${kind}/${name}`
    : `${kind}/${namespace ?? ''}/${name}`
}

/**
 * The generation of which a revision is a copy: the last part of its name
 * (https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype/revision/store.go).
 */
export function revisionGeneration(revision: string | undefined): number | undefined {
  const digits = /-(\d+)$/.exec(revision ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** VMs that have a disk cloned from each DataSource, by `namespace/name`. */
export function imageUsers(vms: readonly VmReferences[]): ReadonlyMap<string, VmReferences[]> {
  const users = new Map<string, VmReferences[]>()
  for (const vm of vms)
    for (const image of new Set(vm.images)) users.set(image, [...(users.get(image) ?? []), vm])
  return users
}
