/**
 * Lets running guests see that the volumes behind their disks have grown, as virt-launcher does when
 * the size of a claim changes.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-launcher/virtwrap/manager.go (syncDiskExpansion)
 */
import type { Guest } from '../guests/guest.ts'
import {
  isFinal,
  keys,
  type PersistentVolumeClaim,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { claimInfoOf } from './claim-info.ts'
import type { ControllerContext } from './controller-context.ts'

export function startDiskGrowth(
  context: ControllerContext,
  guestOf: (vmiUid: string) => Guest | undefined,
): void {
  const { store } = context.cluster
  context.onClose(
    store.subscribe<PersistentVolumeClaim>(keys.pvc, ({ type, object, previous }) => {
      const size = parseQuantity(object.status?.capacity?.storage)
      const before = parseQuantity(previous?.status?.capacity?.storage)
      if (type === 'DELETED' || before === 0 || size <= before) return
      for (const vmi of store.list<VirtualMachineInstance>(keys.vmi, object.metadata.namespace))
        if (!isFinal(vmi)) grow(vmi, object, size)
    }),
  )

  function grow(vmi: VirtualMachineInstance, pvc: PersistentVolumeClaim, sizeBytes: number): void {
    const claim = pvc.metadata.name
    const volume = vmi.spec.volumes?.find(
      ({ persistentVolumeClaim, dataVolume }) =>
        (persistentVolumeClaim?.claimName ?? dataVolume?.name) === claim,
    )
    if (!volume) return
    const { namespace, name, uid } = vmi.metadata
    store.update<VirtualMachineInstance>(keys.vmi, namespace, name, ({ status }) => {
      const found = status?.volumeStatus?.find((one) => one.name === volume.name)
      if (found) found.persistentVolumeClaimInfo = claimInfoOf(claim, pvc)
    })
    const guest = guestOf(uid)
    if (!guest?.config.disks.some((disk) => disk.name === volume.name && disk.medium)) return
    guest
      .resizeDisk(volume.name, sizeBytes)
      .catch((error: unknown) => context.log(`disk ${volume.name} of ${name}: ${String(error)}`))
  }
}
