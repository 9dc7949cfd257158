/** A VM's network interfaces and disks, each joined by name with its network or volume. */
import type {
  V1Disk,
  V1Interface,
  V1Network,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'

export type Interface = V1Interface
export type Disk = V1Disk
export type Volume = V1Volume
/** The generated type spells the JSON key `default` as `_default`. */
export type Network = Omit<V1Network, 'multus'> & {
  multus?: { networkName: string; default?: boolean }
}

export interface Nic {
  iface: Interface
  /** Absent only in a template that admission would refuse. */
  network: Network | undefined
}

export interface DiskEntry {
  /** Absent for a volume that no disk uses (a file system, a memory dump). */
  disk: Disk | undefined
  /** Absent for an empty CD-ROM drive. */
  volume: Volume | undefined
}

type Spec = VirtualMachineInstance['spec']

/** The instance spec a VM describes. */
export function templateSpec(vm: VirtualMachine): Spec {
  return vm.spec.template.spec as Spec
}

/** Interfaces in the order of the spec. */
export function nicsOf(spec: Spec | undefined): Nic[] {
  const networks = (spec?.networks ?? []) as Network[]
  return (spec?.domain?.devices?.interfaces ?? []).map((iface) => ({
    iface,
    network: networks.find((network) => network.name === iface.name),
  }))
}

/** Disks in the order of the spec, then the volumes without a disk. */
export function disksOf(spec: Spec | undefined): DiskEntry[] {
  const disks = spec?.domain?.devices?.disks ?? []
  const volumes = spec?.volumes ?? []
  const names = new Set(disks.map((disk) => disk.name))
  return [
    ...disks.map((disk) => ({
      disk,
      volume: volumes.find((volume) => volume.name === disk.name),
    })),
    ...volumes
      .filter((volume) => !names.has(volume.name))
      .map((volume) => ({ disk: undefined, volume })),
  ]
}

/**
 * Whether KubeVirt adds the pod network by itself: when neither networks nor interfaces are given
 * and autoattachPodInterface isn't false
 * (https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/vmispec/defaults.go#L33).
 */
export function hasImplicitPodNetwork(spec: Spec): boolean {
  return (
    spec.domain.devices.autoattachPodInterface !== false &&
    (spec.networks ?? []).length === 0 &&
    (spec.domain.devices.interfaces ?? []).length === 0
  )
}

/** The NIC that {@link hasImplicitPodNetwork} means: the running one, else as the cluster would make it. */
export function implicitNic(
  binding: 'bridge' | 'masquerade',
  vmi: VirtualMachineInstance | undefined,
): Nic {
  const running = nicsOf(vmi?.spec).find((nic) => nic.network?.pod)
  return (
    running ?? {
      iface: { name: 'default', [binding]: {} },
      network: { name: 'default', pod: {} },
    }
  )
}

/** The binding's JSON key, or the name of a binding plugin. */
export function bindingOf(iface: Interface): string {
  const keys: (keyof Interface)[] = [
    'bridge',
    'masquerade',
    'sriov',
    'passtBinding',
    'passt',
    'slirp',
    'macvtap',
  ]
  return keys.find((key) => iface[key] !== undefined) ?? iface.binding?.name ?? ''
}

export type DiskType = 'disk' | 'cdrom' | 'lun'

/** A disk without a type is a plain disk (v1.9.0 pkg/storage/admitters/disks.go, validateDeviceTarget). */
export function diskTypeOf(disk: Disk): DiskType {
  return disk.cdrom ? 'cdrom' : disk.lun ? 'lun' : 'disk'
}

export function busOf(disk: Disk): string | undefined {
  return (disk.disk ?? disk.cdrom ?? disk.lun)?.bus
}

/** Whether the volume is declared to come and go while the VM runs. */
export function isHotpluggable(volume: Volume | undefined): boolean {
  return (volume?.persistentVolumeClaim ?? volume?.dataVolume)?.hotpluggable === true
}

/** The PVC a volume stands on; a DataVolume's PVC bears its name. */
export function claimNameOf(volume: Volume | undefined): string | undefined {
  return (
    volume?.persistentVolumeClaim?.claimName ??
    volume?.dataVolume?.name ??
    volume?.ephemeral?.persistentVolumeClaim?.claimName ??
    volume?.memoryDump?.claimName
  )
}
