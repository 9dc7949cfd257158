/** What instance types and preferences say beyond CPU and memory, in words. */
import type { Instancetype, KubeObject, Preference } from './kinds.ts'
import { formatQuantity } from './quantity.ts'

/** What virt-operator deploys it also puts back as it was. */
export function isDeployedByKubeVirt({ metadata }: KubeObject): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'virt-operator'
}

/** `u1` out of `u1.small`; empty for a name of another shape. */
export function seriesOf(name: string): string {
  const dot = name.indexOf('.')
  return dot > 0 ? name.slice(0, dot) : ''
}

/** The deviceNames with how many of each: `nvidia.com/A100 ×2`. */
export function deviceWords(devices: readonly { deviceName: string }[] = []): string[] {
  const counts = new Map<string, number>()
  for (const { deviceName } of devices) counts.set(deviceName, (counts.get(deviceName) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`))
}

/** What sets it apart from CPUs and memory that are shared with others. */
export function featureWords({ spec }: Instancetype): string[] {
  const { cpu, memory, gpus, hostDevices } = spec ?? {}
  return [
    cpu?.dedicatedCPUPlacement && 'dedicated CPUs',
    cpu?.numa?.guestMappingPassthrough && 'NUMA',
    cpu?.realtime && 'realtime',
    memory?.hugepages && `huge pages ${memory.hugepages.pageSize ?? ''}`.trim(),
    memory?.overcommitPercent && `${memory.overcommitPercent} % of the memory overcommitted`,
    ...deviceWords(gpus),
    ...deviceWords(hostDevices),
  ].filter((words): words is string => typeof words === 'string')
}

/** `linux`, `windows`, `legacy`; empty where it isn't said. */
export function osOf({ metadata }: Preference): string {
  return metadata.labels?.['instancetype.kubevirt.io/os-type'] ?? ''
}

/** What a VM needs at least: `2 CPUs, 4 GiB`. */
export function requirementWords({ spec }: Preference): string {
  const { cpu, memory } = spec?.requirements ?? {}
  return [
    cpu?.guest !== undefined && (cpu.guest === 1 ? '1 CPU' : `${cpu.guest} CPUs`),
    memory?.guest !== undefined && formatQuantity(memory.guest),
  ]
    .filter(Boolean)
    .join(', ')
}

export function firmwareWords({ spec }: Preference): string {
  const efi = spec?.firmware?.preferredEfi
  if (!efi) return ''
  return efi.secureBoot === false ? 'UEFI without secure boot' : 'UEFI with secure boot'
}

/** How people call it, where it says so. */
export function displayName({ metadata }: KubeObject): string {
  const annotations = metadata.annotations ?? {}
  return (
    annotations['instancetype.kubevirt.io/displayName'] ??
    annotations['openshift.io/display-name'] ??
    ''
  )
}
