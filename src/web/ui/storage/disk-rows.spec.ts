import { describe, expect, it } from 'vitest'

import type {
  DataVolume,
  PersistentVolumeClaim,
  VirtualMachine,
  VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { defaultKubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import type { Volume } from '../../../kube/vm-devices.ts'
import { diskRows, growthOf, type DiskSources } from './disk-rows.ts'

function claim(name: string, status: object, requested = '20Gi'): PersistentVolumeClaim {
  return {
    metadata: { name, namespace: 'demo' },
    spec: { storageClassName: 'fast', resources: { requests: { storage: requested } } },
    status,
  } as unknown as PersistentVolumeClaim
}

const bound = { phase: 'Bound', capacity: { storage: '20Gi' } }
const sources: DiskSources = {
  claims: [claim('data', bound), claim('image', { phase: 'Pending' })],
  dataVolumes: [
    {
      metadata: { name: 'image' },
      status: { phase: 'ImportInProgress', progress: '37.25%' },
    } as unknown as DataVolume,
  ],
  config: defaultKubeVirtConfig,
}

interface Part {
  disks: object[]
  volumes: object[]
}
const data: Part = {
  disks: [{ name: 'data', disk: { bus: 'virtio' }, bootOrder: 1 }],
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data', hotpluggable: true } }],
}
const none: Part = { disks: [], volumes: [] }

function spec({ disks, volumes }: Part) {
  return { domain: { devices: { disks } }, volumes }
}
function vm(part: Part) {
  return { metadata: {}, spec: { template: { spec: spec(part) } } } as unknown as VirtualMachine
}
function vmi(part: Part, volumeStatus: object[] = []) {
  return {
    metadata: {},
    spec: spec(part),
    status: { phase: 'Running', volumeStatus },
  } as unknown as VirtualMachineInstance
}

describe('rows', () => {
  it('join disk, volume and claim', () => {
    expect(diskRows(vm(data), undefined, sources)).toMatchObject([
      {
        name: 'data',
        sourceType: 'PVC',
        sourceName: 'data',
        size: '20 GiB',
        bus: 'virtio',
        type: 'Disk',
        storageClass: 'fast',
        status: 'PVC bound',
        bootOrder: '1',
      },
    ])
  })

  it('tell the progress of a DataVolume', () => {
    const part = {
      disks: [{ name: 'root', disk: {} }],
      volumes: [{ name: 'root', dataVolume: { name: 'image' } }],
    }
    expect(diskRows(vm(part), undefined, sources)[0]?.status).toBe(
      'DataVolume: Import In Progress, 37.25%',
    )
  })

  it('tell the phase of a volume, and the cluster’s words while it isn’t ready', () => {
    const status = { name: 'data', phase: 'AttachedToNode', message: 'Created hotplug pod' }
    expect(diskRows(vm(data), vmi(data, [status]), sources)[0]).toMatchObject({
      status: 'Attached to the node',
      message: 'Created hotplug pod',
    })
  })

  it('show an empty drive and a volume without a disk', () => {
    const part = {
      disks: [{ name: 'cd', cdrom: { bus: 'sata' } }],
      volumes: [{ name: 'dump', memoryDump: { claimName: 'dump' } }],
    }
    expect(diskRows(vm(part), undefined, sources)).toMatchObject([
      { name: 'cd', sourceType: 'Empty drive', type: 'CD-ROM' },
      { name: 'dump', sourceType: 'Memory dump', type: 'No disk' },
    ])
  })

  it.each<[string, Part, Part, (string | undefined)[]]>([
    ['none', data, data, [undefined]],
    ['plugging', data, none, ['Hotplugging']],
    ['unplugging', none, data, ['Unplugging']],
    [
      'an added disk that can’t be plugged',
      { disks: [{ name: 'data', disk: { bus: 'sata' } }], volumes: data.volumes },
      none,
      ['Added on restart'],
    ],
  ])('mark what is pending: %s', (_name, wanted, running, marks) => {
    const rows = diskRows(vm(wanted), vmi(running), sources)
    expect(rows.map(({ pending }) => pending)).toEqual(marks)
  })
})

// v1.9.0 staging/src/kubevirt.io/api/core/v1/schema.go, VolumeSource.
it.each<[object, string, string]>([
  [{ persistentVolumeClaim: { claimName: 'a' } }, 'PVC', 'a'],
  [{ dataVolume: { name: 'a' } }, 'DataVolume', 'a'],
  [{ containerDisk: { image: 'quay.io/x:1' } }, 'Container disk', 'quay.io/x:1'],
  [{ cloudInitNoCloud: { secretRef: { name: 'a' } } }, 'Cloud-init (NoCloud)', 'a'],
  [{ cloudInitConfigDrive: {} }, 'Cloud-init (config drive)', ''],
  [{ ephemeral: { persistentVolumeClaim: { claimName: 'a' } } }, 'Ephemeral', 'a'],
  [{ emptyDisk: { capacity: '1Gi' } }, 'Empty disk', ''],
  [{ sysprep: { configMap: { name: 'a' } } }, 'Sysprep', 'a'],
  [{ sysprep: { secret: { name: 'a' } } }, 'Sysprep', 'a'],
  [{ configMap: { name: 'a' } }, 'ConfigMap', 'a'],
  [{ secret: { secretName: 'a' } }, 'Secret', 'a'],
  [{ serviceAccount: { serviceAccountName: 'a' } }, 'ServiceAccount', 'a'],
  [{ hostDisk: { path: '/a.img', type: 'Disk' } }, 'Host disk', '/a.img'],
  [{ downwardMetrics: {} }, 'Downward metrics', ''],
  [{ downwardAPI: {} }, 'Downward API', ''],
  [{ containerPath: { path: '/a' } }, 'Container path', '/a'],
  [{ memoryDump: { claimName: 'a' } }, 'Memory dump', 'a'],
  [{ quantumDisk: {} }, 'quantumDisk', ''],
])('show the volume %o', (source, sourceType, sourceName) => {
  const part = {
    disks: [{ name: 'x', disk: {} }],
    volumes: [{ name: 'x', ...source } as Volume],
  }
  expect(diskRows(vm(part), undefined, sources)).toMatchObject([{ sourceType, sourceName }])
})

it('say that a claim is missing, once all are known', () => {
  const status = (areClaimsKnown: boolean) =>
    diskRows(vm(data), undefined, { ...sources, claims: [], areClaimsKnown })[0]?.status
  expect(status(true)).toBe('PVC not found')
  expect(status(false)).toBe('')
})

it.each<[string, PersistentVolumeClaim, string | undefined]>([
  ['at rest', claim('c', bound), undefined],
  ['asked for', claim('c', bound, '30Gi'), 'Growing to 30 GiB'],
  [
    'waiting for the file system',
    claim(
      'c',
      { ...bound, conditions: [{ type: 'FileSystemResizePending', status: 'True' }] },
      '30Gi',
    ),
    'Growing: waits for the file system to be mounted',
  ],
  [
    'failed',
    claim(
      'c',
      {
        ...bound,
        conditions: [{ type: 'ControllerResizeError', status: 'True', message: 'quota' }],
      },
      '30Gi',
    ),
    'Growing failed: quota',
  ],
])('says how growing goes: %s', (_name, pvc, words) => {
  expect(growthOf(pvc)).toBe(words)
})
