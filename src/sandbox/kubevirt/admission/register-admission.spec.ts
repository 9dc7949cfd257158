import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ApiServer } from '../../api/server.ts'
import { keys } from '../objects.ts'
import { startSpecAdmission, type SpecAdmission } from './spec-admission.ts'

let admission: SpecAdmission
let api: ApiServer

beforeAll(async () => {
  admission = await startSpecAdmission()
  api = admission.api
})

afterAll(() => admission.close())

/* oxlint-disable typescript/no-explicit-any -- manifests are taken apart and put together freely */
type Manifest = any

const kubevirt = 'apis/kubevirt.io/v1/namespaces/demo'

async function send(method: string, path: string, body: unknown, query = '') {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const response = await fetch(`${admission.url}/${path}${query}`, {
    method,
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  })
  const warning = response.headers.get('warning')
  return { status: response.status, warning, body: (await response.json()) as Manifest }
}

const create = (path: string, body: unknown) => send('POST', path, body)
const dryRun = (path: string, body: unknown) => send('POST', path, body, '?dryRun=All')

function vm(change: (vm: Manifest) => void = () => {}, name = 'test'): Manifest {
  const manifest = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: {
            devices: {
              disks: [{ name: 'root', disk: { bus: 'virtio' } }],
              interfaces: [{ name: 'default', masquerade: {} }],
            },
            memory: { guest: '1Gi' },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'root', containerDisk: { image: 'disk:1' } }],
        },
      },
    },
  }
  change(manifest)
  return manifest
}

/** A VM with its template's spec changed. */
const vmWith = (change: (spec: Manifest) => void) => vm((it) => change(it.spec.template.spec))

const devices = 'spec.template.spec.domain.devices'
const invalid = 'FieldValueInvalid'

describe('a VirtualMachine', () => {
  const refusals: [title: string, manifest: Manifest, ...causes: [string, string, string][]][] = [
    [
      'without a run strategy',
      vm((it) => delete it.spec.runStrategy),
      [invalid, 'spec.running', 'RunStrategy must be specified'],
    ],
    [
      'with an unknown run strategy',
      vm((it) => (it.spec.runStrategy = 'Sometimes')),
      [invalid, 'spec.runStrategy', 'Invalid RunStrategy (Sometimes)'],
    ],
    [
      'with running and runStrategy',
      vm((it) => (it.spec.running = true)),
      [
        invalid,
        'spec.running',
        'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
      ],
    ],
    [
      'with two pod networks',
      vmWith((spec) => {
        spec.networks.push({ name: 'other', pod: {} })
        spec.domain.devices.interfaces.push({ name: 'other', masquerade: {} })
      }),
      [
        'FieldValueDuplicate',
        'spec.template.spec.interfaces',
        'more than one interface is connected to a pod network in spec.template.spec.interfaces',
      ],
    ],
    [
      'with a pod network beside a Multus default network',
      vmWith((spec) => {
        spec.networks.push({ name: 'nad', multus: { networkName: 'n', default: true } })
        spec.domain.devices.interfaces.push({ name: 'nad', bridge: {} })
      }),
      [
        invalid,
        'spec.template.spec.networks',
        'Pod network cannot be defined when Multus default network is defined',
      ],
    ],
    [
      'with a network of no type',
      vmWith((spec) => (spec.networks[0] = { name: 'default' })),
      ['FieldValueRequired', 'spec.template.spec.networks[0]', 'should have a network type'],
      [
        invalid,
        `${devices}.interfaces[0].name`,
        'Masquerade interface only implemented with pod network',
      ],
    ],
    [
      'with a network that no interface uses',
      vmWith((spec) => spec.networks.push({ name: 'lan', multus: { networkName: 'lan' } })),
      [
        'FieldValueRequired',
        'spec.template.spec.networks[1].name',
        "spec.template.spec.networks[1].name 'lan' not found.",
      ],
    ],
    [
      'with an interface without a network',
      vmWith((spec) => spec.domain.devices.interfaces.push({ name: 'lan', bridge: {} })),
      [invalid, `${devices}.interfaces[1].name`, `${devices}.interfaces[1].name 'lan' not found.`],
    ],
    [
      'with two bindings on one interface',
      vmWith((spec) => (spec.domain.devices.interfaces[0].bridge = {})),
      [
        invalid,
        `${devices}.interfaces[0]`,
        'logical default interface must have exactly one binding method or binding plugin',
      ],
    ],
    [
      'with a malformed MAC address',
      vmWith((spec) => (spec.domain.devices.interfaces[0].macAddress = 'de:ad:00')),
      [
        invalid,
        `${devices}.interfaces[0].macAddress`,
        `interface ${devices}.interfaces[0].name has malformed MAC address (de:ad:00).`,
      ],
    ],
    [
      'with a MAC address of eight bytes',
      vmWith((spec) => (spec.domain.devices.interfaces[0].macAddress = '02:00:00:00:00:00:00:01')),
      [
        invalid,
        `${devices}.interfaces[0].macAddress`,
        `interface ${devices}.interfaces[0].name has too long MAC address (02:00:00:00:00:00:00:01).`,
      ],
    ],
    [
      'with the MAC address of the in-pod bridge',
      vmWith((spec) => (spec.domain.devices.interfaces[0].macAddress = '02:00:00:00:00:00')),
      [
        invalid,
        `${devices}.interfaces[0].macAddress`,
        'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
      ],
    ],
    [
      'with an unknown interface model',
      vmWith((spec) => (spec.domain.devices.interfaces[0].model = 'ne3k')),
      [
        'FieldValueNotSupported',
        `${devices}.interfaces[0].model`,
        `interface ${devices}.interfaces[0].name uses model ne3k that is not supported.`,
      ],
    ],
    [
      'with bad ports',
      vmWith((spec) => {
        spec.domain.devices.interfaces[0].ports = [
          { name: 'a', port: 0 },
          { name: 'a', port: 70000, protocol: 'SCTP' },
        ]
      }),
      [
        'FieldValueDuplicate',
        `${devices}.interfaces[0].ports[1].name`,
        'Duplicate name of the port: a',
      ],
      ['FieldValueRequired', `${devices}.interfaces[0].ports[0].port`, 'Port field is mandatory.'],
      [
        invalid,
        `${devices}.interfaces[0].ports[1].port`,
        'Port field must be in range 0 < x < 65536.',
      ],
      [
        invalid,
        `${devices}.interfaces[0].ports[1].protocol`,
        'Unknown protocol, only TCP or UDP allowed',
      ],
    ],
    [
      'with an absent masquerade interface on the default network',
      vmWith((spec) => (spec.domain.devices.interfaces[0].state = 'absent')),
      [
        invalid,
        `${devices}.interfaces[0].state`,
        '"default" interface\'s state "absent" is supported only for bridge binding',
      ],
      [
        invalid,
        `${devices}.interfaces[0].state`,
        '"default" interface\'s state "absent" is not supported on default networks',
      ],
    ],
    [
      'with a disk without a volume',
      vmWith((spec) => spec.domain.devices.disks.push({ name: 'data', disk: {} })),
      [invalid, `${devices}.disks[1].name`, `${devices}.disks[1].Name 'data' not found.`],
    ],
    [
      'with a CD-ROM on virtio',
      vmWith((spec) => (spec.domain.devices.disks[0] = { name: 'root', cdrom: { bus: 'virtio' } })),
      [invalid, `${devices}.disks[0].cdrom.bus`, 'Bus type virtio is invalid for CD-ROM device'],
    ],
    [
      'with a disk name that is no DNS label',
      vmWith((spec) => {
        spec.domain.devices.disks[0].name = 'Root'
        spec.volumes[0].name = 'Root'
      }),
      [
        invalid,
        `${devices}.disks.domain.devices.disks[0].name`,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ],
    ],
    [
      'with a boot order used twice',
      vmWith((spec) => {
        spec.domain.devices.disks[0].bootOrder = 1
        spec.domain.devices.interfaces[0].bootOrder = 1
      }),
      [
        invalid,
        `${devices}.interfaces[0].bootOrder`,
        `Boot order for ${devices}.interfaces[0].bootOrder already set for a different device.`,
      ],
    ],
    [
      'with an interface whose boot order is 0',
      vmWith((spec) => (spec.domain.devices.interfaces[0].bootOrder = 0)),
      [
        invalid,
        'spec.template.spec[0].bootOrder',
        'spec.template.spec[0] must have a boot order > 0, if supplied',
      ],
    ],
    [
      'with a volume of two sources',
      vmWith((spec) => (spec.volumes[0].emptyDisk = { capacity: '1Gi' })),
      [
        invalid,
        'spec.template.spec.volumes[0]',
        'spec.template.spec.volumes[0] must have exactly one source type set',
      ],
    ],
    [
      'with too much cloud-init data',
      vmWith((spec) => {
        spec.volumes.push({ name: 'ci', cloudInitNoCloud: { userData: 'x'.repeat(2049) } })
      }),
      [
        invalid,
        'spec.template.spec.volumes[1].cloudInitNoCloud',
        'spec.template.spec.volumes[1].cloudInitNoCloud userdata exceeds 2048 byte limit. Should use UserDataSecretRef for larger data.',
      ],
    ],
    [
      'with a DataVolume template that no volume uses',
      vm((it) => {
        it.spec.dataVolumeTemplates = [
          { metadata: { name: 'dv' }, spec: { storage: {}, source: { blank: {} } } },
        ]
      }),
      [
        'FieldValueRequired',
        'spec.dataVolumeTemplate[0]',
        "DataVolumeTemplate entry spec.dataVolumeTemplate[0] must be referenced in the VMI template's 'volumes' list",
      ],
    ],
    [
      'with more sockets than can be plugged in',
      vmWith((spec) => (spec.domain.cpu = { sockets: 4, maxSockets: 2 })),
      [
        invalid,
        'spec.template.spec.domain.cpu.sockets',
        'Number of sockets in CPU topology is greater than the maximum sockets allowed',
      ],
      [
        invalid,
        'spec.template.spec.domain.cpu.sockets',
        'Number of sockets in CPU topology is greater than the maximum sockets allowed',
      ],
    ],
  ]

  it.each(refusals)('%s is refused', async (_title, manifest, ...causes) => {
    const { status, body } = await dryRun(`${kubevirt}/virtualmachines`, manifest)
    const messages = causes.map(([, , message]) => message).join(', ')
    expect(status).toBe(422)
    expect(body.details).toEqual({
      causes: causes.map(([reason, field, message]) => ({ reason, message, field })),
    })
    expect(body).toMatchObject({
      reason: 'Invalid',
      message: `admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ${messages}`,
    })
  })

  it('is refused by the mutating webhook for what its schema lacks, without fields', async () => {
    const { status, body } = await dryRun(
      `${kubevirt}/virtualmachines`,
      vmWith((spec) => delete spec.domain.devices),
    )
    expect(status).toBe(422)
    expect(body.details.causes).toEqual([
      { message: 'spec.template.spec.domain.devices in body is required' },
    ])
    expect(body.message).toContain('virtualmachines-mutator.kubevirt.io')
  })

  it.each([
    ['runStrategy', 1, 'spec.runStrategy in body must be of type string: "number"'],
    ['running', 'yes', 'spec.running in body must be of type boolean: "string"'],
    ['template', null, 'spec.template in body is required'],
  ])('is refused for the type of %s', async (name, value, message) => {
    const manifest = vm((it) => (it.spec[name] = value))
    const { status, body } = await dryRun(`${kubevirt}/virtualmachines`, manifest)
    expect(status).toBe(422)
    expect(body.details.causes).toEqual([{ message }])
  })

  it('shows ten causes of many', async () => {
    const { body } = await dryRun(
      `${kubevirt}/virtualmachines`,
      vmWith((spec) => {
        spec.domain.devices.disks = Array.from({ length: 13 }, (_, i) => ({ name: `d${i}` }))
      }),
    )
    expect(body.details.causes).toHaveLength(10)
    expect(body.message).toMatch(/, and 3 more validation errors$/)
  })

  it('gets firmware identity, machine type and architecture, but no defaults of a VMI', async () => {
    const { status, body } = await create(`${kubevirt}/virtualmachines`, vm(undefined, 'made'))
    expect(status).toBe(201)
    const { spec, metadata } = body.spec.template
    expect(spec).toMatchObject({
      architecture: 'amd64',
      domain: {
        machine: { type: 'q35' },
        firmware: { uuid: expect.stringMatching(/^[\da-f-]{36}$/), serial: expect.any(String) },
      },
    })
    expect(spec.domain.cpu).toBeUndefined()
    expect(metadata.annotations).toEqual({ 'kubevirt.io/pci-topology-version': 'v3' })
    const { uuid } = spec.domain.firmware
    const path = `${kubevirt}/virtualmachines/made`
    const patched = await send('PATCH', path, { spec: { runStrategy: 'Manual' } })
    expect(patched.body.spec.template.spec.domain.firmware.uuid).toBe(uuid)
  })

  it('may be without memory; only its VMI may not', async () => {
    const { status } = await dryRun(
      `${kubevirt}/virtualmachines`,
      vmWith((spec) => delete spec.domain.memory),
    )
    expect(status).toBe(201)
  })

  it('is warned of spec.running', async () => {
    const { warning } = await dryRun(
      `${kubevirt}/virtualmachines`,
      vm((it) => {
        delete it.spec.runStrategy
        it.spec.running = false
      }),
    )
    expect(warning).toContain('spec.running is deprecated, please use spec.runStrategy instead.')
  })

  it('keeps its volumes while a snapshot is taken', async () => {
    await create(`${kubevirt}/virtualmachines`, vm(undefined, 'busy'))
    api.store.update<Manifest>(keys.vm, 'demo', 'busy', (draft) => {
      draft.status = { ...draft.status, snapshotInProgress: 'snap' }
    })
    const { status, body } = await send('PATCH', `${kubevirt}/virtualmachines/busy`, {
      spec: { template: { spec: { volumes: [{ name: 'root', emptyDisk: { capacity: '1Gi' } }] } } },
    })
    expect(status).toBe(422)
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueNotSupported',
        message: 'Cannot update vm disks or volumes until snapshot "snap" completes',
        field: 'spec',
      },
    ])
  })
})

describe('instance types', () => {
  beforeAll(() => {
    api.store.create(keys.clusterInstancetype, {
      apiVersion: 'instancetype.kubevirt.io/v1beta1',
      kind: 'VirtualMachineClusterInstancetype',
      metadata: { name: 'u1.small' },
      spec: { cpu: { guest: 1 }, memory: { guest: '2Gi' } },
    })
    api.store.create(keys.clusterPreference, {
      apiVersion: 'instancetype.kubevirt.io/v1beta1',
      kind: 'VirtualMachineClusterPreference',
      metadata: { name: 'big' },
      spec: { requirements: { cpu: { guest: 2 } } },
    })
    api.store.create(keys.pvc, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'labelled',
        namespace: 'demo',
        labels: { 'instancetype.kubevirt.io/default-instancetype': 'u1.small' },
      },
      spec: {},
    })
  })

  const withoutMemory = (change: (it: Manifest) => void) =>
    vm((it) => {
      delete it.spec.template.spec.domain.memory
      change(it)
    })

  it('conflict with what the VM sets itself', async () => {
    const { body } = await dryRun(
      `${kubevirt}/virtualmachines`,
      vm((it) => {
        it.spec.instancetype = { name: 'u1.small' }
        it.spec.template.spec.domain.cpu = { sockets: 2 }
      }),
    )
    expect(body.details.causes.map((cause: Manifest) => cause.message)).toEqual([
      'VM field(s) spec.template.spec.domain.cpu.sockets conflicts with selected instance type',
      'VM field(s) spec.template.spec.domain.memory.guest conflicts with selected instance type',
    ])
  })

  it('may be missing', async () => {
    const manifest = withoutMemory((it) => (it.spec.instancetype = { name: 'missing' }))
    expect((await dryRun(`${kubevirt}/virtualmachines`, manifest)).status).toBe(201)
  })

  it('must meet what the preference requires', async () => {
    const { body } = await dryRun(
      `${kubevirt}/virtualmachines`,
      withoutMemory((it) => {
        it.spec.instancetype = { name: 'u1.small' }
        it.spec.preference = { name: 'big' }
      }),
    )
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueNotFound',
        message:
          'failure checking preference requirements: insufficient CPU resources of 1 vCPU provided by instance type, preference requires 2 vCPU',
        field: 'spec.instancetype',
      },
    ])
  })

  it('are inferred from a volume when the VM is made', async () => {
    const { body } = await dryRun(
      `${kubevirt}/virtualmachines`,
      withoutMemory((it) => {
        it.spec.instancetype = { inferFromVolume: 'root' }
        it.spec.template.spec.volumes = [
          { name: 'root', persistentVolumeClaim: { claimName: 'labelled' } },
        ]
      }),
    )
    expect(body.spec.instancetype).toEqual({ name: 'u1.small' })
  })

  it('cannot be inferred without the label', async () => {
    const { status, body } = await dryRun(
      `${kubevirt}/virtualmachines`,
      vm((it) => {
        it.spec.preference = { inferFromVolume: 'root' }
        it.spec.template.spec.volumes = [
          { name: 'root', persistentVolumeClaim: { claimName: 'labelled' } },
        ]
      }),
    )
    expect(status).toBe(400)
    expect(body.message).toBe(
      'admission webhook "virtualmachines-mutator.kubevirt.io" denied the request: unable to find required instancetype.kubevirt.io/default-preference label on the volume',
    )
    expect(body.details?.causes).toBeUndefined()
  })
})

describe('a VirtualMachineInstance', () => {
  const vmi = (name: string, change: (spec: Manifest) => void = () => {}): Manifest => {
    const { spec } = vm().spec.template
    change(spec)
    return {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { name },
      spec,
    }
  }
  const path = `${kubevirt}/virtualmachineinstances`

  it('starts as Pending, with defaults and the finalizer', async () => {
    const { body } = await create(path, vmi('probe'))
    expect(body.metadata.finalizers).toEqual(['kubevirt.io/foregroundDeleteVirtualMachine'])
    expect(body.status.phase).toBe('Pending')
    expect(body.spec.domain.cpu).toMatchObject({ sockets: 1, cores: 1, threads: 1, maxSockets: 4 })
    expect(body.spec.domain.memory).toEqual({ guest: '1Gi', maxGuest: '4Gi' })
  })

  it('cannot be changed by a user, whose status changes are ignored', async () => {
    const changed = await send('PATCH', `${path}/probe`, { spec: { hostname: 'other' } })
    expect(changed.status).toBe(422)
    expect(changed.body.details.causes).toEqual([
      { reason: 'FieldValueNotSupported', message: 'update of VMI object is restricted' },
    ])
    const ignored = await send('PATCH', `${path}/probe`, { status: { phase: 'Running' } })
    expect(ignored.status).toBe(200)
    expect(ignored.body.status.phase).toBe('Pending')
  })

  it('needs memory', async () => {
    const { body } = await dryRun(
      path,
      vmi('small', (spec) => delete spec.domain.memory),
    )
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueRequired',
        message:
          "no memory requested, at least one of 'spec.domain.memory.guest', 'spec.domain.memory.hugepages.pageSize' or 'spec.domain.resources.requests.memory' must be set",
      },
    ])
  })

  it('is migrated once at a time, and only when it can be', async () => {
    const migration = (name: string): Manifest => ({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceMigration',
      metadata: { name },
      spec: { vmiName: 'probe' },
    })
    const migrations = `${kubevirt}/virtualmachineinstancemigrations`
    const first = await create(migrations, migration('first'))
    expect(first.body.metadata.labels).toEqual({ 'kubevirt.io/vmi-name': 'probe' })
    const second = await create(migrations, migration('second'))
    expect(second.status).toBe(400)
    expect(second.body.message).toBe(
      `admission webhook "migration-create-validator.kubevirt.io" denied the request: in-flight migration detected. Active migration job (${first.body.metadata.uid}) is currently already in progress for VMI probe.`,
    )
    api.store.update<Manifest>(keys.vmi, 'demo', 'probe', (draft) => {
      draft.status.conditions = [
        { type: 'LiveMigratable', status: 'False', reason: 'DisksNotLiveMigratable', message: 'm' },
      ]
    })
    const third = await create(migrations, migration('third'))
    expect(third.body.message).toContain(
      'Cannot migrate VMI, Reason: DisksNotLiveMigratable, Message: m',
    )
  })
})

describe('other kinds', () => {
  it('keep the spec of a DataVolume', async () => {
    const path = 'apis/cdi.kubevirt.io/v1beta1/namespaces/demo/datavolumes'
    await create(path, {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      metadata: { name: 'dv' },
      spec: { storage: { resources: { requests: { storage: '1Gi' } } }, source: { blank: {} } },
    })
    const { status, body } = await send('PATCH', `${path}/dv`, { spec: { preallocation: true } })
    expect(status).toBe(422)
    expect(body.message).toBe(
      'admission webhook "datavolume-validate.cdi.kubevirt.io" denied the request:  Cannot update DataVolume Spec',
    )
  })

  it('want one source of a DataVolume', async () => {
    const { body } = await dryRun('apis/cdi.kubevirt.io/v1beta1/namespaces/demo/datavolumes', {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      metadata: { name: 'two' },
      spec: {
        storage: { resources: { requests: { storage: '1Gi' } } },
        source: { blank: {}, upload: {} },
      },
    })
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Multiple Data volume sources',
        field: 'spec.source',
      },
    ])
  })

  it('check what a pool or replica set is made from, under its path', async () => {
    const { spec } = vm((it) => (it.spec.runStrategy = 'Sometimes'))
    const pool = await dryRun('apis/pool.kubevirt.io/v1beta1/namespaces/demo/virtualmachinepools', {
      apiVersion: 'pool.kubevirt.io/v1beta1',
      kind: 'VirtualMachinePool',
      metadata: { name: 'pool' },
      spec: {
        selector: { matchLabels: { app: 'a' } },
        virtualMachineTemplate: { metadata: { labels: { app: 'a' } }, spec },
      },
    })
    expect(pool.body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid RunStrategy (Sometimes)',
        field: 'spec.virtualMachineTemplate.spec.runStrategy',
      },
    ])
    const set = await dryRun(`${kubevirt}/virtualmachineinstancereplicasets`, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceReplicaSet',
      metadata: { name: 'set' },
      spec: { selector: { matchLabels: { app: 'a' } }, template: spec.template },
    })
    expect(set.body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'selector does not match labels.',
        field: 'spec.selector',
      },
    ])
  })

  it('snapshot only VirtualMachines', async () => {
    const { body } = await dryRun(
      'apis/snapshot.kubevirt.io/v1beta1/namespaces/demo/virtualmachinesnapshots',
      {
        apiVersion: 'snapshot.kubevirt.io/v1beta1',
        kind: 'VirtualMachineSnapshot',
        metadata: { name: 'snap' },
        spec: { source: { apiGroup: 'kubevirt.io', kind: 'Pod', name: 'x' } },
      },
    )
    expect(body.details.causes).toEqual([
      { reason: 'FieldValueInvalid', message: 'invalid kind', field: 'spec.source.kind' },
    ])
  })

  it('grow a claim only where the storage class can', async () => {
    const classes: [string, boolean][] = [
      ['fixed', false],
      ['growing', true],
    ]
    for (const [name, allowVolumeExpansion] of classes) {
      api.store.create(keys.storageClass, {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'p',
        allowVolumeExpansion,
      })
      api.store.create(keys.pvc, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name, namespace: 'demo' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: name,
          resources: { requests: { storage: '1Gi' } },
        },
        status: { phase: 'Bound', capacity: { storage: '1Gi' } },
      })
    }
    const resize = (name: string, storage: string) =>
      send('PATCH', `api/v1/namespaces/demo/persistentvolumeclaims/${name}`, {
        spec: { resources: { requests: { storage } } },
      })
    const refused = await resize('fixed', '2Gi')
    expect(refused.status).toBe(403)
    expect(refused.body.message).toBe(
      'persistentvolumeclaims "fixed" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    )
    expect((await resize('growing', '2Gi')).status).toBe(200)
    const shrunk = await resize('growing', '512Mi')
    expect(shrunk.body.details.causes).toEqual([
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: field can not be less than status.capacity',
        field: 'spec.resources.requests.storage',
      },
    ])
  })
})
