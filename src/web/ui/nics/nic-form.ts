/** The fields of a NIC's form, their syntax, and the way from and to the API's objects. */
import { z } from 'zod'

import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { isMac } from '../../../kube/mac-address.ts'
import type { NewNic } from '../../../kube/nic-patch.ts'
import { bindingOf, type Interface, type Network, type Nic } from '../../../kube/vm-devices.ts'
import { arePrivateOptions, dhcpFromValues, dhcpToValues, wordsIn } from './nic-dhcp.ts'

/** The pod network's value in the field `network`; others are references to definitions. */
export const podNetwork = 'pod network'

const pciSyntax = /^[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[0-7]$/i

const portSyntax = /^(?:([a-z0-9-]+):)?(\d{1,6})(?:\/([a-z]+))?$/i

export const nicSchema = z.object({
  name: z
    .string()
    .min(1, 'Give the interface a name.')
    .regex(/^[\w-]+$/, 'Letters, digits, dashes and underscores only.'),
  network: z.string().min(1, 'Choose a network.'),
  binding: z.string().min(1, 'Choose a binding.'),
  model: z.string(),
  macAddress: z
    .string()
    .trim()
    .refine(
      (mac) => mac === '' || isMac(mac),
      'Six pairs of hexadecimal digits, as in 02:00:5e:10:00:01.',
    ),
  state: z.enum(['up', 'down']),
  ports: z
    .string()
    .refine(
      (text) => wordsIn(text).every((word) => portSyntax.test(word)),
      'Port numbers separated by commas, as in 22, web:80/TCP, 53/UDP.',
    ),
  bootOrder: z.string().trim().regex(/^\d*$/, 'A whole number; the lowest boots first.'),
  pciAddress: z
    .string()
    .trim()
    .refine(
      (address) => address === '' || pciSyntax.test(address),
      'Domain, bus, slot and function, as in 0000:81:00.0.',
    ),
  acpiIndex: z.string().trim().regex(/^\d*$/, 'A whole number.'),
  bootFileName: z.string(),
  tftpServerName: z.string(),
  ntpServers: z
    .string()
    .refine(
      (text) => wordsIn(text).every((word) => z.ipv4().safeParse(word).success),
      'IPv4 addresses separated by commas.',
    ),
  privateOptions: z
    .string()
    .refine(arePrivateOptions, 'Numbers and texts, as in 240=text; 241=text.'),
  /** Not the NIC's but the VM's: `networkInterfaceMultiqueue`. */
  hasManyQueues: z.boolean(),
})

export type NicValues = z.input<typeof nicSchema>

function parsePorts(text: string): Interface['ports'] {
  return wordsIn(text).map((word) => {
    const [, name, port, protocol] = portSyntax.exec(word) ?? []
    return {
      ...(name !== undefined && { name }),
      port: Number(port),
      ...(protocol !== undefined && { protocol: protocol.toUpperCase() }),
    }
  })
}

function formatPorts(ports: Interface['ports'] = []): string {
  return ports
    .map(({ name, port, protocol }) => {
      const prefix = name === undefined ? '' : `${name}:`
      return `${prefix}${port}${protocol === undefined ? '' : `/${protocol}`}`
    })
    .join(', ')
}

/** The first of `nic-1`, `nic-2`, … that is free. */
function proposeNicName(taken: readonly string[]): string {
  let number = 1
  while (taken.includes(`nic-${number}`)) number += 1
  return `nic-${number}`
}

export function newNicValues(taken: readonly string[], hasManyQueues = false): NicValues {
  return {
    name: proposeNicName(taken),
    network: '',
    binding: '',
    model: '',
    macAddress: '',
    state: 'up',
    ports: '',
    bootOrder: '',
    pciAddress: '',
    acpiIndex: '',
    ...dhcpToValues(undefined),
    hasManyQueues,
  }
}

export function nicToValues({ iface, network }: Nic, hasManyQueues = false): NicValues {
  return {
    name: iface.name,
    network: network?.multus?.networkName ?? (network?.pod ? podNetwork : ''),
    binding: bindingOf(iface),
    model: iface.model ?? '',
    macAddress: iface.macAddress ?? '',
    state: iface.state === 'down' ? 'down' : 'up',
    ports: formatPorts(iface.ports),
    bootOrder: iface.bootOrder === undefined ? '' : String(iface.bootOrder),
    pciAddress: iface.pciAddress ?? '',
    acpiIndex: iface.acpiIndex === undefined ? '' : String(iface.acpiIndex),
    ...dhcpToValues(iface.dhcpOptions),
    hasManyQueues,
  }
}

/** The bindings KubeVirt has itself; every other name is a plugin's. */
const ownBindings = ['bridge', 'masquerade', 'sriov', 'passtBinding'] as const

function bindingPart(binding: string): Partial<Interface> {
  return ownBindings.some((own) => own === binding)
    ? { [binding]: {} }
    : { binding: { name: binding } }
}

/** Whether the binding forwards only listed ports. */
export function hasPorts(binding: string): boolean {
  return binding === 'masquerade' || binding === 'passtBinding'
}

/** Whether KubeVirt itself answers the guest's DHCP requests, as far as it knows its address. */
export function hasDhcp(binding: string): boolean {
  return binding === 'masquerade' || binding === 'bridge'
}

const formFields = [
  'model',
  'macAddress',
  'ports',
  'bootOrder',
  'pciAddress',
  'acpiIndex',
  'dhcpOptions',
] as const

/** What the values describe; fields the form doesn't know stay as they are in `original`. */
export function nicFromValues(values: NicValues, original?: Nic): NewNic {
  const iface = { ...original?.iface }
  const isBindingKept = original && bindingOf(original.iface) === values.binding
  if (!isBindingKept) for (const key of [...ownBindings, 'binding'] as const) delete iface[key]
  for (const key of formFields) delete iface[key]
  if (iface.state !== 'absent') delete iface.state
  // Up is the default; it is written only where it was before.
  const state = values.state === 'down' ? 'down' : original?.iface.state === 'up' ? 'up' : undefined
  const macAddress = values.macAddress.trim()
  const pciAddress = values.pciAddress.trim()
  const dhcpOptions = hasDhcp(values.binding) ? dhcpFromValues(values) : undefined
  const network: Network =
    values.network === podNetwork
      ? { name: values.name, pod: original?.network?.pod ?? {} }
      : {
          name: values.name,
          multus: { ...original?.network?.multus, networkName: values.network },
        }
  return {
    iface: {
      ...iface,
      name: values.name,
      ...(!isBindingKept && bindingPart(values.binding)),
      ...(values.model !== '' && { model: values.model }),
      ...(macAddress !== '' && { macAddress }),
      ...(values.bootOrder.trim() !== '' && { bootOrder: Number(values.bootOrder) }),
      ...(pciAddress !== '' && { pciAddress }),
      ...(values.acpiIndex.trim() !== '' && { acpiIndex: Number(values.acpiIndex) }),
      ...(dhcpOptions && { dhcpOptions }),
      ...(hasPorts(values.binding) &&
        values.ports.trim() !== '' && { ports: parsePorts(values.ports) ?? [] }),
      ...(state !== undefined && { state }),
    },
    network,
  }
}

/** The bindings a network can have; the first is proposed. */
export function bindingsFor(
  network: string,
  nad: { isSriov: boolean; type: string } | undefined,
  {
    bridgeOnPodNetworkPermitted,
    bindsPasst,
    bindingPlugins,
  }: Pick<KubeVirtConfig, 'bridgeOnPodNetworkPermitted' | 'bindsPasst' | 'bindingPlugins'>,
): string[] {
  if (network === '') return []
  if (network === podNetwork)
    return [
      'masquerade',
      ...(bridgeOnPodNetworkPermitted ? ['bridge'] : []),
      ...(bindsPasst ? ['passtBinding'] : []),
      ...bindingPlugins,
    ]
  if (!nad || nad.type === 'unknown') return ['bridge', 'sriov', ...bindingPlugins]
  return nad.isSriov ? ['sriov'] : ['bridge', ...bindingPlugins]
}
