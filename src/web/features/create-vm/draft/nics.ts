/** The network interfaces of the draft, each with its network. */
import { bindingOf, type Interface, type Network } from '../../../../kube/vm-devices.ts'
import { devicesOf, field, withDevices, type Draft, type Field } from './draft.ts'

/** The value of {@link nicNetwork} for the pod network. */
export const podNetwork = 'pod'

/** What an interface to this network is bound by. */
export type BindingOf = (network: string) => 'bridge' | 'masquerade' | 'sriov'

/** The network of an interface: {@link podNetwork}, or the name of a definition. */
export function nicNetwork(name: string, binding: BindingOf): Field<string> {
  return field(
    (draft) => {
      const network = devicesOf(draft).networks.find((one) => one.name === name)
      return network?.multus?.networkName ?? (network?.pod ? podNetwork : '')
    },
    (draft, value) => {
      const { interfaces, networks } = devicesOf(draft)
      return withDevices(draft, {
        interfaces: interfaces.map((one) =>
          one.name === name ? rebound(one, binding(value)) : one,
        ),
        networks: networks.map((one) => (one.name === name ? networkTo(name, value) : one)),
      })
    },
  )
}

function networkTo(name: string, value: string): Network {
  return value === podNetwork ? { name, pod: {} } : { name, multus: { networkName: value } }
}

function rebound(iface: Interface, binding: ReturnType<BindingOf>): Interface {
  const { bridge: _, masquerade: __, sriov: ___, binding: ____, ...rest } = iface
  return { ...rest, [binding]: {} }
}

export function addNic(draft: Draft, network: string, binding: BindingOf): Draft {
  const { interfaces, networks } = devicesOf(draft)
  let number = 1
  while (interfaces.some(({ name }) => name === `nic-${number}`)) number += 1
  const name = `nic-${number}`
  return withDevices(draft, {
    interfaces: [...interfaces, { name, [binding(network)]: {} }],
    networks: [...networks, networkTo(name, network)],
  })
}

/** Without any, KubeVirt would give the VM one again; `autoattachPodInterface` tells it not to. */
export function removeNic(draft: Draft, name: string): Draft {
  const { interfaces, networks } = devicesOf(draft)
  return withDevices(draft, {
    interfaces: interfaces.filter((one) => one.name !== name),
    networks: networks.filter((one) => one.name !== name),
  })
}

export function draftNics(draft: Draft): { name: string; binding: string }[] {
  return devicesOf(draft).interfaces.map((one) => ({ name: one.name, binding: bindingOf(one) }))
}
