/**
 * Which template changes a running VMI takes up, and which wait for a restart.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go (syncRestartRequired),
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/vmliveupdate/restart.go
 */
import { isDeepStrictEqual } from 'node:util'

import type { Disk, Interface, Network, VmiSpec, Volume } from '../kubevirt/objects.ts'

export interface RolloutRules {
  /** `vmRolloutStrategy: LiveUpdate`, the default. */
  liveUpdate: boolean
  /** Whether the VMI could move to where another network is. */
  migratable: boolean
}

/**
 * Whether the difference between what a VMI was started from and what is wanted now needs a
 * restart; of both, the template with instance type and preference applied.
 */
export function needsRestart(started: VmiSpec, wanted: VmiSpec, rules: RolloutRules): boolean {
  if (isDeepStrictEqual(started, wanted)) return false
  const expected = structuredClone(wanted)
  if (rules.liveUpdate) acceptPlaceAndSize(started, expected)
  if (!rules.migratable && changesNetworkNames(started, expected)) return true
  if (!acceptVolumes(started, expected) || !acceptNetworks(started, expected)) return true
  return !isDeepStrictEqual(started, expected)
}

/** Takes over what other nodes or a larger machine can give. */
function acceptPlaceAndSize(started: VmiSpec, expected: VmiSpec): void {
  for (const field of ['nodeSelector', 'affinity', 'tolerations'] as const)
    assignOrDelete(expected, field, started[field])
  const { cpu, memory } = expected.domain
  if (cpu && started.domain.cpu) assignOrDelete(cpu, 'sockets', started.domain.cpu.sockets)
  if (memory?.guest !== undefined) {
    assignOrDelete(memory, 'guest', started.domain.memory?.guest)
    if (!started.domain.memory) delete expected.domain.memory
  }
}

function changesNetworkNames(started: VmiSpec, expected: VmiSpec): boolean {
  return (started.networks ?? []).some(({ name, multus }) => {
    const now = networkOf(expected, name)
    return multus && now?.multus && now.multus.networkName !== multus.networkName
  })
}

export function isHotpluggable(volume: Volume): boolean {
  return Boolean(volume.persistentVolumeClaim?.hotpluggable ?? volume.dataVolume?.hotpluggable)
}

/**
 * Takes over the started volumes and disks when only hotpluggable ones differ, and no CD-ROM drive is
 * gone: its medium can be, the drive can't.
 */
function acceptVolumes(started: VmiSpec, expected: VmiSpec): boolean {
  const fixed = (spec: VmiSpec): Volume[] => (spec.volumes ?? []).filter((v) => !isHotpluggable(v))
  if (!isDeepStrictEqual(fixed(started), fixed(expected))) return false
  const hot = new Set(
    [...(started.volumes ?? []), ...(expected.volumes ?? [])]
      .filter(isHotpluggable)
      .map(({ name }) => name),
  )
  const fixedDisks = (spec: VmiSpec): Disk[] =>
    (spec.domain.devices.disks ?? []).filter(({ name }) => !hot.has(name))
  if (!isDeepStrictEqual(fixedDisks(started), fixedDisks(expected))) return false
  const disks = expected.domain.devices.disks ?? []
  const isDriveGone = started.domain.devices.disks?.some(
    ({ name, cdrom }) => cdrom && !disks.some((disk) => disk.name === name),
  )
  if (isDriveGone) return false
  assignOrDelete(expected, 'volumes', started.volumes)
  assignOrDelete(expected.domain.devices, 'disks', started.domain.devices.disks)
  return true
}

/** Takes over the started interfaces when all differences are plugs, unplugs or link states. */
function acceptNetworks(started: VmiSpec, expected: VmiSpec): boolean {
  const before = started.domain.devices.interfaces ?? []
  const after = expected.domain.devices.interfaces ?? []
  for (const nic of before) {
    const now = after.find(({ name }) => name === nic.name)
    if (!now) {
      if (nic.state === 'absent') continue
      return false
    }
    if (!isDeepStrictEqual({ ...nic, state: undefined }, { ...now, state: undefined })) return false
    const network = networkOf(expected, nic.name)
    const old = networkOf(started, nic.name)
    if (!network || !old || Boolean(network.pod) !== Boolean(old.pod)) return false
  }
  for (const nic of after) {
    if (before.some(({ name }) => name === nic.name)) continue
    if (!isPluggable(nic, networkOf(expected, nic.name))) return false
  }
  assignOrDelete(expected.domain.devices, 'interfaces', started.domain.devices.interfaces)
  assignOrDelete(expected, 'networks', started.networks)
  return true
}

/** An interface that a running VMI can get: bridge or SR-IOV on a secondary network. */
export function isPluggable(nic: Interface, network: Network | undefined): boolean {
  if (!network?.multus || network.multus.default) return false
  return nic.binding !== undefined || nic.bridge !== undefined || nic.sriov !== undefined
}

export function networkOf(spec: VmiSpec, name: string): Network | undefined {
  return spec.networks?.find((network) => network.name === name)
}

function assignOrDelete(target: object, field: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(target, field)
  else Reflect.set(target, field, value)
}
