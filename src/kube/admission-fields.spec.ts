import { describe, expect, it } from 'vitest'

import {
  claimFieldRules,
  isChangedMeanwhile,
  mapCauses,
  nicFieldRules,
  normalizePath,
} from './admission-fields.ts'
import { errorFromStatus, KubeError, type StatusCause } from './kube-error.ts'

function refusal(...causes: StatusCause[]): KubeError {
  const texts = causes.map(({ message }) => message).join(', ')
  return errorFromStatus(
    {
      kind: 'Status',
      status: 'Failure',
      message: `admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ${texts}`,
      reason: 'Invalid',
      code: 422,
      details: { causes },
    },
    422,
  )
}

const nics = 'domain.devices.interfaces'

/** Texts and fields as KubeVirt v1.9.0 sends them; `P` is the prefix of VM or VMI. */
const nicCases: [string, string, string | undefined][] = [
  [
    'P.domain.devices.interfaces[1].name',
    'Bridge on pod network configuration is not enabled under kubevirt-config',
    'binding',
  ],
  [
    'P.interfaces',
    'more than one interface is connected to a pod network in P.interfaces',
    'network',
  ],
  ['P.networks', 'Pod network cannot be defined when Multus default network is defined', 'network'],
  ['P.networks', 'Multus CNI should only have one default network', 'network'],
  ['P.networks[1]', 'should have a network type', 'network'],
  ['P.networks[1]', 'should have only one network type', 'network'],
  ['P.networks[1]', 'CNI delegating plugin must have a networkName', 'network'],
  ['P.networks[1].name', "P.networks[1].name 'nic-1' not found.", 'name'],
  [
    'P.domain.devices.interfaces[1].name',
    "P.domain.devices.interfaces[1].name 'nic-1' not found.",
    'name',
  ],
  [
    'P.networks[1].name',
    'Network with name "nic-1" already exists, every network must have a unique name',
    'name',
  ],
  [
    'P.domain.devices.interfaces[1].name',
    'Only one interface can be connected to one specific network',
    'name',
  ],
  [
    'P.domain.devices.interfaces[1]',
    'logical nic-1 interface must have exactly one binding method or binding plugin',
    'binding',
  ],
  [
    'P.domain.devices.interfaces[1].name',
    'Masquerade interface only implemented with pod network',
    'binding',
  ],
  [
    'P.domain.devices.interfaces[1].name',
    'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
    'name',
  ],
  [
    'P.domain.devices.interfaces[1].macAddress',
    'interface P.domain.devices.interfaces[1].name has malformed MAC address (zz).',
    'macAddress',
  ],
  [
    'P.domain.devices.interfaces[1].macAddress',
    'interface P.domain.devices.interfaces[1].name has too long MAC address (02:00:00:00:00:00:00:01).',
    'macAddress',
  ],
  [
    'P.domain.devices.interfaces[1].macAddress',
    'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
    'macAddress',
  ],
  [
    'P.domain.devices.interfaces[1].model',
    'interface P.domain.devices.interfaces[1].name uses model ne3000 that is not supported.',
    'model',
  ],
  ['P.domain.devices.interfaces[1].ports[0].port', 'Port field is mandatory.', 'ports'],
  [
    'P.domain.devices.interfaces[1].ports[2].port',
    'Port field must be in range 0 < x < 65536.',
    'ports',
  ],
  [
    'P.domain.devices.interfaces[1].ports[0].protocol',
    'Unknown protocol, only TCP or UDP allowed',
    'ports',
  ],
  ['P.domain.devices.interfaces[1].ports[1].name', 'Duplicate name of the port: web', 'ports'],
  [
    'P.domain.devices.interfaces[1].state',
    'logical nic-1 interface state value is unsupported: sideways',
    'state',
  ],
  [
    'P.domain.devices.interfaces[1].state',
    '"nic-1" interface\'s state "down" is not supported for SR-IOV NICs',
    'state',
  ],
  [
    'P.domain.devices.interfaces[1].state',
    '"nic-1" interface\'s state "absent" is supported only for bridge binding',
    'state',
  ],
  [
    'P.domain.devices.interfaces[1].state',
    '"nic-1" interface\'s state "absent" is not supported on default networks',
    'state',
  ],
  [
    'P.domain.devices.interfaces[1].name',
    'PasstBinding interface only implemented with pod network',
    'binding',
  ],
  ['P.domain.devices.interfaces[1].name', 'PasstBinding feature gate is not enabled', 'binding'],
  [
    'P.domain.devices.interfaces[1].name',
    'portRanges is specified on interface but the PortRangesSpec feature gate is not enabled',
    'ports',
  ],
  [
    'P.domain.devices.interfaces[1].slirp',
    'Slirp interface support has been discontinued since v1.3',
    'binding',
  ],
  [
    'P.domain.devices.interfaces[1].passt',
    'Passt network binding has been discontinued since v1.3',
    'binding',
  ],
  [
    'P.domain.devices.interfaces[1].macvtap',
    'Macvtap network binding has been discontinued since v1.3',
    'binding',
  ],
  [
    'P.domain.devices.interfaces[1].pciAddress',
    'interface P.domain.devices.interfaces[1].name has malformed PCI address (1:2).',
    'pciAddress',
  ],
  [
    'P.domain.devices.interfaces[1].dhcpOptions.ntpServers[0]',
    'NTP servers must be a list of valid IPv4 addresses.',
    'ntpServers',
  ],
  // Said of the whole spec.
  ['P', 'Found Duplicates: you have provided duplicate DHCPPrivateOptions', 'privateOptions'],
  [
    'P',
    'provided DHCPPrivateOptions are out of range, must be in range 224 to 254',
    'privateOptions',
  ],
  ['P[1].bootOrder', 'P[1] must have a boot order > 0, if supplied', 'bootOrder'],
  [
    'P.domain.devices.interfaces[0].bootOrder',
    'Boot order for P.domain.devices.interfaces[0].bootOrder already set for a different device.',
    'bootOrder',
  ],
  [
    'P.domain.devices.disks[0].bootOrder',
    'Boot order for P.domain.devices.disks[0].bootOrder already set for a different device.',
    'bootOrder',
  ],
  // No field of the form, or another NIC's: on top.
  [
    'P.domain.devices.interfaces[0].macAddress',
    'interface P.domain.devices.interfaces[0].name has malformed MAC address (zz).',
    undefined,
  ],
  ['P.domain.memory.guest', 'something about memory', undefined],
]

/** What the form of a NIC has no field for: on top, in the cluster's own words. */
const machineCases: [path: string, message: string][] = [
  [
    'spec.running',
    'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
  ],
  ['spec.running', 'RunStrategy must be specified'],
  ['spec.runStrategy', 'Invalid RunStrategy (Sometimes)'],
  [
    'spec.dataVolumeTemplate[0].PVC.Storage',
    "DataVolumeTemplate entry spec.dataVolumeTemplate[0] must be referenced in the VMI template's 'volumes' list",
  ],
  [
    'spec.template.spec.volumes[7].cloudInitNoCloud',
    'spec.template.spec.volumes[7].cloudInitNoCloud userdata exceeds 2048 byte limit. Should use UserDataSecretRef for larger data.',
  ],
  ['spec.template.spec.unheard[1].of', 'A text of a version to come'],
]

it.each(machineCases)('shows what %s is blamed for on top', (field, message) => {
  const mapped = mapCauses(refusal({ field, message }), nicFieldRules(1, 1))
  expect(mapped).toEqual({ fields: {}, others: [message] })
})

describe.each(['spec.template.spec', 'spec'])('causes below %s', (prefix) => {
  it.each(nicCases)('of a NIC: %s, “%s” → %s', (path, message, field) => {
    const cause = {
      field: path.replaceAll('P', prefix),
      message: message.replaceAll('P.', `${prefix}.`),
    }
    const mapped = mapCauses(refusal(cause), nicFieldRules(1, 1))
    expect(mapped).toEqual(
      field === undefined
        ? { fields: {}, others: [cause.message] }
        : { fields: { [field]: [cause.message] }, others: [] },
    )
  })
})

describe('normalizePath', () => {
  it.each([
    ['spec.running', 'runStrategy'],
    ['spec.dataVolumeTemplate[0].PVC.Storage', 'dataVolumeTemplates[0].spec'],
    [
      'spec.template.spec.domain.devices.disks.domain.devices.disks.disk[2].pciAddress',
      'domain.devices.disks[2].pciAddress',
    ],
    ['metadata.name', 'metadata.name'],
    ['specification.x', 'specification.x'],
    [`spec.template.spec.${nics}[3].model`, `${nics}[3].model`],
  ])('%s → %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal)
  })
})

describe('refusals of other shapes', () => {
  it('finds a field by the end of its path, or by a part of it', () => {
    const rules = [
      { path: '*resources*', field: 'size' },
      { path: '*volumeMode', field: 'mode' },
    ]
    const error = refusal(
      { field: 'spec.storage.resources.requests', message: 'too small' },
      { field: 'spec.pvc.volumeMode', message: 'unknown' },
    )
    expect(mapCauses(error, rules).fields).toEqual({ size: ['too small'], mode: ['unknown'] })
  })

  it('keeps several messages of one field in order and drops repetitions', () => {
    const field = 'spec.template.spec.domain.devices.interfaces[0].name'
    const error = refusal(
      { field, message: 'first' },
      { field, message: 'second' },
      { field, message: 'first' },
    )
    expect(mapCauses(error, nicFieldRules(0, 0)).fields).toEqual({ name: ['first', 'second'] })
  })

  it('shows a text without causes on top, without the webhook’s preamble', () => {
    const error = new KubeError(
      400,
      'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: spec.template.spec.domain.devices in body is required',
    )
    expect(mapCauses(error, nicFieldRules(0, 0))).toEqual({
      fields: {},
      others: ['spec.template.spec.domain.devices in body is required'],
    })
  })

  it('shows causes without a field on top', () => {
    const message = 'spec.template.spec.domain.devices in body is required'
    expect(mapCauses(refusal({ message }), nicFieldRules(0, 0)).others).toEqual([message])
  })

  it('finds the field in the text of KubeVirt’s own check of the schema', () => {
    const message = 'spec.template.spec.domain.cpu.cores in body must be of type integer: "string"'
    const rules = [{ path: 'domain.cpu*', field: 'cpu' as const }]
    expect(mapCauses(refusal({ message }), rules).fields).toEqual({ cpu: [message] })
  })

  it('says that there are more than the ten causes given', () => {
    const error = new KubeError(422, 'denied: a, and 3 more validation errors', {
      causes: [{ message: 'a' }],
    })
    expect(mapCauses(error, []).others).toEqual(['a', '… and 3 more validation errors.'])
  })

  it('brings an existing name to the name', () => {
    const message = 'persistentvolumeclaims "data" already exists'
    const error = new KubeError(409, message, { reason: 'AlreadyExists' })
    expect(mapCauses(error, claimFieldRules).fields).toEqual({ claimName: [message] })
  })

  it('brings a refused size to the size', () => {
    const message = 'Forbidden: field can not be less than status.capacity'
    const error = refusal({ field: 'spec.resources.requests.storage', message })
    expect(mapCauses(error, claimFieldRules).fields).toEqual({ sizeGiB: [message] })
  })
})

describe('isChangedMeanwhile', () => {
  const patchText = 'the server rejected our request due to an error in our request'
  it.each([
    ['a stale resourceVersion', new KubeError(409, 'x', { reason: 'Conflict' }), true],
    ['a failed test', new KubeError(422, patchText, { reason: 'Invalid' }), true],
    ['a refusal', refusal({ message: 'no' }), false],
    ['a taken name', new KubeError(409, 'x', { reason: 'AlreadyExists' }), false],
  ])('%s', (_name, error, expected) => {
    expect(isChangedMeanwhile(error)).toBe(expected)
  })
})
