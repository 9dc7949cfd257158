import { describe, expect, it } from 'vitest'

import type {
  DataVolume,
  PersistentVolumeClaim,
  VirtualMachine,
  VirtualMachineInstance,
} from '../../../../kube/kinds.ts'
import { defaultKubeVirtConfig } from '../../../../kube/kubevirt-config.ts'
import { drivesOf, mediaOf } from './drives.ts'

const drive = { name: 'cdrom', cdrom: { bus: 'sata' } }
const root = { name: 'root', disk: { bus: 'virtio' } }
const rootVolume = { name: 'root', containerDisk: { image: 'debian' } }
const tools = {
  name: 'cdrom',
  persistentVolumeClaim: { claimName: 'tools', hotpluggable: true },
}

function spec(volumes: object[]) {
  return { domain: { devices: { disks: [root, drive] } }, volumes: [rootVolume, ...volumes] }
}
function vm(...volumes: object[]): VirtualMachine {
  return {
    metadata: { name: 'web-1', namespace: 'demo' },
    spec: { template: { spec: spec(volumes) } },
  } as unknown as VirtualMachine
}
function vmi(volumes: object[], volumeStatus: object[] = []): VirtualMachineInstance {
  return {
    spec: spec(volumes),
    status: { phase: 'Running', volumeStatus },
  } as unknown as VirtualMachineInstance
}
const only = (machine: VirtualMachine, instance: VirtualMachineInstance | undefined) =>
  drivesOf(machine, instance, defaultKubeVirtConfig)[0]

describe('a CD-ROM drive', () => {
  it('is empty, and nothing is under way', () => {
    expect(only(vm(), vmi([]))).toMatchObject({
      name: 'cdrom',
      content: undefined,
      pending: undefined,
    })
    expect(drivesOf(vm(), vmi([]), defaultKubeVirtConfig)).toHaveLength(1)
  })

  it('is being filled until its volume is ready', () => {
    expect(only(vm(tools), vmi([]))).toMatchObject({
      content: 'tools',
      pending: 'Being inserted.',
    })
    const mounted = { name: 'cdrom', phase: 'MountedToPod', message: 'Mounted.', hotplugVolume: {} }
    expect(only(vm(tools), vmi([tools], [mounted]))?.pending).toBe('Being inserted. Mounted.')
    const ready = { name: 'cdrom', phase: 'Ready', message: 'Attached', hotplugVolume: {} }
    expect(only(vm(tools), vmi([tools], [ready]))?.pending).toBeUndefined()
  })

  it('is being emptied until its volume is gone from the status', () => {
    const detaching = { name: 'cdrom', phase: 'Detaching', hotplugVolume: {} }
    expect(only(vm(), vmi([tools], [detaching]))?.pending).toMatch(/^Being ejected/)
    expect(only(vm(), vmi([], [detaching]))?.pending).toMatch(/unmount it there/)
  })

  it('waits for a restart with what can’t go while the VM runs', () => {
    const fixed = { name: 'cdrom', containerDisk: { image: 'registry.example/virtio-win' } }
    expect(only(vm(fixed), vmi([fixed]))).toMatchObject({
      content: 'registry.example/virtio-win',
      pending: undefined,
    })
    expect(only(vm(), vmi([fixed]))?.pending).toMatch(/restarted/)
  })

  it('of a stopped VM has what the VM says', () => {
    expect(only(vm(tools), undefined)).toMatchObject({ content: 'tools', pending: undefined })
  })
})

describe('what can be inserted', () => {
  const claim = (name: string, more: object = {}) =>
    ({
      metadata: { name, ...more },
      spec: { resources: { requests: { storage: '64Mi' } } },
    }) as unknown as PersistentVolumeClaim
  const dataVolume = (name: string, phase: string, url?: string) =>
    ({
      metadata: { name },
      spec: { source: url === undefined ? { blank: {} } : { http: { url } } },
      status: { phase },
    }) as unknown as DataVolume

  it('are filled claims that the VM has not, ISO images first', () => {
    const media = mediaOf(
      [
        claim('data'),
        claim('tools'),
        claim('debian-13'),
        claim('win-iso'),
        claim('half'),
        claim('leaving', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
        claim('isolated'),
      ],
      [
        dataVolume('debian-13', 'Succeeded', 'https://images.example/debian-13.iso'),
        dataVolume('half', 'ImportInProgress', 'https://images.example/half.iso'),
      ],
      new Map([
        ['data', ['db-1']],
        // Out of date.
        ['win-iso', ['web-1']],
      ]),
      vm(tools),
    )
    expect(media).toEqual([
      { claimName: 'debian-13', isDataVolume: true, description: 'ISO image · 64 MiB' },
      { claimName: 'win-iso', isDataVolume: false, description: 'ISO image · 64 MiB' },
      {
        claimName: 'data',
        isDataVolume: false,
        description: 'not known as an ISO image · 64 MiB · used by db-1',
      },
      {
        claimName: 'isolated',
        isDataVolume: false,
        description: 'not known as an ISO image · 64 MiB',
      },
    ])
  })
})
