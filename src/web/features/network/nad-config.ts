/** What a NetworkAttachmentDefinition says, as far as a NIC's form needs it. */
import type { NetworkAttachmentDefinition } from '../../../kube/kinds.ts'

export interface Nad {
  namespace: string
  name: string
  /** CNI plugin type, `unknown` when the configuration can't be read. */
  type: string
  /** In words: type, bridge, VLAN, SR-IOV resource. */
  description: string
  isSriov: boolean
}

interface CniPlugin {
  type?: string
  bridge?: string
  vlan?: number
  vlanID?: number
  topology?: string
}

const typeWords: Record<string, string> = {
  bridge: 'Linux bridge',
  'cnv-bridge': 'Linux bridge',
  'ovn-k8s-cni-overlay': 'OVN',
  'ovs-cni': 'Open vSwitch',
  ovs: 'Open vSwitch',
  sriov: 'SR-IOV',
  macvlan: 'macvlan',
}

/** Meta plugins that only tune what the plugin before them made. */
const tuningTypes = new Set(['tuning', 'cnv-tuning', 'portmap', 'bandwidth', 'sbr'])

/** The network plugin of a configuration: the flat form, or the first that isn't tuning in `plugins`. */
function networkPlugin(config: string): CniPlugin | undefined {
  try {
    const parsed = JSON.parse(config) as CniPlugin & { plugins?: CniPlugin[] }
    if (!Array.isArray(parsed.plugins)) return parsed
    return parsed.plugins.find(({ type }) => !tuningTypes.has(type ?? '')) ?? parsed.plugins[0]
  } catch {
    return undefined
  }
}

/** The configuration is a string that nothing validates, so anything may be missing. */
export function parseNad({ metadata, spec }: NetworkAttachmentDefinition): Nad {
  const plugin = spec?.config === undefined ? undefined : networkPlugin(spec.config)
  const type = plugin?.type ?? 'unknown'
  const vlan = plugin?.vlan ?? plugin?.vlanID
  const resource = metadata.annotations?.['k8s.v1.cni.cncf.io/resourceName']
  const facts = [
    typeWords[type] ?? (type === 'unknown' ? 'configuration can’t be read' : type),
    plugin?.topology,
    plugin?.bridge,
    vlan === undefined ? undefined : `VLAN ${vlan}`,
    resource,
  ]
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    type,
    description: facts.filter((fact) => fact !== undefined && fact !== '').join(', '),
    isSriov: type === 'sriov',
  }
}

/** How a network of a VM in `namespace` refers to a definition: by name, or `namespace/name`. */
export function nadReference({ namespace, name }: Nad, vmNamespace: string): string {
  return namespace === vmNamespace ? name : `${namespace}/${name}`
}
