/**
 * Interfaces and networks.
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/pkg/network/admitter
 */
import { isIPv4 } from 'node:net'

import type {
  V1Interface,
  V1Network,
  V1Port,
  V1VirtualMachineInstanceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import type { Configuration } from './configuration.ts'
import { duplicate, invalid, notSupported, required } from './refusal.ts'

interface PortRange {
  start: number
  end: number
  protocol: string
}

/** With the fields that the type package does not have yet, and the wire name of one. */
type Interface = V1Interface & { portRanges?: PortRange[] }
type Network = Omit<V1Network, 'multus'> & {
  multus?: { networkName?: string; default?: boolean }
  resourceClaim?: object
}

const reservedMac = '02:00:00:00:00:00'
const models = new Set(['e1000', 'e1000e', 'igb', 'ne2k_pci', 'pcnet', 'rtl8139', 'virtio'])
const pciAddress = /^[\da-fA-F]{4}:[\da-fA-F]{2}:[\da-fA-F]{2}\.[0-7]$/
const portName = /^(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/

/** All rules, in KubeVirt's order. `path` leads to the VMI spec. */
export function networkCauses(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
  configuration: Configuration,
): StatusCause[] {
  const interfaces = (spec.domain.devices.interfaces ?? []) as Interface[]
  const networks = (spec.networks ?? []) as Network[]
  const network = new Map(networks.map((entry) => [entry.name, entry]))
  const at = (index: number, ...members: string[]) =>
    [`${path}.domain.devices.interfaces[${index}]`, ...members].join('.')
  return [
    ...podNetworkCauses(path, networks),
    ...networkSourceCauses(path, networks),
    ...interfaces.flatMap((nic, i) => stateCauses(nic, networks, at(i, 'state'))),
    ...interfaces.flatMap((nic, i) =>
      bindingCauses(nic, network.get(nic.name), configuration, (...members) => at(i, ...members)),
    ),
    ...repeatedNames(networks).map((i) =>
      duplicate(
        `Network with name "${networks[i]?.name}" already exists, every network must have a unique name`,
        `${path}.networks[${i}].name`,
      ),
    ),
    ...networks.flatMap(({ name }, i) => {
      const field = `${path}.networks[${i}].name`
      if (interfaces.some((nic) => nic.name === name)) return []
      return [required(`${field} '${name}' not found.`, field)]
    }),
    ...repeatedNames(interfaces).map((i) =>
      duplicate('Only one interface can be connected to one specific network', at(i, 'name')),
    ),
    ...interfaces.flatMap(({ name }, i) =>
      network.has(name) ? [] : [invalid(`${at(i, 'name')} '${name}' not found.`, at(i, 'name'))],
    ),
    ...interfaces.flatMap((nic, i) => {
      const field = (...members: string[]) => at(i, ...members)
      return [
        ...interfaceFieldCauses(nic, field),
        ...portCauses(nic, network.get(nic.name), configuration, field),
        ...dhcpCauses(path, nic, field),
      ]
    }),
  ]
}

/** Indexes of the entries whose name an earlier one has. */
function repeatedNames(entries: { name: string }[]): number[] {
  const seen = new Set<string>()
  return entries.flatMap(({ name }, index) => {
    if (seen.has(name)) return [index]
    seen.add(name)
    return []
  })
}

function podNetworkCauses(path: string, networks: Network[]): StatusCause[] {
  const pods = networks.filter((network) => network.pod)
  const multusDefaults = networks.filter((network) => network.multus?.default)
  const causes: StatusCause[] = []
  if (pods.length > 1) {
    const field = `${path}.interfaces`
    causes.push(
      duplicate(`more than one interface is connected to a pod network in ${field}`, field),
    )
  }
  if (multusDefaults.length > 1) {
    causes.push(invalid('Multus CNI should only have one default network', `${path}.networks`))
  }
  if (pods.length > 0 && multusDefaults.length > 0) {
    causes.push(
      invalid(
        'Pod network cannot be defined when Multus default network is defined',
        `${path}.networks`,
      ),
    )
  }
  return causes
}

function networkSourceCauses(path: string, networks: Network[]): StatusCause[] {
  const sources = networks.flatMap(({ pod, multus, resourceClaim }, i) => {
    const count = [pod, multus, resourceClaim].filter(Boolean).length
    if (count === 1) return []
    const message = count === 0 ? 'should have a network type' : 'should have only one network type'
    return [required(message, `${path}.networks[${i}]`)]
  })
  // Only the first multus network without a name is reported.
  const unnamed = networks.findIndex(({ multus }) => multus && !multus.networkName)
  if (unnamed === -1) return sources
  return [
    ...sources,
    required('CNI delegating plugin must have a networkName', `${path}.networks[${unnamed}]`),
  ]
}

function stateCauses(
  { name, state, bridge, sriov }: Interface,
  networks: Network[],
  field: string,
) {
  const causes: StatusCause[] = []
  if (state && !['absent', 'down', 'up'].includes(state)) {
    causes.push(invalid(`logical ${name} interface state value is unsupported: ${state}`, field))
  }
  const refuse = (why: string) =>
    causes.push(invalid(`"${name}" interface's state "${state}" is ${why}`, field))
  if (sriov && (state === 'down' || state === 'up')) refuse('not supported for SR-IOV NICs')
  if (state === 'absent' && !bridge) refuse('supported only for bridge binding')
  const defaultNetwork = networks.find(({ pod, multus }) => pod || multus?.default)
  if (state === 'absent' && defaultNetwork?.name === name) {
    refuse('not supported on default networks')
  }
  return causes
}

function bindingCauses(
  nic: Interface,
  network: Network | undefined,
  configuration: Configuration,
  field: (...members: string[]) => string,
): StatusCause[] {
  const { bridge, masquerade, sriov, passtBinding, binding, macAddress } = nic
  const causes: StatusCause[] = []
  if ([bridge, masquerade, sriov, passtBinding, binding].filter(Boolean).length !== 1) {
    causes.push(
      invalid(
        `logical ${nic.name} interface must have exactly one binding method or binding plugin`,
        field(),
      ),
    )
  }
  if (masquerade && !network?.pod) {
    causes.push(invalid('Masquerade interface only implemented with pod network', field('name')))
  }
  if (masquerade && macAddress === reservedMac) {
    causes.push(
      invalid(
        'The requested MAC address is reserved for the in-pod bridge. Please choose another one.',
        field('macAddress'),
      ),
    )
  }
  if (bridge && network?.pod && !configuration.bridgeOnPodNetwork) {
    causes.push(
      invalid(
        'Bridge on pod network configuration is not enabled under kubevirt-config',
        field('name'),
      ),
    )
  }
  if (passtBinding && !configuration.isEnabled('PasstBinding')) {
    causes.push(invalid('PasstBinding feature gate is not enabled', field('name')))
  }
  if (passtBinding && !network?.pod) {
    causes.push(invalid('PasstBinding interface only implemented with pod network', field('name')))
  }
  return causes
}

function interfaceFieldCauses(
  { name, model, macAddress, pciAddress: address }: Interface,
  field: (...members: string[]) => string,
): StatusCause[] {
  const causes: StatusCause[] = []
  if (!/^[A-Za-z0-9-_]+$/.test(name)) {
    causes.push(
      invalid(
        'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
        field('name'),
      ),
    )
  }
  if (model && !models.has(model)) {
    causes.push(
      notSupported(
        `interface ${field('name')} uses model ${model} that is not supported.`,
        field('model'),
      ),
    )
  }
  const problem = macProblem(macAddress)
  if (problem) {
    causes.push(invalid(`interface ${field('name')} has ${problem}.`, field('macAddress')))
  }
  if (address && !pciAddress.test(address)) {
    causes.push(
      invalid(
        `interface ${field('name')} has malformed PCI address (${address}).`,
        field('pciAddress'),
      ),
    )
  }
  return causes
}

/**
 * Why a MAC address is refused; the forms of Go's net.ParseMAC are understood: pairs with colons or
 * dashes, or fours with dots, of 6, 8 or 20 bytes.
 */
export function macProblem(mac: string | undefined): string | undefined {
  if (!mac) return undefined
  const isPairs = /^[\da-f]{2}([:-])[\da-f]{2}(\1[\da-f]{2})*$/i.test(mac)
  const isFours = /^[\da-f]{4}(\.[\da-f]{4})+$/i.test(mac)
  const bytes = mac.replaceAll(/[^\da-f]/gi, '').length / 2
  if (!(isPairs || isFours) || ![6, 8, 20].includes(bytes)) return `malformed MAC address (${mac})`
  return bytes > 6 ? `too long MAC address (${mac})` : undefined
}

function portCauses(
  { ports, portRanges }: Interface,
  network: Network | undefined,
  configuration: Configuration,
  field: (...members: string[]) => string,
): StatusCause[] {
  const causes = network?.pod && ports ? portListCauses(ports, field) : []
  if (portRanges && !configuration.isEnabled('PortRangesSpec')) {
    causes.push(
      invalid(
        'portRanges is specified on interface but the PortRangesSpec feature gate is not enabled',
        field('name'),
      ),
    )
  }
  return causes
}

function portListCauses(ports: V1Port[], field: (...members: string[]) => string): StatusCause[] {
  const names = new Set<string>()
  const named = ports.flatMap(({ name }, i) => {
    if (!name) return []
    const causes: StatusCause[] = []
    const at = field(`ports[${i}]`, 'name')
    if (names.has(name)) causes.push(duplicate(`Duplicate name of the port: ${name}`, at))
    if (!portName.test(name)) causes.push(invalid(`Invalid name of the port: ${name}`, at))
    names.add(name)
    return causes
  })
  const numbered = ports.flatMap(({ port, protocol }, i) => {
    const causes: StatusCause[] = []
    if (!port) causes.push(required('Port field is mandatory.', field(`ports[${i}]`, 'port')))
    if (port < 0 || port >= 65536) {
      causes.push(
        invalid('Port field must be in range 0 < x < 65536.', field(`ports[${i}]`, 'port')),
      )
    }
    if (protocol && protocol !== 'TCP' && protocol !== 'UDP') {
      causes.push(
        invalid('Unknown protocol, only TCP or UDP allowed', field(`ports[${i}]`, 'protocol')),
      )
    }
    return causes
  })
  return [...named, ...numbered]
}

function dhcpCauses(path: string, nic: Interface, field: (...members: string[]) => string) {
  const { privateOptions = [], ntpServers = [] } = nic.dhcpOptions ?? {}
  const causes: StatusCause[] = []
  if (new Set(privateOptions.map(({ option }) => option)).size < privateOptions.length) {
    causes.push(invalid('Found Duplicates: you have provided duplicate DHCPPrivateOptions', path))
  }
  for (const { option } of privateOptions) {
    if (option >= 224 && option <= 254) continue
    causes.push(
      invalid('provided DHCPPrivateOptions are out of range, must be in range 224 to 254', path),
    )
  }
  for (const [i, server] of ntpServers.entries()) {
    if (isIPv4(server)) continue
    causes.push(
      invalid(
        'NTP servers must be a list of valid IPv4 addresses.',
        field('dhcpOptions', `ntpServers[${i}]`),
      ),
    )
  }
  return causes
}

/** Bindings that have been taken away; refused on create only. `path` is `spec`, even for a VM. */
export function discontinuedBindingCauses(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
): StatusCause[] {
  return (spec.domain.devices.interfaces ?? []).flatMap((nic, i) => {
    const at = `${path}.domain.devices.interfaces[${i}]`
    const causes: StatusCause[] = []
    if (nic.slirp) {
      causes.push(
        invalid('Slirp interface support has been discontinued since v1.3', `${at}.slirp`),
      )
    }
    if (nic.passt) {
      causes.push(invalid('Passt network binding has been discontinued since v1.3', `${at}.passt`))
    }
    if (nic.macvtap) {
      causes.push(
        invalid('Macvtap network binding has been discontinued since v1.3', `${at}.macvtap`),
      )
    }
    return causes
  })
}
