/** What the fields of a network's form stand for in its definition, and back. */
import {
  apiVersion,
  networkAttachmentDefinitionKind,
  type NetworkAttachmentDefinition,
} from '../../../kube/kinds.ts'
import {
  isConfigProblem,
  numberOf,
  readCniConfig,
  resourceNameAnnotation,
  textOf,
  type CniConfig,
  type CniObject,
} from '../../../kube/nad-config.ts'
import { newNadValues, splitList, type NadForm, type NadValues } from './nad-schema.ts'
import { formatTrunk, parseTrunk } from './vlan-trunk.ts'

/** The form a configuration can be edited in; undefined where only its YAML can. */
function formOf({ network }: CniConfig): NadForm | undefined {
  switch (network['type']) {
    case 'bridge':
    case 'cnv-bridge':
      return 'bridge'
    case 'sriov':
      return 'sriov'
    case 'ovn-k8s-cni-overlay': {
      const topology = network['topology']
      return topology === 'localnet' || topology === 'layer2' ? topology : undefined
    }
    default:
      return undefined
  }
}

function digits(value: unknown): string {
  return numberOf(value)?.toString() ?? ''
}

/** The values of a stored definition; undefined where the form has no place for what it says. */
export function nadToValues({
  metadata,
  spec,
}: NetworkAttachmentDefinition): NadValues | undefined {
  const config = readCniConfig(spec?.config)
  if (isConfigProblem(config)) return undefined
  const form = formOf(config)
  if (!form) return undefined
  const { network, document } = config
  const trunk = network['vlanTrunk']
  const resource = metadata.annotations?.[resourceNameAnnotation] ?? ''
  return {
    ...newNadValues(metadata.namespace ?? ''),
    name: metadata.name,
    form,
    bridge: textOf(network['bridge']) ?? '',
    vlan: digits(network['vlan'] ?? network['vlanID']),
    trunk: Array.isArray(trunk) ? formatTrunk(trunk) : '',
    macSpoofCheck: network['macspoofchk'] === true,
    mtu: digits(network['mtu']),
    networkName: textOf(network['name'] ?? document['name']) ?? '',
    physicalNetwork: textOf(network['physicalNetworkName']) ?? '',
    subnets: textOf(network['subnets']) ?? '',
    excludeSubnets: textOf(network['excludeSubnets']) ?? '',
    resource: form === 'sriov' ? resource : '',
    spoofCheck: textOf(network['spoofchk']) ?? '',
    trust: textOf(network['trust']) ?? '',
  }
}

function numeric(text: string): number | undefined {
  return text === '' ? undefined : Number(text)
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** What the fields say, by member of the plugin's configuration; undefined takes it away. */
function membersOf(values: NadValues): Record<string, unknown> {
  const { namespace, name } = values
  switch (values.form) {
    case 'bridge': {
      const trunk = parseTrunk(values.trunk) ?? []
      return {
        bridge: values.bridge,
        vlan: numeric(values.vlan),
        vlanTrunk: trunk.length > 0 ? trunk : undefined,
        macspoofchk: values.macSpoofCheck,
        mtu: numeric(values.mtu),
      }
    }
    case 'localnet':
      return {
        topology: 'localnet',
        netAttachDefName: `${namespace}/${name}`,
        physicalNetworkName: values.physicalNetwork,
        vlanID: numeric(values.vlan),
        mtu: numeric(values.mtu),
        ...subnetMembers(values),
      }
    case 'layer2':
      return {
        topology: 'layer2',
        netAttachDefName: `${namespace}/${name}`,
        mtu: numeric(values.mtu),
        ...subnetMembers(values),
      }
    case 'sriov':
      return {
        vlan: numeric(values.vlan),
        spoofchk: filled(values.spoofCheck),
        trust: filled(values.trust),
      }
  }
}

function subnetMembers(values: NadValues): Record<string, unknown> {
  return {
    subnets: filled(splitList(values.subnets).join(',')),
    excludeSubnets: filled(splitList(values.excludeSubnets).join(',')),
  }
}

/** What a new configuration has besides its fields. */
function beginning({ form, name, networkName }: NadValues): CniObject {
  switch (form) {
    // The bridge's interface in the pod is left without an address; VMs have theirs inside.
    case 'bridge':
      return {
        cniVersion: '0.3.1',
        name,
        type: 'bridge',
        ipam: {},
        preserveDefaultVlan: false,
        disableContainerInterface: true,
      }
    case 'sriov':
      return { cniVersion: '0.3.1', name, type: 'sriov', ipam: {} }
    default:
      return {
        cniVersion: '1.0.0',
        name: networkName === '' ? name : networkName,
        type: 'ovn-k8s-cni-overlay',
      }
  }
}

function isOvn({ form }: NadValues): boolean {
  return form === 'localnet' || form === 'layer2'
}

/** Sets and takes away members, in place where they are there already. */
function withMembers(object: CniObject, members: Record<string, unknown>): CniObject {
  return Object.fromEntries(
    Object.entries({ ...object, ...members }).filter(([, value]) => value !== undefined),
  )
}

function newConfig(values: NadValues): CniObject {
  return withMembers(beginning(values), membersOf(values))
}

/** What is written goes on as it was, but for the members that the form has fields for. */
function editedConfig({ document, isList, network }: CniConfig, values: NadValues): CniObject {
  const name = isOvn(values) && values.networkName !== '' ? { name: values.networkName } : {}
  const members = membersOf(values)
  // What is off by default needn't be written down.
  if (network['macspoofchk'] === undefined && members['macspoofchk'] === false)
    delete members['macspoofchk']
  const edited = withMembers(network, { ...members, ...(!isList && name) })
  if (!isList) return edited
  const plugins = (document['plugins'] as unknown[]).map((one) => (one === network ? edited : one))
  return { ...document, ...name, plugins }
}

/** Indented if it was, so that a difference shows what changed and no more. */
function stringify(config: CniObject, before = ''): string {
  return before.includes('\n') ? JSON.stringify(config, null, 2) : JSON.stringify(config)
}

/** A definition as it is sent. */
export interface NadManifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace: string; annotations?: Record<string, string> }
  spec: { config: string }
}

/** The definition as it would be stored; with `base`, as that becomes. */
export function nadFromValues(values: NadValues, base?: NetworkAttachmentDefinition): NadManifest {
  const before = base?.spec?.config
  const read = before === undefined ? undefined : readCniConfig(before)
  const document = read && !isConfigProblem(read) ? read.document : undefined
  const config = read && !isConfigProblem(read) ? editedConfig(read, values) : newConfig(values)
  // However it is spaced.
  const isSame = document !== undefined && JSON.stringify(document) === JSON.stringify(config)
  const annotations = annotationsOf(values, base?.metadata.annotations)
  return {
    apiVersion: apiVersion(networkAttachmentDefinitionKind),
    kind: networkAttachmentDefinitionKind.kind,
    metadata: {
      name: values.name,
      namespace: values.namespace,
      ...(annotations && { annotations }),
    },
    spec: { config: isSame && before !== undefined ? before : stringify(config, before) },
  }
}

/** The resource is what the scheduler goes by: a node without it isn't chosen. */
function annotationsOf(
  values: NadValues,
  before?: Record<string, string>,
): Record<string, string> | undefined {
  const own = before?.[resourceNameAnnotation]
  const marker = `bridge.network.kubevirt.io/${values.bridge}`
  const resource =
    values.form === 'sriov'
      ? values.resource
      : values.form === 'bridge' && own?.startsWith('bridge.network.kubevirt.io/')
        ? marker
        : own
  return resource === undefined ? before : { ...before, [resourceNameAnnotation]: resource }
}
