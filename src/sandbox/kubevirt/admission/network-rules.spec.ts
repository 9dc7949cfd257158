import { expect, it } from 'vitest'

import { networkCauses } from './network-rules.ts'

/* oxlint-disable typescript/no-explicit-any -- specs are taken apart and put together freely */
type Manifest = any

/** A VM on the pod network and on a bridge, which KubeVirt accepts. */
const accepted = {
  domain: {
    devices: {
      interfaces: [
        { name: 'default', masquerade: {} },
        { name: 'lan', bridge: {} },
      ],
    },
  },
  networks: [
    { name: 'default', pod: {} },
    { name: 'lan', multus: { networkName: 'lan' } },
  ],
}

const configuration = {
  isEnabled: (gate: string) => gate === 'PasstBinding',
  bridgeOnPodNetwork: false,
  defaultInterface: 'bridge',
  liveUpdate: true,
  evictionStrategy: undefined,
  maxHotplugRatio: 4,
  machineType: 'q35',
  emulatedMachines: ['q35*'],
  permittedDevices: undefined,
}

const nics = 'P.domain.devices.interfaces'

/** Each mistake with what KubeVirt v1.9.0 says of it, and where; `P` is the path of the spec. */
const mistakes: [
  text: string,
  field: string,
  mistake: (nics: Manifest, networks: Manifest) => void,
][] = [
  [
    'Bridge on pod network configuration is not enabled under kubevirt-config',
    `${nics}[0].name`,
    ([nic]) => {
      delete nic.masquerade
      nic.bridge = {}
    },
  ],
  [
    'more than one interface is connected to a pod network in P.interfaces',
    'P.interfaces',
    (_, networks) => (networks[1] = { name: 'lan', pod: {} }),
  ],
  [
    'Pod network cannot be defined when Multus default network is defined',
    'P.networks',
    (_, [, lan]) => (lan.multus.default = true),
  ],
  [
    'Multus CNI should only have one default network',
    'P.networks',
    (_, networks) => {
      networks[0] = { name: 'default', multus: { networkName: 'a', default: true } }
      networks[1].multus.default = true
    },
  ],
  ['should have a network type', 'P.networks[1]', (_, [, lan]) => delete lan.multus],
  ['should have only one network type', 'P.networks[1]', (_, [, lan]) => (lan.resourceClaim = {})],
  [
    'CNI delegating plugin must have a networkName',
    'P.networks[1]',
    (_, [, lan]) => (lan.multus.networkName = ''),
  ],
  [
    "P.networks[1].name 'lan' not found.",
    'P.networks[1].name',
    (interfaces) => interfaces.splice(1),
  ],
  [`${nics}[1].name 'lan' not found.`, `${nics}[1].name`, (_, networks) => networks.splice(1)],
  [
    'Network with name "lan" already exists, every network must have a unique name',
    'P.networks[2].name',
    (_, networks) => networks.push(networks[1]),
  ],
  [
    'Only one interface can be connected to one specific network',
    `${nics}[2].name`,
    (interfaces) => interfaces.push(interfaces[1]),
  ],
  [
    'logical lan interface must have exactly one binding method or binding plugin',
    `${nics}[1]`,
    ([, lan]) => delete lan.bridge,
  ],
  [
    'logical lan interface must have exactly one binding method or binding plugin',
    `${nics}[1]`,
    ([, lan]) => (lan.binding = { name: 'l2bridge' }),
  ],
  [
    'Masquerade interface only implemented with pod network',
    `${nics}[1].name`,
    ([, lan]) => {
      delete lan.bridge
      lan.masquerade = {}
    },
  ],
  [
    'PasstBinding interface only implemented with pod network',
    `${nics}[1].name`,
    ([, lan]) => {
      delete lan.bridge
      lan.passtBinding = {}
    },
  ],
  [
    'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
    `${nics}[1].name`,
    ([, lan]) => (lan.name = 'my lan'),
  ],
  [
    `interface ${nics}[1].name has malformed MAC address (zz).`,
    `${nics}[1].macAddress`,
    ([, lan]) => (lan.macAddress = 'zz'),
  ],
  [
    `interface ${nics}[1].name has too long MAC address (02:00:00:00:00:00:00:01).`,
    `${nics}[1].macAddress`,
    ([, lan]) => (lan.macAddress = '02:00:00:00:00:00:00:01'),
  ],
  [
    'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
    `${nics}[0].macAddress`,
    ([nic]) => (nic.macAddress = '02:00:00:00:00:00'),
  ],
  [
    `interface ${nics}[1].name uses model ne3000 that is not supported.`,
    `${nics}[1].model`,
    ([, lan]) => (lan.model = 'ne3000'),
  ],
  [
    `interface ${nics}[1].name has malformed PCI address (1:2).`,
    `${nics}[1].pciAddress`,
    ([, lan]) => (lan.pciAddress = '1:2'),
  ],
  ['Port field is mandatory.', `${nics}[0].ports[0].port`, ([nic]) => (nic.ports = [{}])],
  [
    'Port field must be in range 0 < x < 65536.',
    `${nics}[0].ports[0].port`,
    ([nic]) => (nic.ports = [{ port: 65536 }]),
  ],
  [
    'Unknown protocol, only TCP or UDP allowed',
    `${nics}[0].ports[0].protocol`,
    ([nic]) => (nic.ports = [{ port: 1, protocol: 'SCTP' }]),
  ],
  [
    'Duplicate name of the port: web',
    `${nics}[0].ports[1].name`,
    ([nic]) =>
      (nic.ports = [
        { name: 'web', port: 1 },
        { name: 'web', port: 2 },
      ]),
  ],
  [
    'logical lan interface state value is unsupported: sideways',
    `${nics}[1].state`,
    ([, lan]) => (lan.state = 'sideways'),
  ],
  [
    '"default" interface\'s state "absent" is supported only for bridge binding',
    `${nics}[0].state`,
    ([nic]) => (nic.state = 'absent'),
  ],
  [
    '"default" interface\'s state "absent" is not supported on default networks',
    `${nics}[0].state`,
    ([nic]) => (nic.state = 'absent'),
  ],
  [
    '"lan" interface\'s state "down" is not supported for SR-IOV NICs',
    `${nics}[1].state`,
    ([, lan]) => {
      delete lan.bridge
      lan.sriov = {}
      lan.state = 'down'
    },
  ],
  [
    'Found Duplicates: you have provided duplicate DHCPPrivateOptions',
    'P',
    ([nic]) =>
      (nic.dhcpOptions = {
        privateOptions: [
          { option: 240, value: 'a' },
          { option: 240, value: 'b' },
        ],
      }),
  ],
  [
    'provided DHCPPrivateOptions are out of range, must be in range 224 to 254',
    'P',
    ([nic]) => (nic.dhcpOptions = { privateOptions: [{ option: 255, value: 'a' }] }),
  ],
  [
    'NTP servers must be a list of valid IPv4 addresses.',
    `${nics}[0].dhcpOptions.ntpServers[0]`,
    ([nic]) => (nic.dhcpOptions = { ntpServers: ['pool.example.org'] }),
  ],
]

it.each(['spec.template.spec', 'spec'])('says nothing below %s where nothing is wrong', (path) => {
  expect(networkCauses(path, accepted as Manifest, configuration)).toEqual([])
})

it.each(mistakes)('says “%s” of %s', (text, field, mistake) => {
  for (const path of ['spec.template.spec', 'spec']) {
    const spec: Manifest = structuredClone(accepted)
    mistake(spec.domain.devices.interfaces, spec.networks)
    const below = (words: string) => words.replace(/\bP(?=\.|$)/g, path)
    expect(networkCauses(path, spec, configuration)).toContainEqual(
      expect.objectContaining({ message: below(text), field: below(field) }),
    )
  }
})
