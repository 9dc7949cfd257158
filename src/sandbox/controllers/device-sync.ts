/**
 * Brings a running guest's interfaces and disks in line with its VMI's spec.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/migration/evaluator.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/hotplug/hotplug.go
 */
import type { Guest } from '../guests/guest.ts'
import { withCondition, withoutCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Interface,
  type PersistentVolumeClaim,
  type Pod,
  type VirtualMachineInstance,
  type Volume,
  type VolumeStatus,
} from '../kubevirt/objects.ts'
import { claimInfoOf } from './claim-info.ts'
import type { ControllerContext } from './controller-context.ts'
import { guestDisk, guestNic } from './guest-config.ts'
import { guestInterfaces } from './guest-status.ts'
import { createHotplugPod } from './hotplug-pod.ts'
import { networkSelections } from './launcher-pod.ts'
import { removeInterfaces } from './live-update.ts'
import {
  addSelection,
  hasMultus,
  selectionProblem,
  selectionsOf,
  type Selection,
} from './pod-networks.ts'
import { isHotpluggable } from './restart-required.ts'

const STEP_MS = 400
const ATTACH_RETRY_MS = 5000

export interface DeviceSync {
  sync(vmi: VirtualMachineInstance): void
}

export function createDeviceSync(
  context: ControllerContext,
  guestOf: (vmiUid: string) => Guest | undefined,
): DeviceSync {
  const { cluster } = context
  const { store } = cluster
  /** Per VMI: interfaces and volumes in the guest by name, known since it started. */
  const plugged = new WeakMap<
    Guest,
    { nics: Map<string, boolean>; disks: Set<string>; node?: string }
  >()
  const busy = new Set<string>()

  return { sync }

  function sync(vmi: VirtualMachineInstance): void {
    const guest = guestOf(vmi.metadata.uid)
    if (!guest) return
    let state = plugged.get(guest)
    if (!state) {
      state = {
        nics: new Map(guest.config.nics.map(({ name, linkUp }) => [name, linkUp])),
        disks: new Set(guest.config.disks.filter(({ medium }) => medium).map(({ name }) => name)),
        ...(vmi.status?.nodeName ? { node: vmi.status.nodeName } : {}),
      }
      plugged.set(guest, state)
    }
    const moved = state.node !== vmi.status?.nodeName
    if (vmi.status?.nodeName) state.node = vmi.status.nodeName
    syncNics(vmi, guest, state.nics, moved)
    syncDisks(vmi, guest, state.disks)
  }

  function current(vmi: VirtualMachineInstance): VirtualMachineInstance | undefined {
    const found = store.get<VirtualMachineInstance>(
      keys.vmi,
      vmi.metadata.namespace,
      vmi.metadata.name,
    )
    return found?.metadata.uid === vmi.metadata.uid ? found : undefined
  }

  function update(
    vmi: VirtualMachineInstance,
    change: (draft: VirtualMachineInstance) => void,
  ): void {
    if (!current(vmi)) return
    store.update<VirtualMachineInstance>(
      keys.vmi,
      vmi.metadata.namespace,
      vmi.metadata.name,
      change,
    )
  }

  /** Runs one change of one device at a time; a failure becomes an event on the VMI. */
  function once(vmi: VirtualMachineInstance, device: string, change: () => Promise<void>): void {
    const key = `${vmi.metadata.uid}/${device}`
    if (busy.has(key)) return
    busy.add(key)
    change()
      .catch((error: unknown) => {
        const text = error instanceof Error ? error.message : String(error)
        cluster.event(vmi, 'Warning', 'SyncFailed', `${device}: ${text}`)
      })
      .finally(() => {
        busy.delete(key)
        const now = current(vmi)
        if (now?.status?.phase === 'Running')
          context.later(STEP_MS, () => sync(current(vmi) ?? now))
      })
  }

  function syncNics(
    vmi: VirtualMachineInstance,
    guest: Guest,
    nics: Map<string, boolean>,
    moved: boolean,
  ): void {
    for (const nic of vmi.spec.domain.devices.interfaces ?? []) {
      const link = nics.get(nic.name)
      if (link === undefined) {
        if (nic.state === 'absent') forget(vmi, guest, nic)
        else plug(vmi, guest, nics, nic, moved)
      } else if (nic.state === 'absent') {
        once(vmi, `interface ${nic.name}`, async () => {
          await guest.detachNic(nic.name)
          nics.delete(nic.name)
        })
      } else if (link !== (nic.state !== 'down')) {
        once(vmi, `interface ${nic.name}`, async () => {
          await guest.setLink(nic.name, !link)
          nics.set(nic.name, !link)
          report(vmi, guest)
        })
      }
    }
  }

  /**
   * Bridge interfaces come through the pod at once, where Multus can attach it; SR-IOV devices only
   * with a migration.
   */
  function plug(
    vmi: VirtualMachineInstance,
    guest: Guest,
    nics: Map<string, boolean>,
    nic: Interface,
    moved: boolean,
  ): void {
    if (nic.sriov && !moved) {
      update(vmi, (draft) => {
        draft.status!.conditions = withCondition(draft.status!.conditions, {
          type: 'MigrationRequired',
          status: 'True',
          reason: 'AutoMigrationDueToLiveUpdate',
        })
      })
      return
    }
    update(vmi, (draft) => {
      draft.status!.conditions = withCondition(draft.status!.conditions, {
        type: 'MigrationRequired',
        status: 'False',
        reason: 'AutoMigrationPending',
      })
    })
    const selection = selectionOf(vmi, nic.name)
    if (!moved && selection && !(hasMultus(store) && !selectionProblem(store, selection))) {
      context.later(ATTACH_RETRY_MS, () => {
        const now = current(vmi)
        if (now?.status?.phase === 'Running') sync(now)
      })
      return
    }
    once(vmi, `interface ${nic.name}`, async () => {
      await pause(context, STEP_MS)
      if (selection) askPodFor(vmi, selection)
      await guest.attachNic(guestNic(vmi, nic, ''))
      nics.set(nic.name, nic.state !== 'down')
      update(vmi, (draft) => {
        const status = draft.status!
        status.conditions = withoutCondition(status.conditions, 'MigrationRequired')
        status.interfaces = [...(status.interfaces ?? []), { name: nic.name }]
        status.interfaces = guestInterfaces(store, draft, guest)
      })
    })
  }

  /** The pod's own list of its networks has the new one too. */
  function askPodFor(vmi: VirtualMachineInstance, selection: Selection): void {
    for (const pod of store.list<Pod>(keys.pod, vmi.metadata.namespace)) {
      if (current(vmi)?.status?.activePods?.[pod.metadata.uid] === undefined) continue
      store.update<Pod>(keys.pod, pod.metadata.namespace, pod.metadata.name, (draft) => {
        const others = selectionsOf(pod).filter((one) => one.interface !== selection.interface)
        addSelection(draft, [...others, selection])
      })
    }
  }

  function forget(vmi: VirtualMachineInstance, guest: Guest, nic: Interface): void {
    update(vmi, (draft) => {
      removeInterfaces(draft.spec, [nic.name])
      draft.status!.interfaces =
        draft.status!.interfaces?.filter(({ name }) => name !== nic.name) ?? []
      draft.status!.interfaces = guestInterfaces(store, draft, guest)
    })
  }

  function report(vmi: VirtualMachineInstance, guest: Guest): void {
    update(vmi, (draft) => {
      draft.status!.interfaces = guestInterfaces(store, draft, guest)
    })
  }

  function syncDisks(vmi: VirtualMachineInstance, guest: Guest, disks: Set<string>): void {
    const volumes = vmi.spec.volumes ?? []
    for (const volume of volumes.filter(isHotpluggable)) {
      if (!disks.has(volume.name)) {
        once(vmi, `volume ${volume.name}`, () => attach(vmi, guest, disks, volume))
      }
    }
    for (const status of vmi.status?.volumeStatus ?? []) {
      if (!status.hotplugVolume || volumes.some(({ name }) => name === status.name)) continue
      once(vmi, `volume ${status.name}`, () => detach(vmi, guest, disks, status))
    }
  }

  async function attach(
    vmi: VirtualMachineInstance,
    guest: Guest,
    disks: Set<string>,
    volume: Volume,
  ): Promise<void> {
    const { namespace } = vmi.metadata
    const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name ?? ''
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, claim)
    if (pvc?.status?.phase !== 'Bound') {
      setVolume(vmi, volume.name, {
        phase: 'Pending',
        reason: 'PVCNotReady',
        message: `PVC ${claim} is not bound`,
        hotplugVolume: {},
      })
      await pause(context, STEP_MS * 2)
      return
    }
    const claimInfo = { persistentVolumeClaimInfo: claimInfoOf(claim, pvc) }
    setVolume(vmi, volume.name, { phase: 'Bound', hotplugVolume: {}, ...claimInfo })
    const pod = createHotplugPod(store, vmi, claim)
    const hotplugVolume = { attachPodName: pod.metadata.name, attachPodUID: pod.metadata.uid }
    await pause(context, STEP_MS)
    setVolume(vmi, volume.name, {
      phase: 'AttachedToNode',
      reason: 'SuccessfulCreate',
      message: `Created hotplug attachment pod ${pod.metadata.name}, for volume ${volume.name}`,
      hotplugVolume,
    })
    await pause(context, STEP_MS)
    setVolume(vmi, volume.name, {
      phase: 'MountedToPod',
      reason: 'VolumeMountedToPod',
      message: `Volume ${volume.name} has been mounted in virt-launcher pod`,
    })
    const wanted = current(vmi)
    if (!wanted?.spec.volumes?.some(({ name }) => name === volume.name)) return
    const disk = guestDisk(store, context.diskDirectory, wanted, volume)
    if (!disk) throw new Error(`there is no disk for volume ${volume.name}`)
    if (disk.cdrom) await guest.changeMedium(disk.name, disk.medium)
    else await guest.attachDisk(disk)
    disks.add(volume.name)
    setVolume(vmi, volume.name, {
      phase: 'Ready',
      reason: 'VolumeReady',
      message: `Successfully attach hotplugged volume ${volume.name} to VM`,
      target: diskTarget(wanted, volume.name, disk.bus),
    })
    cluster.event(
      vmi,
      'Normal',
      'VolumeReady',
      `Successfully attach hotplugged volume ${volume.name} to VM`,
    )
  }

  async function detach(
    vmi: VirtualMachineInstance,
    guest: Guest,
    disks: Set<string>,
    status: VolumeStatus,
  ): Promise<void> {
    setVolume(vmi, status.name, { phase: 'Detaching' })
    if (disks.has(status.name)) {
      const isDrive = guest.config.disks.some(({ name, cdrom }) => name === status.name && cdrom)
      if (isDrive) await guest.changeMedium(status.name, undefined)
      else await guest.detachDisk(status.name)
      disks.delete(status.name)
    }
    setVolume(vmi, status.name, { phase: 'UnMountedFromPod' })
    await pause(context, STEP_MS)
    const pod = status.hotplugVolume?.attachPodName
    if (pod) store.delete(keys.pod, vmi.metadata.namespace, pod)
    update(vmi, (draft) => {
      draft.status!.volumeStatus =
        draft.status!.volumeStatus?.filter(({ name }) => name !== status.name) ?? []
    })
  }

  function setVolume(
    vmi: VirtualMachineInstance,
    name: string,
    change: Partial<VolumeStatus>,
  ): void {
    update(vmi, (draft) => {
      const statuses = draft.status!.volumeStatus ?? []
      const before = statuses.find((status) => status.name === name) ?? { name, target: '' }
      const after = { ...before, ...change }
      draft.status!.volumeStatus = statuses.includes(before)
        ? statuses.map((status) => (status === before ? after : status))
        : [...statuses, after]
    })
  }
}

function selectionOf({ spec, metadata }: VirtualMachineInstance, name: string) {
  const networks = spec.networks?.filter((network) => network.name === name) ?? []
  return networkSelections({ ...spec, networks }, metadata.namespace ?? '')[0]
}

function diskTarget(vmi: VirtualMachineInstance, name: string, bus: string): string {
  const disks = vmi.spec.domain.devices.disks ?? []
  const index = Math.max(
    0,
    disks.findIndex((disk) => disk.name === name),
  )
  return `${bus === 'virtio' ? 'vd' : 'sd'}${String.fromCharCode(97 + (index % 26))}`
}

function pause(context: ControllerContext, ms: number): Promise<void> {
  return new Promise((resolve) => context.later(ms, resolve))
}
