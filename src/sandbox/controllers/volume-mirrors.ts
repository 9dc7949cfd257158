/**
 * The copying part of a volume migration: one mirror for each volume, from the file of the old claim
 * to that of the new one, while the guest goes on.
 */
import type { Store } from '../api/cluster.ts'
import type { DiskMirror, Guest } from '../guests/guest.ts'
import {
  keys,
  type PersistentVolumeClaim,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { claimInfoOf } from './claim-info.ts'
import type { ControllerContext } from './controller-context.ts'
import { guestDisk } from './guest-config.ts'
import { createHotplugPod } from './hotplug-pod.ts'
import { migratedVolumes } from './volume-migration.ts'

export interface VolumeMirrors {
  /** Copies what the VMI's migrated volumes hold. Rejects, with nothing changed, when that fails. */
  copy(vmi: VirtualMachineInstance): Promise<void>
  /** Hands the guest over to the copies. */
  finish(vmi: VirtualMachineInstance): Promise<void>
  cancel(vmiUid: string): void
}

export function createVolumeMirrors(
  context: ControllerContext,
  guestOf: (vmiUid: string) => Guest | undefined,
): VolumeMirrors {
  const { store } = context.cluster
  const mirrors = new Map<string, DiskMirror[]>()

  return {
    async copy(vmi) {
      try {
        await begin(vmi)
      } catch (error) {
        cancel(vmi.metadata.uid)
        throw error
      }
    },
    async finish({ metadata: { uid } }) {
      await Promise.all((mirrors.get(uid) ?? []).map((mirror) => mirror.finish()))
      mirrors.delete(uid)
    },
    cancel,
  }

  async function begin(vmi: VirtualMachineInstance): Promise<void> {
    const guest = guestOf(vmi.metadata.uid)
    if (!guest) throw new Error('the guest is gone')
    const own: DiskMirror[] = []
    mirrors.set(vmi.metadata.uid, own)
    for (const { volumeName } of migratedVolumes(vmi)) {
      const volume = vmi.spec.volumes?.find(({ name }) => name === volumeName)
      const disk = volume && guestDisk(store, context.diskDirectory, vmi, volume)
      if (!disk) throw new Error(`there is no disk for volume ${volumeName}`)
      own.push(await guest.mirrorDisk(volumeName, disk.medium))
    }
    await Promise.all(own.map(({ ready }) => ready))
  }

  function cancel(vmiUid: string): void {
    const own = mirrors.get(vmiUid) ?? []
    mirrors.delete(vmiUid)
    for (const mirror of own)
      mirror.cancel().catch((error: unknown) => context.log(`volume migration: ${String(error)}`))
  }
}

/** The VMI's status once its volumes are on other claims. */
export function settleMigratedVolumes(store: Store, draft: VirtualMachineInstance): void {
  const status = draft.status!
  for (const { volumeName, destinationPVCInfo } of migratedVolumes(draft)) {
    const { claimName } = destinationPVCInfo
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, draft.metadata.namespace, claimName)
    status.volumeStatus =
      status.volumeStatus?.map((one) => {
        if (one.name !== volumeName) return one
        const after = { ...one, persistentVolumeClaimInfo: claimInfoOf(claimName, pvc) }
        return one.hotplugVolume
          ? { ...after, hotplugVolume: movedAttachment(store, draft, one.hotplugVolume, claimName) }
          : after
      }) ?? []
  }
  status.conditions = status.conditions?.filter(({ type }) => type !== 'VolumesChange') ?? []
  delete status['migratedVolumes']
}

/** A plugged volume is held by a pod of its own, which names the claim. */
function movedAttachment(
  store: Store,
  vmi: VirtualMachineInstance,
  { attachPodName }: { attachPodName?: string },
  claimName: string,
): { attachPodName: string; attachPodUID: string } {
  if (attachPodName) store.delete(keys.pod, vmi.metadata.namespace, attachPodName)
  const { name, uid } = createHotplugPod(store, vmi, claimName).metadata
  return { attachPodName: name, attachPodUID: uid }
}
