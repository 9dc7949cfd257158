/** What a VM's template asks for and its running instance hasn't got yet, each with its way back. */
import {
  diskChangeEffect,
  nicChangeEffect,
  onRestart,
  situationOf,
  type Effect,
  type Situation,
} from './apply-time.ts'
import type { JsonPatchOperation } from './client.ts'
import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import type { KubeVirtConfig } from './kubevirt-config.ts'
import { hasSize, sizeChangeEffect, type LiveSize } from './size-change.ts'
import { changeWords, memberChanges, valueChanges, type ValueChange } from './value-diff.ts'
import {
  disksOf,
  hasImplicitPodNetwork,
  nicsOf,
  templateSpec,
  type DiskEntry,
  type Nic,
} from './vm-devices.ts'
import { guards, templatePath } from './vm-patch.ts'

type VmSpec = VirtualMachine['spec']

export interface PendingChange {
  /** Unlike any other of the VM. */
  key: string
  /** What changes, e.g. “Network interface nic-1 is added”. */
  title: string
  /** How, a line each, in the API's names. */
  details: string[]
  effect: Effect
  /** Takes this change back and leaves the others. */
  revert: JsonPatchOperation[]
}

/**
 * Changes that wait for a live migration or a restart. What is on its way by itself isn't among them.
 * Devices are compared with the running instance. Of the rest, the instance spells out much that the
 * template leaves to defaults, so it is compared with `started`, the VM's spec as KubeVirt kept it when
 * the instance was made (data.spec of the ControllerRevision `status.virtualMachineRevisionName`,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go, createVMRevision);
 * without it, only devices are told.
 */
export function pendingChanges(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  config: KubeVirtConfig,
  started: VmSpec | undefined,
): PendingChange[] {
  const situation = situationOf(vm, vmi, config)
  if (!vmi || situation.state === 'stopped') return []
  const devices = [...nicChanges(vm, vmi, situation), ...diskChanges(vm, vmi, situation)]
  return [...devices, ...(started ? otherChanges(vm, vmi, started, situation, devices) : [])]
}

const isWaiting = ({ when }: Effect) => when === 'migration' || when === 'restart'

function deviceTitle(what: string, before: unknown, after: unknown): string {
  return `${what} ${before === undefined ? 'is added' : after === undefined ? 'is removed' : 'changes'}`
}

function nicChanges(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  situation: Situation,
): PendingChange[] {
  const spec = templateSpec(vm)
  if (hasImplicitPodNetwork(spec)) return []
  const nameOf = ({ iface }: Nic) => iface.name
  return pairs(nicsOf(spec), nicsOf(vmi.spec), nameOf).flatMap(([name, desired, running]) => {
    const effect = nicChangeEffect(desired, running, situation)
    if (!isWaiting(effect) || running?.iface.state === 'absent') return []
    const { interfaces } = spec.domain.devices
    const { networks } = spec
    return [
      {
        key: `nic/${name}`,
        title: deviceTitle(`Network interface ${name}`, running, desired),
        details: desired && running ? valueChanges(running, desired).map(changeWords) : [],
        effect,
        revert: [
          ...guards(vm, { '/networks': networks, '/domain/devices/interfaces': interfaces }),
          putBack('/networks', networks, name, running?.network),
          putBack('/domain/devices/interfaces', interfaces, name, running?.iface),
        ],
      },
    ]
  })
}

function diskChanges(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  situation: Situation,
): PendingChange[] {
  const spec = templateSpec(vm)
  const nameOf = ({ disk, volume }: DiskEntry) => disk?.name ?? volume?.name ?? ''
  return pairs(disksOf(spec), disksOf(vmi.spec), nameOf).flatMap(([name, desired, running]) => {
    const effect = diskChangeEffect(desired, running, situation)
    if (!isWaiting(effect)) return []
    const { disks } = spec.domain.devices
    const { volumes } = spec
    return [
      {
        key: `disk/${name}`,
        title: deviceTitle(`Disk ${name}`, running, desired),
        details: desired && running ? valueChanges(running, desired).map(changeWords) : [],
        effect,
        revert: [
          ...guards(vm, { '/volumes': volumes, '/domain/devices/disks': disks }),
          putBack('/volumes', volumes, name, running?.volume),
          putBack('/domain/devices/disks', disks, name, running?.disk),
        ],
      },
    ]
  })
}

/** By name, in the order of the template, then what only runs. */
function pairs<T>(
  desired: readonly T[],
  running: readonly T[],
  nameOf: (entry: T) => string,
): [name: string, desired: T | undefined, running: T | undefined][] {
  const names = new Set([...desired, ...running].map(nameOf))
  return [...names].map((name) => [
    name,
    desired.find((entry) => nameOf(entry) === name),
    running.find((entry) => nameOf(entry) === name),
  ])
}

/** A list of the template with one entry as it runs, or without it. */
function putBack(
  path: string,
  list: readonly { name: string }[] | undefined = [],
  name: string,
  entry: { name: string } | undefined,
): JsonPatchOperation {
  const isListed = list.some((one) => one.name === name)
  const value = entry
    ? isListed
      ? list.map((one) => (one.name === name ? entry : one))
      : [...list, entry]
    : list.filter((one) => one.name !== name)
  return { op: 'add', path: `${templatePath}${path}`, value }
}

/** What a running VM takes up by itself, or what has been compared above. */
const passedOver = [
  /^spec\.template\.metadata/,
  /^spec\.template\.spec\.(networks|volumes)\b/,
  /^spec\.template\.spec\.domain\.devices\.(interfaces|disks)\b/,
]

/** Taken up live by a cluster that updates live. */
const placement = /^spec\.template\.spec\.(nodeSelector|affinity|tolerations)\b/

const liveSizes: Record<string, LiveSize> = {
  'spec.template.spec.domain.cpu.sockets': 'cpu.sockets',
  'spec.template.spec.domain.memory.guest': 'memory.guest',
}

function otherChanges(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  started: VmSpec,
  situation: Situation,
  devices: readonly PendingChange[],
): PendingChange[] {
  const read = ({ template, instancetype, preference }: VmSpec) => ({
    spec: { instancetype, preference, template },
  })
  const passed = situation.config.updatesLive ? [...passedOver, placement] : passedOver
  const changes = memberChanges(read(started), read(vm.spec))
    .filter(({ path }) => !passed.some((pattern) => pattern.test(path.join('.'))))
    .filter((change) => !isApplied(vmi, change))
  const sizeOf = ({ path }: ValueChange) => liveSizes[path.join('.')]
  const waitsForRestart =
    devices.some(({ effect }) => effect.when === 'restart') ||
    changes.some((change) => sizeOf(change) === undefined)
  return changes.map((change) => {
    const name = change.path.filter((key) => key !== 'spec' && key !== 'template')
    const size = sizeOf(change)
    return {
      key: change.path.join('/'),
      title: `${name.join('.')} changes`,
      details: [changeWords({ ...change, path: [] })],
      effect:
        size === undefined
          ? onRestart
          : sizeChangeEffect(size, vm, vmi, situation, waitsForRestart),
      revert: takeBack(change),
    }
  })
}

/** Whether the instance has it already, as CPUs and memory that were plugged. */
function isApplied(vmi: VirtualMachineInstance, { path, after }: ValueChange): boolean {
  const [, , , ...place] = path
  if (path[1] !== 'template' || after === undefined) return false
  const size = liveSizes[path.join('.')]
  if (size !== undefined) return hasSize(vmi, size, after)
  const found = place.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    vmi.spec,
  )
  return JSON.stringify(found) === JSON.stringify(after)
}

function takeBack({ path, before, after }: ValueChange): JsonPatchOperation[] {
  const pointer = `/${path.map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
  return [
    ...(after === undefined ? [] : [{ op: 'test' as const, path: pointer, value: after }]),
    before === undefined
      ? { op: 'remove', path: pointer }
      : { op: 'add', path: pointer, value: before },
  ]
}
