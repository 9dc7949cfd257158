/**
 * The cluster's words and the console's forms, brought together: manifests that a form could send go
 * to the sandbox's API, whose admission follows KubeVirt's source, and each refusal goes through the
 * console's mapping to the field it belongs to. Only here may the two be seen side by side.
 *
 * One known text can't be provoked: that a VMI's volume has no disk (`spec.domain.volumes[i].name`),
 * for the mutating webhook gives every volume a disk before anything is validated.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  dataVolumeFieldRules,
  diskFieldRules,
  mapCauses,
  nicFieldRules,
  type FieldRule,
} from '../src/kube/admission-fields.ts'
import { errorFromStatus, type StatusCause } from '../src/kube/kube-error.ts'
import type { ApiServer } from '../src/sandbox/api/server.ts'
import {
  startSpecAdmission,
  type SpecAdmission,
} from '../src/sandbox/kubevirt/admission/spec-admission.ts'
import { keys } from '../src/sandbox/kubevirt/objects.ts'
import { vmRules } from '../src/web/features/create-vm/wizard-fields.ts'

let admission: SpecAdmission
let api: ApiServer

beforeAll(async () => {
  admission = await startSpecAdmission()
  api = admission.api
  api.store.create(keys.kubevirt, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: 'demo' },
    spec: { configuration: {} },
  })
  for (const name of ['edited', 'snapshotted']) {
    // oxlint-disable-next-line no-await-in-loop -- two of them, in order
    await send('POST', vms, vm(name), '')
  }
  api.store.update(keys.vm, 'demo', 'snapshotted', (draft) => {
    draft['status'] = { snapshotInProgress: 'snap' }
  })
})

afterAll(() => admission.close())

/* oxlint-disable typescript/no-explicit-any -- manifests are taken apart and put together freely */
type Manifest = any

const kubevirt = 'apis/kubevirt.io/v1/namespaces/demo'
const vms = `${kubevirt}/virtualmachines`
const dryRun = '?dryRun=All'

async function send(method: string, path: string, body: unknown, query = dryRun) {
  const response = await fetch(`${admission.url}/${path}${query}`, {
    method,
    headers: {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Manifest }
}

/** A second NIC and a second disk are what the forms are about. */
function vmiSpec(): Manifest {
  return {
    domain: {
      devices: {
        disks: [
          { name: 'root', disk: { bus: 'virtio' } },
          { name: 'disk-1', disk: { bus: 'virtio' } },
        ],
        interfaces: [
          { name: 'default', masquerade: {} },
          { name: 'nic-1', bridge: {} },
        ],
      },
      memory: { guest: '1Gi' },
    },
    networks: [
      { name: 'default', pod: {} },
      { name: 'nic-1', multus: { networkName: 'net-1' } },
    ],
    volumes: [
      { name: 'root', containerDisk: { image: 'disk:1' } },
      { name: 'disk-1', persistentVolumeClaim: { claimName: 'claim-1' } },
    ],
  }
}

function vm(name = 'test'): Manifest {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: { runStrategy: 'Halted', template: { spec: vmiSpec() } },
  }
}

/** What is done to the VM's template, the text and its path there, and the form's field. */
interface Case {
  text: string
  /** `P` is the VMI spec's path. */
  path?: string
  field?: string
  change: (spec: Manifest, machine: Manifest) => void
  reason?: string
  /** Of the NIC or disk that is edited; 1 unless told. */
  index?: number
  /** Of KubeVirt. */
  configuration?: object
  /** Only asked of what is made anew. */
  isCreateOnly?: true
}

const nicAt = (index = 1) => `P.domain.devices.interfaces[${index}]`
const diskAt = 'P.domain.devices.disks[1]'
const doubledDiskAt = 'P.domain.devices.disks.domain.devices.disks[1]'

/** The first NIC on a network of its own, so that the second may be on the pod's. */
function leavePodNetwork(spec: Manifest): void {
  spec.networks[0] = { name: 'default', multus: { networkName: 'net-0' } }
  spec.domain.devices.interfaces[0] = { name: 'default', bridge: {} }
}

const nic = (spec: Manifest, index = 1) => spec.domain.devices.interfaces[index]
const disk = (spec: Manifest) => spec.domain.devices.disks[1]

const nicCases: Case[] = [
  {
    text: 'Bridge on pod network configuration is not enabled under kubevirt-config',
    path: `${nicAt()}.name`,
    field: 'binding',
    configuration: { network: { permitBridgeInterfaceOnPodNetwork: false } },
    change(spec) {
      leavePodNetwork(spec)
      spec.networks[1] = { name: 'nic-1', pod: {} }
    },
  },
  {
    text: 'more than one interface is connected to a pod network in P.interfaces',
    path: 'P.interfaces',
    field: 'network',
    reason: 'FieldValueDuplicate',
    change: (spec) => (spec.networks[1] = { name: 'nic-1', pod: {} }),
  },
  {
    text: 'Pod network cannot be defined when Multus default network is defined',
    path: 'P.networks',
    field: 'network',
    change: (spec) => (spec.networks[1].multus.default = true),
  },
  {
    text: 'Multus CNI should only have one default network',
    path: 'P.networks',
    field: 'network',
    change(spec) {
      leavePodNetwork(spec)
      for (const network of spec.networks) network.multus.default = true
    },
  },
  {
    text: 'should have a network type',
    path: 'P.networks[1]',
    field: 'network',
    reason: 'FieldValueRequired',
    change: (spec) => (spec.networks[1] = { name: 'nic-1' }),
  },
  {
    text: 'should have only one network type',
    path: 'P.networks[1]',
    field: 'network',
    reason: 'FieldValueRequired',
    change: (spec) => (spec.networks[1].pod = {}),
  },
  {
    text: 'CNI delegating plugin must have a networkName',
    path: 'P.networks[1]',
    field: 'network',
    change: (spec) => (spec.networks[1].multus.networkName = ''),
  },
  {
    text: "P.networks[1].name 'nic-1' not found.",
    path: 'P.networks[1].name',
    field: 'name',
    reason: 'FieldValueRequired',
    change: (spec) => spec.domain.devices.interfaces.pop(),
  },
  {
    text: `${nicAt()}.name 'nic-1' not found.`,
    path: `${nicAt()}.name`,
    field: 'name',
    change: (spec) => spec.networks.pop(),
  },
  {
    text: 'Network with name "default" already exists, every network must have a unique name',
    path: 'P.networks[1].name',
    field: 'name',
    change: (spec) => (spec.networks[1].name = 'default'),
  },
  {
    text: 'Only one interface can be connected to one specific network',
    path: `${nicAt()}.name`,
    field: 'name',
    change: (spec) => (nic(spec).name = 'default'),
  },
  {
    text: 'logical nic-1 interface must have exactly one binding method or binding plugin',
    path: nicAt(),
    field: 'binding',
    change: (spec) => delete nic(spec).bridge,
  },
  {
    text: 'logical nic-1 interface must have exactly one binding method or binding plugin',
    path: nicAt(),
    field: 'binding',
    change: (spec) => (nic(spec).sriov = {}),
  },
  {
    text: 'Masquerade interface only implemented with pod network',
    path: `${nicAt()}.name`,
    field: 'binding',
    change: (spec) => (spec.domain.devices.interfaces[1] = { name: 'nic-1', masquerade: {} }),
  },
  {
    text: 'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
    path: `${nicAt()}.name`,
    field: 'name',
    change: (spec) => (nic(spec).name = spec.networks[1].name = 'nic.1'),
  },
  {
    text: `interface ${nicAt()}.name has malformed MAC address (zz).`,
    path: `${nicAt()}.macAddress`,
    field: 'macAddress',
    change: (spec) => (nic(spec).macAddress = 'zz'),
  },
  {
    text: `interface ${nicAt()}.name has too long MAC address (02:00:00:00:00:00:00:01).`,
    path: `${nicAt()}.macAddress`,
    field: 'macAddress',
    change: (spec) => (nic(spec).macAddress = '02:00:00:00:00:00:00:01'),
  },
  {
    text: 'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
    path: `${nicAt(0)}.macAddress`,
    field: 'macAddress',
    index: 0,
    change: (spec) => (nic(spec, 0).macAddress = '02:00:00:00:00:00'),
  },
  {
    text: `interface ${nicAt()}.name uses model ne3000 that is not supported.`,
    path: `${nicAt()}.model`,
    field: 'model',
    reason: 'FieldValueNotSupported',
    change: (spec) => (nic(spec).model = 'ne3000'),
  },
  ...(
    [
      ['Port field is mandatory.', 'ports[0].port', [{ port: 0 }]],
      ['Port field must be in range 0 < x < 65536.', 'ports[0].port', [{ port: 70_000 }]],
      [
        'Unknown protocol, only TCP or UDP allowed',
        'ports[0].protocol',
        [{ port: 80, protocol: 'SCTP' }],
      ],
      [
        'Duplicate name of the port: web',
        'ports[1].name',
        [
          { port: 80, name: 'web' },
          { port: 81, name: 'web' },
        ],
      ],
    ] as const
  ).map(([text, at, ports]): Case => ({
    text,
    path: `${nicAt(0)}.${at}`,
    field: 'ports',
    index: 0,
    change: (spec) => (nic(spec, 0).ports = ports),
  })),
  {
    text: 'logical nic-1 interface state value is unsupported: sideways',
    path: `${nicAt()}.state`,
    field: 'state',
    change: (spec) => (nic(spec).state = 'sideways'),
  },
  {
    text: '"nic-1" interface\'s state "absent" is supported only for bridge binding',
    path: `${nicAt()}.state`,
    field: 'state',
    change: (spec) =>
      (spec.domain.devices.interfaces[1] = { name: 'nic-1', sriov: {}, state: 'absent' }),
  },
  {
    text: '"default" interface\'s state "absent" is not supported on default networks',
    path: `${nicAt(0)}.state`,
    field: 'state',
    index: 0,
    change: (spec) => (nic(spec, 0).state = 'absent'),
  },
  {
    text: '"nic-1" interface\'s state "down" is not supported for SR-IOV NICs',
    path: `${nicAt()}.state`,
    field: 'state',
    change: (spec) =>
      (spec.domain.devices.interfaces[1] = { name: 'nic-1', sriov: {}, state: 'down' }),
  },
  {
    text: 'Found Duplicates: you have provided duplicate DHCPPrivateOptions',
    path: 'P',
    field: 'privateOptions',
    change(spec) {
      const option = { option: 240, value: 'x' }
      nic(spec).dhcpOptions = { privateOptions: [option, option] }
    },
  },
  {
    text: 'provided DHCPPrivateOptions are out of range, must be in range 224 to 254',
    path: 'P',
    field: 'privateOptions',
    change: (spec) => (nic(spec).dhcpOptions = { privateOptions: [{ option: 66, value: 'x' }] }),
  },
  {
    text: 'P[1] must have a boot order > 0, if supplied',
    path: 'P[1].bootOrder',
    field: 'bootOrder',
    change: (spec) => (nic(spec).bootOrder = 0),
  },
  {
    text: `Boot order for ${nicAt()}.bootOrder already set for a different device.`,
    path: `${nicAt()}.bootOrder`,
    field: 'bootOrder',
    change: (spec) => (nic(spec).bootOrder = disk(spec).bootOrder = 1),
  },
  ...(['Slirp', 'Macvtap'] as const).map((name): Case => ({
    text: `${name} ${name === 'Slirp' ? 'interface support' : 'network binding'} has been discontinued since v1.3`,
    // Said of the VM's spec, not of its template's (v1.9.0 vms-admitter.go).
    path: `spec.domain.devices.interfaces[1].${name.toLowerCase()}`,
    field: 'binding',
    isCreateOnly: true,
    change: (spec) =>
      (spec.domain.devices.interfaces[1] = { name: 'nic-1', [name.toLowerCase()]: {} }),
  })),
  {
    text: 'Passt network binding has been discontinued since v1.3',
    path: 'spec.domain.devices.interfaces[1].passt',
    field: 'binding',
    isCreateOnly: true,
    change: (spec) => (spec.domain.devices.interfaces[1] = { name: 'nic-1', passt: {} }),
  },
]

const diskCases: Case[] = [
  {
    text: `${diskAt}.Name 'disk-1' not found.`,
    path: `${diskAt}.name`,
    field: 'name',
    change: (spec) => spec.volumes.pop(),
  },
  {
    text: `${diskAt} and P.domain.devices.disks[0] must not have the same Name.`,
    path: `${diskAt}.name`,
    field: 'name',
    change: (spec) => (disk(spec).name = 'root'),
  },
  {
    text: `Boot order for ${diskAt}.bootOrder already set for a different device.`,
    path: `${diskAt}.bootOrder`,
    field: 'bootOrder',
    change(spec) {
      for (const one of spec.domain.devices.disks) one.bootOrder = 1
    },
  },
  {
    text: `${diskAt} must have a boot order > 0, if supplied`,
    path: `${diskAt}.bootOrder`,
    field: 'bootOrder',
    change: (spec) => (disk(spec).bootOrder = 0),
  },
  {
    text: 'Bus type virtio is invalid for CD-ROM device',
    path: `${diskAt}.cdrom.bus`,
    field: 'bus',
    change: (spec) => (spec.domain.devices.disks[1] = { name: 'disk-1', cdrom: { bus: 'virtio' } }),
  },
  {
    text: 'IDE bus is not supported',
    path: `${diskAt}.disk.bus`,
    field: 'bus',
    change: (spec) => (disk(spec).disk.bus = 'ide'),
  },
  {
    text: 'sata hard-disks do not support read-only.',
    path: `${diskAt}.disk.bus`,
    field: 'isReadOnly',
    change: (spec) => (disk(spec).disk = { bus: 'sata', readonly: true }),
  },
  {
    text: 'P.volumes[1] must have exactly one source type set',
    path: 'P.volumes[1]',
    field: 'existingClaim',
    change: (spec) => (spec.volumes[1].emptyDisk = { capacity: '1Gi' }),
  },
  {
    text: 'P.volumes[1] and P.volumes[0] must not have the same Name.',
    path: 'P.volumes[1].name',
    field: 'name',
    change: (spec) => (spec.volumes[1].name = 'root'),
  },
  {
    text: 'P.volumes[1].cloudInitNoCloud userdata exceeds 2048 byte limit. Should use UserDataSecretRef for larger data.',
    path: 'P.volumes[1].cloudInitNoCloud',
    field: 'existingClaim',
    change: (spec) =>
      (spec.volumes[1] = { name: 'disk-1', cloudInitNoCloud: { userData: 'x'.repeat(2049) } }),
  },
  {
    text: 'Disk IO mode for P.domain.devices.disks is not supported. Supported modes are: native, threads.',
    path: `${doubledDiskAt}.io`,
    field: 'io',
    reason: 'FieldValueNotSupported',
    change: (spec) => (disk(spec).io = 'fast'),
  },
  {
    text: 'a lowercase RFC 1123 label must consist of',
    path: `${doubledDiskAt}.name`,
    field: 'name',
    change: (spec) => (disk(spec).name = spec.volumes[1].name = 'Disk_1'),
  },
  {
    text: `${diskAt} must be made up of the following characters [A-Za-z0-9_.+-], if specified`,
    path: `${diskAt}.serial`,
    field: 'serial',
    change: (spec) => (disk(spec).serial = 'a b'),
  },
  {
    text: `${diskAt} must be less than or equal to 256 in length, if specified`,
    path: `${diskAt}.serial`,
    field: 'serial',
    change: (spec) => (disk(spec).serial = 'a'.repeat(257)),
  },
  {
    text: `${diskAt}.lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.`,
    path: `${diskAt}.lun`,
    field: 'type',
    change(spec) {
      spec.domain.devices.disks[1] = { name: 'disk-1', lun: { bus: 'scsi' } }
      spec.volumes[1] = { name: 'disk-1', containerDisk: { image: 'disk:2' } }
    },
  },
  {
    text: `${diskAt} can only have a single target type defined`,
    path: diskAt,
    field: 'type',
    change: (spec) => (disk(spec).cdrom = { bus: 'sata' }),
  },
  {
    text: `${diskAt}.cache has invalid value sometimes`,
    path: `${diskAt}.cache`,
    field: 'cache',
    change: (spec) => (disk(spec).cache = 'sometimes'),
  },
  {
    text: `${diskAt}.errorPolicy has invalid value "hope"`,
    path: `${diskAt}.errorPolicy`,
    field: 'errorPolicy',
    change: (spec) => (disk(spec).errorPolicy = 'hope'),
  },
  {
    text: 'DeclarativeHotplugVolumes feature gate not enabled, cannot define an empty CD-ROM disk',
    path: `${diskAt}.name`,
    field: 'name',
    configuration: {
      developerConfiguration: { disabledFeatureGates: ['DeclarativeHotplugVolumes'] },
    },
    change(spec) {
      spec.domain.devices.disks[1] = { name: 'disk-1', cdrom: { bus: 'sata' } }
      spec.volumes.pop()
    },
  },
]

/** What no field of a NIC or disk can mend: on top of the form, in the cluster's words. */
const machineCases: Case[] = [
  {
    text: 'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
    path: 'spec.running',
    change: (_, machine) => (machine.spec.running = true),
  },
  {
    text: 'RunStrategy must be specified',
    path: 'spec.running',
    change: (_, machine) => (machine.spec.runStrategy = null),
  },
  {
    text: 'Invalid RunStrategy (Sometimes)',
    path: 'spec.runStrategy',
    change: (_, machine) => (machine.spec.runStrategy = 'Sometimes'),
  },
  {
    text: "DataVolumeTemplate entry spec.dataVolumeTemplate[0] must be referenced in the VMI template's 'volumes' list",
    path: 'spec.dataVolumeTemplate[0]',
    change: (_, machine) =>
      (machine.spec.dataVolumeTemplates = [
        {
          metadata: { name: 'lost' },
          spec: {
            source: { blank: {} },
            storage: { resources: { requests: { storage: '1Gi' } } },
          },
        },
      ]),
  },
  {
    text: 'Missing Data volume PVC or Storage',
    path: 'spec.dataVolumeTemplate[0].PVC.Storage',
    change: (_, machine) =>
      (machine.spec.dataVolumeTemplates = [
        { metadata: { name: 'disk-1' }, spec: { source: { blank: {} } } },
      ]),
  },
  {
    text: 'P.domain.devices in body is required',
    change: (spec) => (spec.domain.devices = null),
  },
]

function inPlace(text: string, prefix: string): string {
  return text.replaceAll(/(?<![\w.])P(?=$|[.[])/g, prefix)
}

function setConfiguration(configuration: object): void {
  api.store.update(keys.kubevirt, 'demo', 'kubevirt', (draft) => {
    draft['spec'] = { configuration }
  })
}

/** Finds the cause in a refusal, and the field that the console shows it at. */
function placed<F extends string>(
  { status, body }: { status: number; body: Manifest },
  { text, path, reason }: Case,
  prefix: string,
  rules: FieldRule<F>[],
): string | undefined {
  const message = inPlace(text, prefix)
  const causes = (body.details?.causes ?? []) as StatusCause[]
  const cause = causes.find((one) => one.message?.startsWith(message))
  expect(cause, `${message}\nis not among ${JSON.stringify(causes)}`).toBeDefined()
  expect(cause?.field).toBe(path === undefined ? undefined : inPlace(path, prefix))
  expect(cause?.reason).toBe(reason ?? cause?.reason)
  expect(status).toBe(422)
  const { fields, others } = mapCauses(errorFromStatus(body, status), rules)
  const found = Object.entries(fields) as [string, string[]][]
  const place = found.find(([, messages]) => messages.includes(cause?.message ?? ''))
  expect(place?.[1] ?? others).toContain(cause?.message)
  return place?.[0]
}

const credential = (propagationMethod: object) => ({
  sshPublicKey: { source: { secret: { secretName: 'keys' } }, propagationMethod },
})

/** What the creation wizard has fields for beside devices. */
const wizardCases: Case[] = [
  {
    text: 'P.accessCredentials[0] requires a noCloud volume to exist when the noCloud propagationMethod is in use.',
    path: 'P.accessCredentials[0].sshPublicKey.propagationMethod',
    field: 'sshKeys',
    change: (spec) => (spec.accessCredentials = [credential({ noCloud: {} })]),
  },
  {
    text: 'P.accessCredentials[0] requires at least one user to be present in the users list',
    path: 'P.accessCredentials[0].sshPublicKey.propagationMethod.qemuGuestAgent.users',
    field: 'sshKeys',
    change: (spec) => (spec.accessCredentials = [credential({ qemuGuestAgent: { users: [] } })]),
  },
  {
    text: 'P.volumes[1].cloudInitNoCloud userdata exceeds 2048 byte limit.',
    path: 'P.volumes[1].cloudInitNoCloud',
    field: 'userData',
    change: (spec) =>
      (spec.volumes[1] = { name: 'disk-1', cloudInitNoCloud: { userData: 'x'.repeat(2049) } }),
  },
  {
    text: 'P.volumes[1].cloudInitNoCloud networkdata exceeds 2048 byte limit.',
    path: 'P.volumes[1].cloudInitNoCloud',
    field: 'networkData',
    change: (spec) =>
      (spec.volumes[1] = { name: 'disk-1', cloudInitNoCloud: { networkData: 'x'.repeat(2049) } }),
  },
  {
    text: 'P.hostname does not conform to the kubernetes DNS_LABEL rules',
    path: 'P.hostname',
    field: 'hostname',
    change: (spec) => (spec.hostname = 'Web_1'),
  },
  {
    text: 'P.startStrategy is set with an unrecognized option: Later',
    path: 'P.startStrategy',
    field: 'startsPaused',
    change: (spec) => (spec.startStrategy = 'Later'),
  },
  {
    text: 'P.domain has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.',
    path: 'P.domain',
    field: 'firmware',
    change: (spec) => (spec.domain.firmware = { bootloader: { efi: {} } }),
  },
  {
    text: 'P.evictionStrategy is set with an unrecognized option: Never',
    path: 'P.evictionStrategy',
    field: 'evictionStrategy',
    change: (spec) => (spec.evictionStrategy = 'Never'),
  },
  {
    text: 'Host Devices feature gate is not enabled in kubevirt-config',
    path: 'P.HostDevices',
    field: 'hostDevices',
    change: (spec) =>
      (spec.domain.devices.hostDevices = [{ name: 'qat', deviceName: 'intel.com/qat' }]),
  },
]

const tables: [string, Case[], (index: number) => FieldRule<string>[]][] = [
  ['a NIC', nicCases, (index) => nicFieldRules(index, index)],
  ['a disk', diskCases, (index) => diskFieldRules(index, index)],
  ['a machine', machineCases, (index) => nicFieldRules(index, index)],
  ['a machine in the wizard', wizardCases, () => [...vmRules]],
]

describe.each(tables)('what the cluster says of %s', (_kind, cases, rulesOf) => {
  it.each(cases)('$text', async (one) => {
    setConfiguration(one.configuration ?? {})
    const rules = rulesOf(one.index ?? 1)
    const machine = vm()
    one.change(machine.spec.template.spec, machine)
    const prefix = 'spec.template.spec'
    expect(placed(await send('POST', vms, machine), one, prefix, rules)).toBe(one.field)
    if (one.isCreateOnly) return
    const { spec } = machine
    const edited = await send('PATCH', `${vms}/edited`, { spec })
    expect(placed(edited, one, prefix, rules)).toBe(one.field)
  })
})

it('says of a VMI what it says of a VM, below another path', async () => {
  const [, ...cases] = nicCases.filter(({ isCreateOnly }) => !isCreateOnly)
  for (const one of cases) {
    const spec = vmiSpec()
    one.change(spec, {})
    setConfiguration(one.configuration ?? {})
    // oxlint-disable-next-line no-await-in-loop -- the configuration is common to them
    const answer = await send('POST', `${kubevirt}/virtualmachineinstances`, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { name: 'test' },
      spec,
    })
    const index = one.index ?? 1
    expect(placed(answer, one, 'spec', nicFieldRules(index, index))).toBe(one.field)
  }
})

it('keeps disks and volumes as they are while a snapshot is taken', async () => {
  const { spec } = vm()
  spec.runStrategy = 'Halted'
  spec.template.spec.volumes[1].persistentVolumeClaim.claimName = 'claim-2'
  const answer = await send('PATCH', `${vms}/snapshotted`, { spec })
  const text = 'Cannot update vm disks or volumes until snapshot "snap" completes'
  const one: Case = { text, path: 'spec', change: () => undefined }
  expect(placed(answer, one, 'spec', diskFieldRules(1, 1))).toBeUndefined()
})

it('accepts a VM without memory, whose instance can’t be made then', async () => {
  const machine = vm()
  delete machine.spec.template.spec.domain.memory
  expect((await send('POST', vms, machine)).status).toBe(201)
})

const dataVolumeCases: [text: string, path: string, field: string | undefined, spec: object][] = [
  [
    'Data volume should have either Source or SourceRef, or be externally populated',
    'spec.source',
    undefined,
    {},
  ],
  ['Multiple Data volume sources', 'spec.source', undefined, { source: { blank: {}, upload: {} } }],
]

it.each(dataVolumeCases)('of a DataVolume: %s', async (text, path, field, change) => {
  const answer = await send('POST', 'apis/cdi.kubevirt.io/v1beta1/namespaces/demo/datavolumes', {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: 'data' },
    spec: { storage: { resources: { requests: { storage: '1Gi' } } }, ...change },
  })
  const one: Case = { text, path, change: () => undefined }
  expect(placed(answer, one, 'spec', dataVolumeFieldRules)).toBe(field)
})
