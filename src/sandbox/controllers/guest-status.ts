/**
 * What a running guest adds to its VMI's status.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/setup/netstat.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/vm.go (calculateLiveMigrationCondition)
 */
import type { Store } from '../api/cluster.ts'
import type { Guest } from '../guests/guest.ts'
import {
  keys,
  type Condition,
  type InterfaceStatus,
  type PersistentVolumeClaim,
  type VirtualMachineInstance,
  type VmiStatus,
} from '../kubevirt/objects.ts'
import { macOf } from './guest-config.ts'
import { podInterfaceName } from './launcher-pod.ts'
import { isHotpluggable, networkOf } from './restart-required.ts'

/** Fields that are set when the domain starts and stay. */
export function runningStatusOf(vmi: VirtualMachineInstance): Partial<VmiStatus> {
  const { cpu, memory, machine } = vmi.spec.domain
  const guest = memory?.guest ?? '0'
  return {
    currentCPUTopology: {
      cores: cpu?.cores ?? 1,
      sockets: cpu?.sockets ?? 1,
      threads: cpu?.threads ?? 1,
    },
    machine: {
      type: machine?.type === 'q35' || !machine?.type ? 'pc-q35-rhel9.6.0' : machine.type,
    },
    memory: { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest },
    migrationMethod: 'BlockMigration',
    selinuxContext: 'none',
  }
}

/** `status.interfaces`: the spec's first, then those only the guest knows. */
export function guestInterfaces(
  store: Store,
  vmi: VirtualMachineInstance,
  guest: Guest,
): InterfaceStatus[] {
  const agent = guest.agent()
  const attached = vmi.status?.interfaces ?? []
  const reported = new Set<string>()
  const named = (vmi.spec.domain.devices.interfaces ?? []).flatMap((nic): InterfaceStatus[] => {
    const network = networkOf(vmi.spec, nic.name)
    const mac = macOf(vmi, nic)
    const present =
      guest.config.nics.some(({ name }) => name === nic.name) ||
      attached.some(({ name }) => name === nic.name)
    if (!network || !present || nic.state === 'absent') return []
    const inGuest = agent?.interfaces.find(({ macAddress }) => macAddress.toLowerCase() === mac)
    if (inGuest) reported.add(inGuest.macAddress)
    const podIP = network.pod ? podAddress(store, vmi, guest) : undefined
    const addresses = inGuest?.ipAddresses.length ? inGuest.ipAddresses : podIP ? [podIP] : []
    const sources = ['domain']
    if (inGuest) sources.push('guest-agent')
    if (network.multus) sources.push('multus-status')
    return [
      {
        name: nic.name,
        mac,
        ...(addresses.length > 0 ? { ipAddress: addresses[0]!, ipAddresses: addresses } : {}),
        ...(inGuest ? { interfaceName: inGuest.name } : {}),
        podInterfaceName: podInterfaceName(vmi.spec, nic.name),
        infoSource: sources.join(', '),
        queueCount: 1,
        linkState: nic.state === 'down' ? 'down' : 'up',
      },
    ]
  })
  const guestOnly = (agent?.interfaces ?? [])
    .filter(({ name, macAddress }) => !reported.has(macAddress) && name !== 'lo')
    .map(({ name, macAddress, ipAddresses }): InterfaceStatus => ({
      mac: macAddress,
      ...(ipAddresses[0] ? { ipAddress: ipAddresses[0], ipAddresses } : {}),
      interfaceName: name,
      infoSource: 'guest-agent',
    }))
  return [...named, ...guestOnly]
}

function podAddress(store: Store, vmi: VirtualMachineInstance, guest: Guest): string | undefined {
  const pod = guest.config.nics.find(({ network }) => network === 'pod')
  if (pod) return pod.address
  return store.get<VirtualMachineInstance>(keys.vmi, vmi.metadata.namespace, vmi.metadata.name)
    ?.status?.interfaces?.[0]?.ipAddress
}

/** LiveMigratable and StorageLiveMigratable, with the reason when not. */
export function migratability(store: Store, vmi: VirtualMachineInstance): Condition[] {
  const reason = blocker(store, vmi)
  const live: Condition = reason
    ? { type: 'LiveMigratable', status: 'False', ...reason }
    : { type: 'LiveMigratable', status: 'True' }
  const storage: Condition =
    reason && reason.reason !== 'DisksNotLiveMigratable'
      ? { type: 'StorageLiveMigratable', status: 'False', ...reason }
      : { type: 'StorageLiveMigratable', status: 'True' }
  return [live, storage]
}

function blocker(
  store: Store,
  vmi: VirtualMachineInstance,
): { reason: string; message: string } | undefined {
  const { devices, cpu } = vmi.spec.domain
  // What is copied along need not be shared (checkVolumesForMigration).
  const copied = (vmi.status?.['migratedVolumes'] as { volumeName: string }[] | undefined) ?? []
  for (const volume of vmi.spec.volumes ?? []) {
    if (copied.some(({ volumeName }) => volumeName === volume.name)) continue
    const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name
    if (!claim || isHotpluggable(volume)) continue
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, vmi.metadata.namespace, claim)
    if (pvc?.spec.accessModes?.includes('ReadWriteMany')) continue
    return {
      reason: 'DisksNotLiveMigratable',
      message: `cannot migrate VMI: PVC ${claim} is not shared, live migration requires that all PVCs must be shared (using ReadWriteMany access mode)`,
    }
  }
  const onPodNetwork = devices.interfaces?.find(({ name }) => networkOf(vmi.spec, name)?.pod)
  if (onPodNetwork?.bridge) {
    return {
      reason: 'InterfaceNotLiveMigratable',
      message:
        'cannot migrate VMI which does not use masquerade, bridge with kubevirt.io/allow-pod-bridge-network-live-migration VM annotation or a migratable plugin to connect to the pod network',
    }
  }
  if ((devices.gpus?.length ?? 0) + (devices.hostDevices?.length ?? 0) > 0) {
    return { reason: 'HostDeviceNotLiveMigratable', message: 'VMI uses a PCI host devices' }
  }
  if (cpu?.model === 'host-passthrough') {
    return {
      reason: 'CPUModeLiveMigratable',
      message: 'VMI uses host-passthrough CPU, which cannot be migrated between different nodes',
    }
  }
  return undefined
}
