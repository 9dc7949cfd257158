/** What becomes of a VM's disks when the VM is deleted, and what else could. */
import type {
  DataVolume,
  KubeObject,
  PersistentVolumeClaim,
  VirtualMachine,
} from '../../../kube/kinds.ts'
import { claimNameOf, disksOf, templateSpec } from '../../../kube/vm-devices.ts'

/** A disk whose data outlives a run of the VM. */
export interface DiskFate {
  /** Name of the PersistentVolumeClaim, and of the DataVolume that fills it if there is one. */
  name: string
  /** The VM's disks on it; none for a DataVolume that was detached but still belongs to the VM. */
  diskNames: string[]
  claim?: PersistentVolumeClaim
  dataVolume?: DataVolume
  /** The cluster deletes it with the VM unless it is taken from the VM first. */
  isOwned: boolean
  /** Why it can't stay, or can't be deleted; absent when it can. */
  keepRefusal?: string
  deleteRefusal?: string
  preferred: Fate
}

export type Fate = 'keep' | 'delete'

/** Why a right is missing, in words; absent: it is given, or not known. */
export interface DiskRights {
  patchVm?: string | undefined
  patchDataVolumes?: string | undefined
  patchClaims?: string | undefined
  deleteDataVolumes?: string | undefined
  deleteClaims?: string | undefined
}

interface Surroundings {
  claims: readonly PersistentVolumeClaim[]
  dataVolumes: readonly DataVolume[]
  /** Names of the VMs and standalone instances that use a claim, this VM included. */
  users: ReadonlyMap<string, readonly string[]>
  rights: DiskRights
}

/** Whether nothing but the VM keeps the object: the garbage collector deletes it after the VM. */
function goesWith(object: KubeObject | undefined, vm: VirtualMachine): boolean {
  const owners = object?.metadata.ownerReferences ?? []
  return owners.length > 0 && owners.every(({ uid }) => uid === vm.metadata.uid)
}

/** Who else has a claim to it: it would be made anew, or is wanted there. */
function otherOwner(object: KubeObject | undefined, ...known: (string | undefined)[]) {
  return object?.metadata.ownerReferences?.find(({ uid }) => !known.includes(uid))
}

/** Every disk with data of its own: those attached in their order, then what else the VM owns. */
export function diskFates(vm: VirtualMachine, around: Surroundings): DiskFate[] {
  const { claims, dataVolumes } = around
  const diskNames = new Map<string, string[]>()
  for (const { disk, volume } of disksOf(templateSpec(vm))) {
    const name = claimNameOf(volume)
    if (name !== undefined)
      diskNames.set(name, [...(diskNames.get(name) ?? []), disk?.name ?? volume?.name ?? ''])
  }
  for (const object of [...dataVolumes, ...claims])
    if (goesWith(object, vm) && !diskNames.has(object.metadata.name))
      diskNames.set(object.metadata.name, [])
  return Array.from(diskNames, ([name, names]) =>
    fateOf(
      vm,
      {
        name,
        diskNames: names,
        claim: claims.find(({ metadata }) => metadata.name === name),
        dataVolume: dataVolumes.find(({ metadata }) => metadata.name === name),
      },
      around,
    ),
  )
}

interface Disk {
  name: string
  diskNames: string[]
  claim: PersistentVolumeClaim | undefined
  dataVolume: DataVolume | undefined
}

function fateOf(vm: VirtualMachine, disk: Disk, { users, rights }: Surroundings): DiskFate {
  const { name, diskNames, claim, dataVolume } = disk
  const isOwned = goesWith(dataVolume, vm) || goesWith(claim, vm)
  const others = (users.get(name) ?? []).filter((user) => user !== vm.metadata.name)
  const keepRefusal = isOwned ? refusalToKeep(vm, disk, rights) : undefined
  const deleteRefusal =
    others.length > 0
      ? `Used by ${others.slice(0, 3).join(', ')}${others.length > 3 ? ` and ${others.length - 3} more` : ''}.`
      : isOwned
        ? undefined
        : refusalToDelete(disk, vm, rights)
  const prefersKeeping = keepRefusal === undefined && (!isOwned || deleteRefusal !== undefined)
  return {
    name,
    diskNames,
    ...(claim && { claim }),
    ...(dataVolume && { dataVolume }),
    isOwned,
    ...(keepRefusal !== undefined && { keepRefusal }),
    ...(deleteRefusal !== undefined && { deleteRefusal }),
    preferred: prefersKeeping ? 'keep' : 'delete',
  }
}

function refusalToKeep(
  vm: VirtualMachine,
  { name, claim, dataVolume }: Disk,
  rights: DiskRights,
): string | undefined {
  if ((dataVolume ?? claim)?.metadata.deletionTimestamp !== undefined)
    return 'It is being deleted already.'
  return (
    (isFromTemplate(vm, name) ? rights.patchVm : undefined) ??
    (goesWith(dataVolume, vm) ? rights.patchDataVolumes : undefined) ??
    (goesWith(claim, vm) ? rights.patchClaims : undefined)
  )
}

function refusalToDelete(
  { claim, dataVolume }: Disk,
  vm: VirtualMachine,
  rights: DiskRights,
): string | undefined {
  const object = dataVolume ?? claim
  if (!object) return 'There is no such claim.'
  if (object.metadata.deletionTimestamp !== undefined) return 'It is being deleted already.'
  const owner =
    otherOwner(dataVolume, vm.metadata.uid) ??
    otherOwner(claim, vm.metadata.uid, dataVolume?.metadata.uid)
  if (owner) return `It belongs to ${owner.kind} ${owner.name}.`
  return dataVolume ? rights.deleteDataVolumes : rights.deleteClaims
}

/** Whether the VM would make the DataVolume anew, and claims it as long as it exists. */
export function isFromTemplate(vm: VirtualMachine, name: string): boolean {
  return (vm.spec.dataVolumeTemplates ?? []).some((one) => one.metadata?.name === name)
}

/** Names of the disks without data of their own beyond a run: images, cloud-init, secrets. */
export function fleetingDisks(vm: VirtualMachine): string[] {
  return disksOf(templateSpec(vm))
    .filter(({ volume }) => volume !== undefined && claimNameOf(volume) === undefined)
    .map(({ volume }) => volume?.name ?? '')
}
