/** What nothing in the cluster refuses, and what comes of it when a VM starts. */
import type { Node } from '../../../kube/kinds.ts'
import {
  isConfigProblem,
  parseNad,
  readCniConfig,
  textOf,
  type CniObject,
  type Nad,
  type NadSource,
} from '../../../kube/nad-config.ts'
import { offeringNodes } from './node-resources.ts'

export interface NadSurroundings {
  /** Undefined where nodes can't be read. */
  nodes: readonly Node[] | undefined
  /** All that can be read, of whatever namespace. */
  others: readonly Nad[]
}

/** Names of network devices: https://elixir.bootlin.com/linux/v6.12/source/include/uapi/linux/if.h#L33 */
const deviceNameLength = 15

/** https://github.com/containernetworking/cni/blob/v1.3.0/pkg/version/version.go */
const cniVersions = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0']

type Check = (facts: {
  nad: Nad
  network: CniObject
  document: CniObject
  surroundings: NadSurroundings
}) => string | false

const bridgeTypes = new Set(['bridge', 'cnv-bridge'])
const ovnType = 'ovn-k8s-cni-overlay'

function keyOf({ namespace, name }: Nad): string {
  return `${namespace}/${name}`
}

/** OVN Kubernetes takes definitions that give the same name for one network. */
function isAtOdds(a: Nad, b: Nad): boolean {
  return (['topology', 'physicalNetwork', 'vlan', 'mtu'] as const).some((key) => a[key] !== b[key])
}

const checks: readonly Check[] = [
  ({ nad }) =>
    nad.type === 'unknown' && 'The configuration names no type, so no plugin is called for it.',
  ({ document }) => {
    const version = document['cniVersion']
    if (version === undefined)
      return 'The configuration names no cniVersion; it is then read as of 0.1.0, which knows no lists of plugins.'
    return (
      !cniVersions.some((one) => one === version) &&
      `cniVersion ${JSON.stringify(version)} is none that plugins know: ${cniVersions.join(', ')}.`
    )
  },
  ({ nad: { bridge = '' } }) =>
    bridge.length > deviceNameLength &&
    `The bridge name has ${bridge.length} characters; Linux allows ${deviceNameLength}, so no node can have it.`,
  ({ nad: { bridge = '' } }) =>
    /[\s/:]/.test(bridge) && 'The bridge name has a character that Linux allows in no device name.',
  ({ nad }) =>
    bridgeTypes.has(nad.type) &&
    nad.bridge === undefined &&
    'The configuration names no bridge; the plugin then makes and uses “cni0” on each node.',
  ({ nad: { vlan } }) =>
    vlan !== undefined &&
    (vlan < 0 || vlan > 4094) &&
    `VLAN ${vlan} isn’t between 0 and 4094: the plugin refuses it when a VM starts.`,
  ({ network }) =>
    ['vlan', 'vlanID'].some((key) => key in network && typeof network[key] !== 'number') &&
    'The VLAN isn’t a number: the plugin can’t read the configuration.',
  ({ nad, network }) =>
    nad.type === 'bridge' &&
    'vlan' in network &&
    network['vlan'] !== 0 &&
    'vlanTrunk' in network &&
    'There are a VLAN and a trunk: the guest has the VLAN untagged and those of the trunk tagged.',
  ({ nad: { type, name, networkName } }) =>
    type !== ovnType &&
    networkName !== undefined &&
    networkName !== name &&
    `The configuration calls the network “${networkName}”, the definition is called “${name}”: VMs go by “${name}”, messages of the plugin speak of “${networkName}”.`,
  ({ nad, network }) =>
    nad.type === ovnType &&
    network['netAttachDefName'] !== keyOf(nad) &&
    `netAttachDefName is “${textOf(network['netAttachDefName']) ?? ''}” and has to be “${keyOf(nad)}”: OVN Kubernetes ignores the definition otherwise.`,
  ({ nad: { type, topology }, network }) =>
    type === ovnType &&
    topology !== 'localnet' &&
    'vlanID' in network &&
    'Only a localnet has a VLAN; OVN Kubernetes refuses the configuration.',
  ({ nad, surroundings }) => {
    if (nad.type !== ovnType) return false
    const other = surroundings.others.find(
      (one) =>
        one.type === ovnType &&
        one.networkName === nad.networkName &&
        keyOf(one) !== keyOf(nad) &&
        isAtOdds(one, nad),
    )
    return (
      other !== undefined &&
      `${keyOf(other)} has the same network name “${nad.networkName}” with another topology, physical network, VLAN or MTU: OVN Kubernetes takes them for one network and refuses one of them.`
    )
  },
  ({ nad, surroundings }) => {
    if (nad.topology !== 'localnet') return false
    const other = surroundings.others.find(
      (one) =>
        one.topology === 'localnet' &&
        one.physicalNetwork === nad.physicalNetwork &&
        one.vlan === nad.vlan &&
        one.networkName !== nad.networkName,
    )
    return (
      other !== undefined &&
      `${keyOf(other)} leads to the same physical network and VLAN by another network name: guests of both share the segment, and addresses given to one are unknown to the other.`
    )
  },
  ({ nad, network }) =>
    nad.type === ovnType &&
    nad.topology !== 'localnet' &&
    !('subnets' in network) &&
    'Without subnets guests get no addresses from the network; they need their own.',
  ({ nad: { type, resource } }) =>
    type === 'sriov' &&
    resource === undefined &&
    'No resource is named (annotation k8s.v1.cni.cncf.io/resourceName), so no virtual function is given to the VM and its start fails.',
  ({ nad: { resource }, surroundings: { nodes } }) =>
    resource !== undefined &&
    nodes !== undefined &&
    offeringNodes(nodes, resource).length === 0 &&
    `No node offers ${resource}: a VM on this network can’t be scheduled.`,
  ({ nad: { type }, network: { ipam } }) =>
    bridgeTypes.has(type) &&
    typeof ipam === 'object' &&
    ipam !== null &&
    Object.keys(ipam).length > 0 &&
    'Addresses are managed (ipam) on the pod’s side of the bridge; a guest on it doesn’t get them.',
]

/** Sentences, what is worst first. Empty for a definition that can't be read: that is another story. */
export function nadWarnings(definition: NadSource, surroundings: NadSurroundings): string[] {
  const read = readCniConfig(definition.spec?.config)
  if (isConfigProblem(read)) return []
  const { network, document } = read
  const nad = parseNad(definition)
  return checks
    .map((check) => check({ nad, network, document, surroundings }))
    .filter((sentence) => sentence !== false)
}
