import { describe, expect, it } from 'vitest'

import { diskChangeEffect, nicChangeEffect, type Situation } from './apply-time.ts'
import { defaultKubeVirtConfig } from './kubevirt-config.ts'
import type { DiskEntry, Interface, Nic } from './vm-devices.ts'

const running: Situation = {
  state: 'running',
  migratable: true,
  config: defaultKubeVirtConfig,
  migratesVolumes: false,
}
const stopped: Situation = { ...running, state: 'stopped' }
const pinned: Situation = { ...running, migratable: false }

function secondary(part: Partial<Interface>, networkName = 'lan'): Nic {
  return {
    iface: { name: 'nic-1', ...part },
    network: { name: 'nic-1', multus: { networkName } },
  }
}
const podNic: Nic = {
  iface: { name: 'default', masquerade: {} },
  network: { name: 'default', pod: {} },
}
const bridge = secondary({ bridge: {} })
const sriov = secondary({ sriov: {} })

describe('nicChangeEffect', () => {
  it.each<[string, Nic | undefined, Nic | undefined, Situation, string]>([
    ['anything on a stopped VM', bridge, undefined, stopped, 'start'],
    ['nothing', bridge, bridge, running, 'none'],
    ['add bridge', bridge, undefined, running, 'now'],
    ['add SR-IOV', sriov, undefined, running, 'migration'],
    ['add SR-IOV where it can’t migrate', sriov, undefined, pinned, 'restart'],
    ['add pod network', podNic, undefined, running, 'restart'],
    [
      'add binding plugin',
      secondary({ binding: { name: 'l2bridge' } }),
      undefined,
      running,
      'restart',
    ],
    ['add as absent', secondary({ bridge: {}, state: 'absent' }), undefined, running, 'none'],
    ['unplug', secondary({ bridge: {}, state: 'absent' }), bridge, running, 'now'],
    ['delete from the template', undefined, bridge, running, 'restart'],
    ['link down', secondary({ bridge: {}, state: 'down' }), bridge, running, 'now'],
    ['other network', secondary({ bridge: {} }, 'wan'), bridge, running, 'migration'],
    ['other network, can’t migrate', secondary({ bridge: {} }, 'wan'), bridge, pinned, 'restart'],
    [
      'other MAC',
      secondary({ bridge: {}, macAddress: '02:00:5e:10:00:01' }),
      bridge,
      running,
      'restart',
    ],
    ['other model', secondary({ bridge: {}, model: 'e1000e' }), bridge, running, 'restart'],
    ['other binding', secondary({ sriov: {} }), bridge, running, 'restart'],
    [
      'other ports',
      { ...podNic, iface: { ...podNic.iface, ports: [{ port: 22 }] } },
      podNic,
      running,
      'restart',
    ],
    [
      'link down and other MAC',
      secondary({ bridge: {}, state: 'down', macAddress: '02:00:5e:10:00:01' }),
      bridge,
      running,
      'restart',
    ],
    [
      'a model from a preference',
      bridge,
      secondary({ bridge: {}, model: 'virtio' }),
      running,
      'none',
    ],
    [
      'pod to secondary',
      { iface: podNic.iface, network: { name: 'default', multus: { networkName: 'lan' } } },
      podNic,
      running,
      'restart',
    ],
  ])('%s', (_name, desired, current, situation, when) => {
    expect(nicChangeEffect(desired, current, situation).when).toBe(when)
  })

  it('says who starts the migration', () => {
    const automatic = { ...running, config: { ...defaultKubeVirtConfig, migratesToApply: true } }
    expect(nicChangeEffect(sriov, undefined, automatic).sentence).toContain('starts by itself')
    expect(nicChangeEffect(sriov, undefined, running).sentence).toContain(
      'until the VM is migrated',
    )
  })
})

function disk(
  bus: string,
  hotpluggable: boolean,
  part: Partial<DiskEntry['disk']> = {},
): DiskEntry {
  return {
    disk: { name: 'd', disk: { bus }, ...part },
    volume: {
      name: 'd',
      persistentVolumeClaim: { claimName: 'c', ...(hotpluggable && { hotpluggable }) },
    },
  }
}
const cdrom: DiskEntry = {
  ...disk('sata', true),
  disk: { name: 'd', cdrom: { bus: 'sata' } },
}
const lun: DiskEntry = { ...disk('scsi', true), disk: { name: 'd', lun: { bus: 'scsi' } } }
const medium = (claimName?: string, hotpluggable = true): DiskEntry => ({
  disk: { name: 'd', cdrom: { bus: 'sata' } },
  volume: claimName ? { name: 'd', persistentVolumeClaim: { claimName, hotpluggable } } : undefined,
})
const noPlugging = { ...running, config: { ...defaultKubeVirtConfig, plugsDisks: false } }

describe('diskChangeEffect', () => {
  it.each<[string, DiskEntry | undefined, DiskEntry | undefined, Situation, string]>([
    ['anything on a stopped VM', disk('virtio', true), undefined, stopped, 'start'],
    ['attach virtio', disk('virtio', true), undefined, running, 'now'],
    ['attach scsi', disk('scsi', true), undefined, running, 'now'],
    ['attach a LUN', lun, undefined, running, 'now'],
    ['attach sata', disk('sata', true), undefined, running, 'restart'],
    ['attach, not hotpluggable', disk('virtio', false), undefined, running, 'restart'],
    ['attach a CD-ROM drive', cdrom, undefined, running, 'restart'],
    ['attach where disks aren’t plugged', disk('virtio', true), undefined, noPlugging, 'restart'],
    [
      'attach during volume migration',
      disk('virtio', true),
      undefined,
      { ...running, migratesVolumes: true },
      'restart',
    ],
    [
      'attach while it starts',
      disk('virtio', true),
      undefined,
      { ...running, state: 'starting' },
      'now',
    ],
    ['detach hotplugged', undefined, disk('virtio', true), running, 'now'],
    ['detach permanent', undefined, disk('virtio', false), running, 'restart'],
    ['detach a CD-ROM drive', undefined, cdrom, running, 'restart'],
    ['insert a medium', medium('iso'), medium(), running, 'now'],
    [
      'insert a medium, the bus left to the cluster',
      { ...medium('iso'), disk: { name: 'd', cdrom: {} } },
      medium(),
      running,
      'now',
    ],
    ['swap a medium', medium('iso'), medium('other'), running, 'now'],
    ['eject a medium', medium(), medium('iso'), running, 'now'],
    ['insert a medium for good', medium('iso', false), medium(), running, 'restart'],
    ['eject a medium that was there for good', medium(), medium('iso', false), running, 'restart'],
    ['insert a medium into a new drive', medium('iso'), undefined, running, 'restart'],
    ['insert a medium where disks aren’t plugged', medium('iso'), medium(), noPlugging, 'restart'],
    ['nothing', disk('virtio', false), disk('virtio', false), running, 'none'],
    [
      'nothing but the bus and pull policy that the instance spells out',
      {
        disk: { name: 'd' },
        volume: { name: 'd', containerDisk: { image: 'registry.example/os:1' } },
      },
      {
        disk: { name: 'd', disk: { bus: 'sata' } },
        volume: {
          name: 'd',
          containerDisk: { image: 'registry.example/os:1', imagePullPolicy: 'IfNotPresent' },
        },
      },
      running,
      'none',
    ],
    [
      'other serial',
      disk('virtio', true, { serial: 'x' }),
      disk('virtio', true),
      running,
      'restart',
    ],
    [
      'other claim of a hotplugged disk',
      {
        ...disk('virtio', true),
        volume: { name: 'd', persistentVolumeClaim: { claimName: 'e', hotpluggable: true } },
      },
      disk('virtio', true),
      running,
      'now',
    ],
  ])('%s', (_name, desired, current, situation, when) => {
    expect(diskChangeEffect(desired, current, situation).when).toBe(when)
  })
})
