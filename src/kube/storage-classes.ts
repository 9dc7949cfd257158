/** What storage classes and their StorageProfiles mean, in words, and which of them are the defaults. */
import type { PersistentVolumeClaim, StorageClass, StorageProfile } from './kinds.ts'

const kubernetesDefault = 'storageclass.kubernetes.io/is-default-class'
/** https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/common/util.go#L243 */
const virtDefault = 'storageclass.kubevirt.io/is-default-virt-class'

/** Whether a claim without a class gets this one. */
function isDefaultClass({ metadata }: StorageClass): boolean {
  return metadata.annotations?.[kubernetesDefault] === 'true'
}

/** Whether a DataVolume without a class gets this one, before the default of Kubernetes. */
function isDefaultVirtClass({ metadata }: StorageClass): boolean {
  return metadata.annotations?.[virtDefault] === 'true'
}

/** Whose default a class is, in words. */
export function defaultMarks(storageClass: StorageClass): string[] {
  return [
    ...(isDefaultVirtClass(storageClass) ? ['Default for VMs'] : []),
    ...(isDefaultClass(storageClass) ? ['Default of Kubernetes'] : []),
  ]
}

/**
 * The class of a claim that names none: for a disk of a VM the default for virtualization, else that
 * of Kubernetes; the newest where several are marked, as the API server chooses.
 */
export function defaultClass(
  classes: readonly StorageClass[],
  purpose: 'vm' | 'kubernetes',
): StorageClass | undefined {
  const newest = (marked: readonly StorageClass[]) =>
    marked.toSorted((a, b) =>
      b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
    )[0]
  const forVms = purpose === 'vm' ? newest(classes.filter(isDefaultVirtClass)) : undefined
  return forVms ?? newest(classes.filter(isDefaultClass))
}

/** Binds only when something uses the claim. */
export function waitsForConsumer({ volumeBindingMode }: StorageClass): boolean {
  return volumeBindingMode === 'WaitForFirstConsumer'
}

/** No program makes volumes of this class; they are made by hand. */
export function isStatic({ provisioner }: StorageClass): boolean {
  return provisioner === 'kubernetes.io/no-provisioner'
}

/** What happens to a volume whose claim is deleted. */
export function reclaimWords(policy: string | undefined): string {
  switch (policy ?? 'Delete') {
    case 'Delete':
      return 'The volume and its data are deleted with the claim.'
    case 'Retain':
      return 'The volume and its data stay when the claim is deleted, as Released. No other claim gets it until someone clears its claim reference or deletes it.'
    case 'Recycle':
      return 'The volume is wiped and offered again when the claim is deleted. Kubernetes no longer recommends it.'
    default:
      return `“${policy ?? ''}” is a policy this console doesn’t know.`
  }
}

export function bindingWords(storageClass: StorageClass): string {
  if (!waitsForConsumer(storageClass))
    return 'A claim gets its volume as soon as it is created, wherever the storage is.'
  const source = isStatic(storageClass)
    ? 'one of the volumes made by hand that the node can reach'
    : 'a volume that the node can reach'
  return `A claim stays Pending until a VM or pod uses it: then its node is chosen, and the claim gets ${source}.`
}

/** Why claims of the class can't grow; undefined where they can. */
export function whyNoGrowth(
  storageClass: StorageClass | undefined,
  className: string | undefined,
): string | undefined {
  if (className === undefined || className === '')
    return 'It has no storage class. Only volumes that a class provisions can grow.'
  if (storageClass === undefined) return undefined
  if (storageClass.allowVolumeExpansion === true) return undefined
  return `The storage class ${className} doesn’t allow expansion (allowVolumeExpansion).`
}

export type VolumeMode = 'Block' | 'Filesystem'

interface VolumeModes {
  accessMode: string
  volumeMode: VolumeMode
}

/** Modes that the profile says the storage can do, the best for VMs first. */
export function profiledModes(profile: StorageProfile | undefined): VolumeModes[] {
  return (profile?.status?.claimPropertySets ?? []).flatMap(({ accessModes, volumeMode }) =>
    (accessModes ?? []).map((accessMode) => ({
      accessMode,
      volumeMode: volumeMode ?? 'Filesystem',
    })),
  )
}

/** Whether a profile rules the modes out; what it doesn't list may still work. */
export function isUnprofiled(profile: StorageProfile | undefined, modes: VolumeModes): boolean {
  const known = profiledModes(profile)
  return (
    known.length > 0 &&
    !known.some(
      ({ accessMode, volumeMode }) =>
        accessMode === modes.accessMode && volumeMode === modes.volumeMode,
    )
  )
}

const accessModeShort: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadWriteMany: 'RWX',
  ReadOnlyMany: 'ROX',
  ReadWriteOncePod: 'RWOP',
}

/** `RWX, RWO`, as kubectl has it. */
export function shortAccessModes(modes: readonly unknown[] | undefined): string {
  return (modes ?? []).map((mode) => accessModeShort[String(mode)] ?? String(mode)).join(', ')
}

export const accessModeWords: Record<string, string> = {
  ReadWriteOnce: 'One node writes (ReadWriteOnce)',
  ReadWriteMany: 'Many nodes write (ReadWriteMany)',
  ReadOnlyMany: 'Many nodes read (ReadOnlyMany)',
  ReadWriteOncePod: 'One pod writes (ReadWriteOncePod)',
}

/** The class a claim names; empty for none. */
export function classNameOf({ spec }: PersistentVolumeClaim): string {
  return spec?.storageClassName ?? ''
}
