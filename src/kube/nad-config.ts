/**
 * What a NetworkAttachmentDefinition says. Its configuration is a JSON string that nothing in the
 * cluster validates, so anything may be missing or of another type.
 * https://github.com/containernetworking/cni/blob/v1.3.0/SPEC.md#section-1-network-configuration-format
 */
import { parse, type ParseError } from 'jsonc-parser'

import type { ObjectMeta } from './kinds.ts'

/** A definition that is stored, or one that a form would make. */
export interface NadSource {
  metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'annotations'>
  spec?: { config?: string }
}

export interface Nad {
  namespace: string
  name: string
  /** CNI plugin type, `unknown` when the configuration can't be read. */
  type: string
  /** In words: type, topology, bridge, VLAN, SR-IOV resource. */
  description: string
  isSriov: boolean
  /** The Linux bridge on the node. */
  bridge?: string
  vlan?: number
  /** OVN Kubernetes: `localnet`, `layer2` or `layer3`. */
  topology?: string
  /** OVN Kubernetes: the network on the nodes that a localnet leads to. */
  physicalNetwork?: string
  mtu?: number
  /** The name in the configuration, which need not be the definition's. */
  networkName?: string
  /** The device plugin's resource that a pod asks for, as in `openshift.io/sriov_fast`. */
  resource?: string
  /** Why the configuration can't be read. */
  problem?: ConfigProblem
}

export interface ConfigProblem {
  message: string
  /** Counted from 1; absent where the parser doesn't tell. */
  line?: number
  column?: number
}

export type CniObject = Readonly<Record<string, unknown>>

/** A configuration as it is written: one plugin, or several in a list. */
export interface CniConfig {
  document: CniObject
  /** `plugins` is there, whatever is in it. */
  isList: boolean
  /** The plugin that makes the network: others only tune what it made. */
  network: CniObject
}

export const resourceNameAnnotation = 'k8s.v1.cni.cncf.io/resourceName'

/** A plugin's type in words, or as it is. */
export function nadTypeWords({ type, topology, problem }: Nad): string {
  if (problem) return 'unknown'
  const words = typeWords[type] ?? type
  return topology === undefined ? words : `${words} ${topology}`
}

const typeWords: Record<string, string> = {
  bridge: 'Linux bridge',
  'cnv-bridge': 'Linux bridge',
  'ovn-k8s-cni-overlay': 'OVN',
  'ovs-cni': 'Open vSwitch',
  ovs: 'Open vSwitch',
  sriov: 'SR-IOV',
  'ib-sriov': 'SR-IOV InfiniBand',
  macvlan: 'macvlan',
}

/** Meta plugins that only tune what the plugin before them made. */
const tuningTypes = new Set(['tuning', 'cnv-tuning', 'portmap', 'bandwidth', 'sbr', 'vrf'])

function isTuningPlugin({ type }: CniObject): boolean {
  return typeof type === 'string' && tuningTypes.has(type)
}

function isObject(value: unknown): value is CniObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The parser's words, and the first place where what is written isn't JSON. */
function problemIn(text: string, cause: unknown): ConfigProblem {
  const message = cause instanceof Error ? cause.message : String(cause)
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true })
  const [first] = errors
  if (!first) return { message }
  const before = text.slice(0, first.offset).split('\n')
  return { message, line: before.length, column: before.at(-1)!.length + 1 }
}

/** Reads both forms: a plugin's own configuration, and a list of plugins. */
export function readCniConfig(text: string | undefined): CniConfig | ConfigProblem {
  if (text === undefined || text.trim() === '')
    return { message: 'The definition has no configuration (spec.config).' }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    return problemIn(text, cause)
  }
  if (!isObject(document)) return { message: 'The configuration isn’t a JSON object.' }
  const { plugins } = document
  if (!Array.isArray(plugins)) return { document, isList: false, network: document }
  const listed = plugins.filter(isObject)
  const network = listed.find((plugin) => !isTuningPlugin(plugin)) ?? listed[0]
  if (!network) return { message: 'The list “plugins” names no plugin.' }
  return { document, isList: true, network }
}

export function isConfigProblem(read: CniConfig | ConfigProblem): read is ConfigProblem {
  return 'message' in read
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** Leaves out what is undefined. */
function known<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as Partial<T>
}

export function parseNad({ metadata, spec }: NadSource): Nad {
  const read = readCniConfig(spec?.config)
  const network: CniObject = isConfigProblem(read) ? {} : read.network
  const type = textOf(network['type']) ?? 'unknown'
  const bridge = textOf(network['bridge'])
  const vlan = numberOf(network['vlan']) ?? numberOf(network['vlanID'])
  const topology = textOf(network['topology'])
  const resource = metadata.annotations?.[resourceNameAnnotation]
  const facts = [
    typeWords[type] ?? (type === 'unknown' ? 'configuration can’t be read' : type),
    topology,
    bridge,
    vlan === undefined ? undefined : `VLAN ${vlan}`,
    resource,
  ]
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    type,
    description: facts.filter((fact) => fact !== undefined && fact !== '').join(', '),
    isSriov: type === 'sriov',
    ...known<
      Pick<
        Nad,
        'bridge' | 'vlan' | 'topology' | 'physicalNetwork' | 'mtu' | 'networkName' | 'resource'
      >
    >({
      bridge,
      vlan,
      topology,
      // Without a name of its own the physical network has that of the logical one.
      physicalNetwork:
        topology === 'localnet'
          ? (textOf(network['physicalNetworkName']) ?? textOf(network['name']))
          : undefined,
      mtu: numberOf(network['mtu']),
      networkName: isConfigProblem(read)
        ? undefined
        : textOf(read.document['name'] ?? network['name']),
      resource,
    }),
    ...(isConfigProblem(read) && { problem: read }),
  }
}

/** How a network of a VM in `namespace` refers to a definition: by name, or `namespace/name`. */
export function nadReference({ namespace, name }: Nad, vmNamespace: string): string {
  return namespace === vmNamespace ? name : `${namespace}/${name}`
}
