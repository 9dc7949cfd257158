/** When a change of a NIC or disk takes effect: one answer for forms and for pending marks. */
import type { VirtualMachine, VirtualMachineInstance } from './kinds.ts'
import { defaultKubeVirtConfig, type KubeVirtConfig } from './kubevirt-config.ts'
import {
  busOf,
  diskTypeOf,
  isHotpluggable,
  type DiskEntry,
  type DiskType,
  type Nic,
} from './vm-devices.ts'

/** `none`: the running VM already is as described. `start`: the VM is stopped. */
export type ApplyTime = 'none' | 'now' | 'migration' | 'restart' | 'start'

export interface Effect {
  when: ApplyTime
  /** One or two sentences for the user. */
  sentence: string
}

/** What the answer depends on, besides the change itself. */
export interface Situation {
  /** `starting`: an instance exists whose guest doesn't run yet. */
  state: 'stopped' | 'starting' | 'running'
  migratable: boolean
  config: KubeVirtConfig
  /** `spec.updateVolumesStrategy: Migration` switches disk hotplug off. */
  migratesVolumes: boolean
}

export function situationOf(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
  config: KubeVirtConfig = defaultKubeVirtConfig,
): Situation {
  const phase = vmi?.status?.phase
  const isGone = !vmi || phase === 'Succeeded' || phase === 'Failed'
  return {
    state: isGone ? 'stopped' : phase === 'Running' ? 'running' : 'starting',
    migratable:
      vmi?.status?.conditions?.some(
        ({ type, status }) => type === 'LiveMigratable' && String(status) === 'True',
      ) ?? false,
    config,
    migratesVolumes: vm?.spec.updateVolumesStrategy === 'Migration',
  }
}

const none: Effect = { when: 'none', sentence: 'Nothing changes.' }
const onStart: Effect = {
  when: 'start',
  sentence: 'The VM is stopped.',
}
export const onRestart: Effect = {
  when: 'restart',
  sentence: 'This waits until the VM is restarted; until then it runs as before.',
}

/** What needs a live migration, and who starts it; a VM that can't migrate waits for a restart. */
export function onMigration({ migratable, config }: Situation, what: string): Effect {
  if (!migratable)
    return {
      when: 'restart',
      sentence: `${what} needs a live migration, but this VM can’t be live-migrated: it waits for a restart.`,
    }
  return {
    when: 'migration',
    sentence: config.migratesToApply
      ? `${what} needs a live migration, which KubeVirt starts by itself.`
      : `${what} needs a live migration. This cluster doesn’t start one by itself: it waits until the VM is migrated.`,
  }
}

/** Equal as KubeVirt compares: by value, an absent key being an undefined one. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    isEqual(left[key], right[key]),
  )
}

/** What of a NIC can't change live. */
function fixedPart({ iface, network }: Nic): Record<string, unknown> {
  const { state: _, ...rest } = iface
  const { multus, ...source } = network ?? { name: iface.name }
  return { ...rest, network: { ...source, multus: multus && { ...multus, networkName: '' } } }
}

function isFixedPartEqual(desired: Nic, running: Nic): boolean {
  const wanted = fixedPart(desired)
  // A preference may have chosen the running model.
  return isEqual({ ...wanted, model: wanted['model'] ?? running.iface.model }, fixedPart(running))
}

/**
 * When a NIC becomes as `desired`; `undefined` means deleted from the template, which isn't the
 * same as unplugging it by `state: absent`. `running` is the instance's NIC of the same name.
 *
 * Restart: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/vmliveupdate/restart.go#L34
 * Hotplug: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/controllers/vm.go#L149
 * Migration: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/migration/evaluator.go#L92
 */
export function nicChangeEffect(
  desired: Nic | undefined,
  running: Nic | undefined,
  situation: Situation,
): Effect {
  if (situation.state === 'stopped') return onStart
  if (!running) return desired ? plugEffect(desired, situation) : none
  if (!desired) return onRestart
  if (desired.iface.state === 'absent' && running.iface.state !== 'absent')
    return { when: 'now', sentence: 'The interface is unplugged from the running VM.' }
  if (!isFixedPartEqual(desired, running)) return onRestart
  if (desired.network?.multus?.networkName !== running.network?.multus?.networkName)
    return onMigration(situation, 'Moving to another network')
  if ((desired.iface.state ?? '') !== (running.iface.state ?? ''))
    return { when: 'now', sentence: 'The link state changes in the running VM.' }
  return none
}

function plugEffect({ iface, network }: Nic, situation: Situation): Effect {
  // Without an instance's counterpart, KubeVirt drops the entry again.
  if (iface.state === 'absent') return none
  if (network?.pod)
    return {
      when: 'restart',
      sentence: 'A pod network can’t be plugged in: it waits for a restart.',
    }
  if (iface.bridge)
    return {
      when: 'now',
      sentence:
        'The interface is plugged into the running VM. Where the cluster has no dynamic networks controller, that takes a live migration' +
        (situation.config.migratesToApply
          ? ', which KubeVirt starts by itself after 15 seconds.'
          : ', which someone has to start.'),
    }
  if (iface.sriov) return onMigration(situation, 'Plugging in an SR-IOV interface')
  return {
    when: 'restart',
    sentence:
      'Interfaces of this binding can’t be plugged in: it waits for a restart, which KubeVirt doesn’t ask for.',
  }
}

/** Whether KubeVirt can plug such a device (v1.9.0 pkg/storage/admitters/storagehotplug.go#L68). */
export function canPlug(type: DiskType, bus: string | undefined): boolean {
  return (type !== 'cdrom' && bus === 'scsi') || (type === 'disk' && bus === 'virtio')
}

function isPluggable({ disk, volume }: DiskEntry): boolean {
  return isHotpluggable(volume) && disk !== undefined && canPlug(diskTypeOf(disk), busOf(disk))
}

/** Whether only the medium of a CD-ROM drive differs, and can come and go while the VM runs. */
function isMediumChange(desired: DiskEntry | undefined, running: DiskEntry | undefined): boolean {
  return (
    desired?.disk?.cdrom !== undefined &&
    running?.disk?.cdrom !== undefined &&
    isEqual(withDefaults(desired, running).disk, running.disk) &&
    [desired.volume, running.volume].every((volume) => !volume || isHotpluggable(volume))
  )
}

/**
 * `desired` with what only the instance spells out: left out of the template, it is no change.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/defaults/defaults.go
 */
function withDefaults({ disk, volume }: DiskEntry, running: DiskEntry) {
  const type = disk && diskTypeOf(disk)
  const containerDisk = volume?.containerDisk
  return {
    disk: type && { ...disk, [type]: { bus: running.disk && busOf(running.disk), ...disk[type] } },
    volume: containerDisk
      ? {
          ...volume,
          containerDisk: {
            imagePullPolicy: running.volume?.containerDisk?.imagePullPolicy,
            ...containerDisk,
          },
        }
      : volume,
  }
}

/**
 * When a disk becomes as `desired`; `undefined` means detached. `running` is the instance's disk of
 * the same name.
 *
 * Hotplug: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/hotplug/hotplug.go#L37
 * Restart: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go#L2902
 */
export function diskChangeEffect(
  desired: DiskEntry | undefined,
  running: DiskEntry | undefined,
  situation: Situation,
): Effect {
  if (situation.state === 'stopped') return onStart
  if (!desired && !running) return none
  const filled = desired && running && withDefaults(desired, running)
  if (filled && isEqual(filled, running)) return none
  const isMedium = isMediumChange(desired, running)
  const isPlugged =
    (!desired || isPluggable(desired)) &&
    (!running || isPluggable(running)) &&
    // A disk that stays can only get another volume; its own fields are fixed while it is plugged.
    (!filled || isEqual(filled.disk, running?.disk))
  if (!isPlugged && !isMedium) return onRestart
  if (!situation.config.plugsDisks)
    return {
      when: 'restart',
      sentence: 'This cluster doesn’t plug disks into running VMs: it waits for a restart.',
    }
  if (situation.migratesVolumes)
    return {
      when: 'restart',
      sentence:
        'Disks aren’t plugged while the VM’s volumes are updated by migration (updateVolumesStrategy): it waits for a restart.',
    }
  const moment = situation.state === 'starting' ? ' as soon as it runs' : ''
  if (isMedium)
    return {
      when: 'now',
      sentence: desired?.volume
        ? `The medium is in the drive${moment || ' within seconds'}.${running?.volume ? ' The guest should have unmounted the one before.' : ''}`
        : `The medium is ejected${moment || ' within seconds'}. The guest should have unmounted it.`,
    }
  return {
    when: 'now',
    sentence: !desired
      ? `The disk is unplugged from the VM${moment || ' now'}. The guest should have unmounted it.`
      : `The disk is plugged into the VM${moment || ' while it runs'}.`,
  }
}
