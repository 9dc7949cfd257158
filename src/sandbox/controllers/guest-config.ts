/** Turns a scheduled VMI into the guest that is started for it. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'

import type { KubeObject, Store } from '../api/cluster.ts'
import type { GuestConfig, GuestDisk, GuestMedium, GuestNic } from '../guests/guest.ts'
import {
  annotation,
  keys,
  type CloudInit,
  type Disk,
  type Interface,
  type PersistentVolumeClaim,
  type VirtualMachineInstance,
  type VmiSpec,
  type Volume,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { isHotpluggable, networkOf } from './restart-required.ts'

const CONTAINER_DISK_BYTES = 64 * 2 ** 20

/** Names that people know, for the preferences and OS annotations of common-instancetypes. */
const OS_NAMES: [RegExp, string][] = [
  [/^(windows\.?2k25|windows2k25)/, 'Microsoft Windows Server 2025 Standard'],
  [/^(windows\.?2k22|windows2k22)/, 'Microsoft Windows Server 2022 Standard'],
  [/^(windows\.?2k19|windows2k19)/, 'Microsoft Windows Server 2019 Standard'],
  [/^(windows\.?11|windows11)/, 'Microsoft Windows 11 Pro'],
  [/^windows/, 'Microsoft Windows 10 Pro'],
  [/^fedora/, 'Fedora Linux 42 (Cloud Edition)'],
  [/^ubuntu/, 'Ubuntu 24.04.2 LTS'],
  [/^rhel\.?9/, 'Red Hat Enterprise Linux 9.6 (Plow)'],
  [/^rhel\.?10/, 'Red Hat Enterprise Linux 10.0 (Coughlan)'],
  [/^centos/, 'CentOS Stream 9'],
  [/^opensuse/, 'openSUSE Leap 15.6'],
  [/^alpine/, 'Alpine Linux v3.21'],
]
const DEFAULT_OS_NAME = 'Debian GNU/Linux 12 (bookworm)'

/** The system a VMI is meant to run: its `vm.kubevirt.io/os` annotation, else its preference. */
export function osNameOf(vmi: KubeObject): string {
  const hint =
    annotation(vmi, 'vm.kubevirt.io/os') ??
    annotation(vmi, 'kubevirt.io/cluster-preference-name') ??
    annotation(vmi, 'kubevirt.io/preference-name') ??
    ''
  return OS_NAMES.find(([pattern]) => pattern.test(hint))?.[1] ?? DEFAULT_OS_NAME
}

/** A MAC that is the same each time this interface of this VMI is asked for. */
export function macOf(vmi: VirtualMachineInstance, nic: Interface): string {
  if (nic.macAddress) return nic.macAddress.toLowerCase().replaceAll('-', ':')
  const hex = createHash('sha1').update(`${vmi.metadata.uid}/${nic.name}`).digest('hex')
  return `02:${hex.slice(0, 10).match(/../g)!.join(':')}`
}

export function guestNic(vmi: VirtualMachineInstance, nic: Interface, podIP: string): GuestNic {
  const network = networkOf(vmi.spec, nic.name)
  return {
    name: nic.name,
    model: nic.model ?? 'virtio',
    macAddress: macOf(vmi, nic),
    network: network?.pod ? 'pod' : 'multus',
    address: network?.pod ? podIP : secondaryAddress(network?.multus?.networkName ?? '', nic, vmi),
    linkUp: nic.state !== 'down',
  }
}

/** Secondary networks get a /24 each, and each interface an address in it. */
function secondaryAddress(
  networkName: string,
  nic: Interface,
  vmi: VirtualMachineInstance,
): string {
  const net = createHash('sha1').update(networkName).digest()[0]!
  const host = createHash('sha1').update(`${vmi.metadata.uid}/${nic.name}`).digest()[0]!
  return `192.168.${net}.${10 + (host % 240)}`
}

/** The guest disk for a volume, or undefined for volumes that are no disk of the guest's. */
export function guestDisk(
  store: Store,
  directory: string,
  vmi: VirtualMachineInstance,
  volume: Volume,
): (GuestDisk & { medium: GuestMedium }) | undefined {
  const disk = vmi.spec.domain.devices.disks?.find(({ name }) => name === volume.name)
  const medium = disk && guestMedium(store, directory, vmi, volume)
  return medium && { ...diskFacts(disk), medium }
}

function guestMedium(
  store: Store,
  directory: string,
  vmi: VirtualMachineInstance,
  volume: Volume,
): GuestMedium | undefined {
  const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name
  if (claim) {
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, vmi.metadata.namespace, claim)
    if (!pvc) return undefined
    const size = pvc.status?.capacity?.storage ?? pvc.spec.resources.requests.storage
    return { file: claimFile(directory, pvc), sizeBytes: parseQuantity(size) }
  }
  const file = join(directory, `vmi-${vmi.metadata.uid}-${volume.name}.img`)
  if (volume.emptyDisk) {
    return { file, sizeBytes: parseQuantity(volume.emptyDisk.capacity) }
  }
  if (volume.containerDisk) {
    return { file, sizeBytes: CONTAINER_DISK_BYTES }
  }
  return undefined
}

/** The raw file behind a claim; named by the volume's uid, so a new claim starts empty. */
export function claimFile(directory: string, pvc: PersistentVolumeClaim): string {
  return join(directory, `pvc-${pvc.metadata.uid}.img`)
}

function diskFacts(disk: Disk): Pick<GuestDisk, 'name' | 'bus' | 'readOnly' | 'cdrom' | 'serial'> {
  const target = disk.disk ?? disk.lun ?? disk.cdrom
  const bus = target?.bus ?? (disk.cdrom ? 'sata' : 'virtio')
  return {
    name: disk.name,
    bus: bus === 'sata' || bus === 'scsi' || bus === 'usb' ? bus : 'virtio',
    readOnly: target?.readonly ?? false,
    cdrom: disk.cdrom !== undefined,
    ...(disk.serial ? { serial: disk.serial } : {}),
  }
}

/** CD-ROM drives whose medium comes later, if one does; the drives themselves can't be plugged. */
function emptyDrives({ spec }: VirtualMachineInstance): GuestDisk[] {
  const filled = new Set(
    (spec.volumes ?? []).filter((volume) => !isHotpluggable(volume)).map(({ name }) => name),
  )
  return (spec.domain.devices.disks ?? [])
    .filter(({ name, cdrom }) => cdrom && !filled.has(name))
    .map(diskFacts)
}

/** How large the guest of a VMI is. */
export function guestSize({ domain }: VmiSpec): Pick<GuestConfig, 'memoryMiB' | 'vcpus'> {
  const { cores = 1, sockets = 1, threads = 1 } = domain.cpu ?? {}
  const asked = domain.memory?.guest ?? domain.resources?.requests?.['memory']
  return {
    memoryMiB: Math.max(1, Math.round(parseQuantity(asked) / 2 ** 20)),
    vcpus: cores * sockets * threads,
  }
}

/** What a VMI's guest is started with. `podIP` is the address of its launcher pod. */
export function guestConfig(
  store: Store,
  directory: string,
  vmi: VirtualMachineInstance,
  podIP: string,
): GuestConfig {
  const { domain, volumes } = vmi.spec
  const osName = osNameOf(vmi)
  const cloudInit = volumes
    ?.map((volume) => volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive)
    .find((source) => source !== undefined)
  const secretsOf = (name: string) => store.get(keys.secret, vmi.metadata.namespace, name)
  const userData = cloudInit && userDataOf(secretsOf, cloudInit)
  const networkData = cloudInit && networkDataOf(secretsOf, cloudInit)
  return {
    uid: vmi.metadata.uid,
    namespace: vmi.metadata.namespace ?? '',
    name: vmi.metadata.name,
    hostname: vmi.spec.hostname ?? vmi.metadata.name,
    ...guestSize(vmi.spec),
    os: osName.startsWith('Microsoft') ? 'windows' : 'linux',
    osName,
    nics: (domain.devices.interfaces ?? [])
      .filter(({ state, sriov }) => state !== 'absent' || sriov)
      .map((nic) => guestNic(vmi, nic, podIP)),
    disks: [
      ...(volumes ?? [])
        .filter((volume) => !isHotpluggable(volume))
        .flatMap((volume) => guestDisk(store, directory, vmi, volume) ?? []),
      ...emptyDrives(vmi),
    ],
    ...(userData ? { cloudInitUserData: userData } : {}),
    ...(networkData ? { cloudInitNetworkData: networkData } : {}),
    publicKeys: publicKeysOf(store, vmi),
    startPaused: vmi.spec.startStrategy === 'Paused',
  }
}

/**
 * All that is in the Secrets whose keys come by cloud-init.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/cloud-init/cloud-init.go
 */
function publicKeysOf(store: Store, { metadata, spec }: VirtualMachineInstance): string[] {
  return (spec.accessCredentials ?? []).flatMap(({ sshPublicKey }) => {
    const { noCloud, configDrive } = sshPublicKey?.propagationMethod ?? {}
    const name = sshPublicKey?.source.secret?.secretName
    if ((!noCloud && !configDrive) || !name) return []
    const secret = store.get(keys.secret, metadata.namespace, name)
    return Object.values((secret?.['data'] ?? {}) as Record<string, string>).map((coded) =>
      Buffer.from(coded, 'base64').toString().trim(),
    )
  })
}

type SecretOf = (name: string) => KubeObject | undefined

/** A text that is given plainly, coded, or in a Secret under one of these keys. */
function textOf(
  plain: string | undefined,
  coded: string | undefined,
  secret: KubeObject | undefined,
  names: readonly string[],
): string | undefined {
  if (plain) return plain
  const data = (secret?.['data'] ?? {}) as Record<string, string>
  const encoded = coded ?? names.map((name) => data[name]).find(Boolean)
  return encoded ? Buffer.from(encoded, 'base64').toString() : undefined
}

function userDataOf(secretOf: SecretOf, source: CloudInit): string | undefined {
  const { userData, userDataBase64, secretRef } = source
  const secret = secretRef && secretOf(secretRef.name)
  return textOf(userData, userDataBase64, secret, ['userdata', 'userData'])
}

function networkDataOf(secretOf: SecretOf, source: CloudInit): string | undefined {
  const { networkData, networkDataBase64, networkDataSecretRef: ref } = source
  const secret = ref && secretOf(ref.name)
  return textOf(networkData, networkDataBase64, secret, ['networkdata', 'networkData'])
}
