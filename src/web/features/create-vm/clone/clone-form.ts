/** The fields of the form that clones, their syntax, and the VirtualMachineClone they describe. */
import { z } from 'zod'

import type { FieldRule } from '../../../../kube/admission-fields.ts'
import type { VirtualMachine, VirtualMachineSnapshot } from '../../../../kube/kinds.ts'
import { templateSpec } from '../../../../kube/vm-devices.ts'

export const cloneSchema = z.object({
  /** `KIND/NAME` */
  source: z.string().min(1, 'Choose what to clone.'),
  cloneName: z
    .string()
    .trim()
    .max(63, 'At most 63 characters.')
    .regex(
      /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
      'Lower-case letters, digits and dashes; a letter or digit at both ends.',
    ),
  /** By NIC; empty for an address that is made anew. */
  macs: z.record(z.string(), z.string()),
  serial: z.string(),
  /** Filters in KubeVirt's syntax, apart by spaces; empty takes over all. */
  labels: z.string(),
  annotations: z.string(),
})

export type CloneValues = z.input<typeof cloneSchema>

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}

/** `name` is that of the VirtualMachineClone itself, which nobody looks for. */
export function cloneManifest(
  { source, cloneName, macs, serial, labels, annotations }: CloneValues,
  { namespace, name }: { namespace: string; name: string },
) {
  const [kind = '', sourceName = ''] = source.split('/')
  const given = Object.entries(macs)
    .map(([nic, mac]) => [nic, mac.trim()])
    .filter(([, mac]) => mac !== '')
  return {
    apiVersion: 'clone.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClone',
    metadata: { name, namespace },
    spec: {
      source: {
        apiGroup: kind === 'VirtualMachine' ? 'kubevirt.io' : 'snapshot.kubevirt.io',
        kind,
        name: sourceName,
      },
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: cloneName.trim() },
      ...(given.length > 0 && {
        newMacAddresses: Object.fromEntries(given) as Record<string, string>,
      }),
      ...(serial.trim() !== '' && { newSMBiosSerial: serial.trim() }),
      ...(words(labels).length > 0 && { labelFilters: words(labels) }),
      ...(words(annotations).length > 0 && { annotationFilters: words(annotations) }),
    },
  }
}

/** Where the causes of a refusal belong (KubeVirt's vmclone-admitter.go). */
export const cloneRules: readonly FieldRule<string>[] = [
  { path: 'target*', field: 'cloneName' },
  { path: 'Target*', field: 'cloneName' },
  { path: 'source*', field: 'source' },
  { path: 'Source*', field: 'source' },
  { path: 'labels', field: 'labels' },
  { path: 'annotations', field: 'annotations' },
]

/** A rule for each NIC: what is said of its address. */
export function macRules(nics: readonly string[]): FieldRule<string>[] {
  return nics.map((nic) => ({ path: `newMacAddresses.${nic}`, field: `macs.${nic}` }))
}

/** Volumes that KubeVirt can't take a snapshot of, with its reasons: a clone would wait for them. */
export function unclonable(vm: VirtualMachine): { name: string; reason: string }[] {
  return (templateSpec(vm).volumes ?? [])
    .filter(({ persistentVolumeClaim, dataVolume }) => persistentVolumeClaim ?? dataVolume)
    .flatMap(({ name }) => {
      const known = vm.status?.volumeSnapshotStatuses?.find((one) => one.name === name)
      if (known?.enabled === true) return []
      return [{ name, reason: known?.reason ?? 'Whether it can be snapshotted isn’t known yet.' }]
    })
}

export interface CloneSource {
  /** `KIND/NAME` */
  value: string
  description: string
  /** The VM that is cloned, or that the snapshot is of, if it is still there. */
  vm: VirtualMachine | undefined
  /** Why it can't be cloned now. */
  problem?: string
}

/** VMs by name, then their snapshots. */
export function cloneSources(
  vms: readonly VirtualMachine[],
  snapshots: readonly VirtualMachineSnapshot[],
): CloneSource[] {
  const byName = new Map(vms.map((vm) => [vm.metadata.name, vm]))
  const machines = vms.map((vm) => ({
    value: `VirtualMachine/${vm.metadata.name}`,
    description: vm.status?.printableStatus ?? '',
    vm,
  }))
  const kept = snapshots
    // Those of clones that are under way.
    .filter(({ metadata }) => !metadata.ownerReferences?.some((one) => one.controller === true))
    .map(({ metadata, spec, status }) => ({
      value: `VirtualMachineSnapshot/${metadata.name}`,
      description: `Snapshot of ${spec.source.name}${status?.creationTime === undefined ? '' : `, ${status.creationTime}`}`,
      vm: byName.get(spec.source.name),
      ...(status?.readyToUse !== true && {
        problem: 'This snapshot isn’t ready yet; the clone waits for it.',
      }),
    }))
  const order = (one: CloneSource, other: CloneSource) => one.value.localeCompare(other.value)
  return [...machines.toSorted(order), ...kept.toSorted(order)]
}
