/** Rows of the list of networks, and the texts that are searched. */
import type { NetworkAttachmentDefinition, Node } from '../../../kube/kinds.ts'
import type { NetworkUser } from '../../../kube/machine-nics.ts'
import { nadTypeWords, parseNad, type Nad } from '../../../kube/nad-config.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import type { NamedRow } from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { nadWarnings } from './nad-warnings.ts'

/** A definition with who uses it. Texts are empty where nothing is said. */
export interface NetworkRow extends NamedRow {
  namespace: string
  definition: NetworkAttachmentDefinition
  nad: Nad
  type: string
  /** The bridge, physical network or resource that it leads to. */
  leadsTo: string
  vlan: string
  /** Undefined while not all machines are known. */
  userCount: number | undefined
  labels: Labels | undefined
}

/** What is known besides the definitions themselves. */
export interface NetworkContext {
  users: ReadonlyMap<string, readonly NetworkUser[]>
  /** All machines that may use them are known. */
  areUsersKnown: boolean
  nodes: readonly Node[] | undefined
}

/** Where a configuration stops being JSON, in words. */
export function problemWords({ message, line, column }: NonNullable<Nad['problem']>): string {
  return line === undefined ? message : `Line ${line}, column ${column}: ${message}`
}

export function networkStatus(
  nad: Nad,
  warnings: readonly string[],
  userCount: number | undefined,
): PlainStatus {
  if (nad.problem) return { label: 'Unreadable', tone: 'danger', reason: problemWords(nad.problem) }
  const [worst] = warnings
  if (worst !== undefined) return { label: 'Needs attention', tone: 'warning', reason: worst }
  if (userCount === undefined) return { label: 'Defined', tone: 'neutral' }
  return userCount > 0
    ? { label: 'In use', tone: 'success' }
    : { label: 'Not used', tone: 'neutral' }
}

function leadsTo({ bridge, physicalNetwork, type, resource, networkName }: Nad): string {
  if (bridge !== undefined) return bridge
  if (physicalNetwork !== undefined) return physicalNetwork
  if (resource !== undefined) return resource
  return type === 'ovn-k8s-cni-overlay' ? (networkName ?? '') : ''
}

/** A row is made anew only when its definition or what it shows of others has changed. */
export function createNetworkRows() {
  const known = new WeakMap<NetworkAttachmentDefinition, { row: NetworkRow; because: string }>()
  return (
    definitions: readonly NetworkAttachmentDefinition[],
    { users, areUsersKnown, nodes }: NetworkContext,
  ): NetworkRow[] => {
    const others = definitions.map(parseNad)
    return definitions.map((definition, index) => {
      const nad = others[index]!
      const key = `${nad.namespace}/${nad.name}`
      const count = users.get(key)?.length ?? 0
      const userCount = areUsersKnown || count > 0 ? count : undefined
      const status = networkStatus(nad, nadWarnings(definition, { nodes, others }), userCount)
      const because = JSON.stringify([status, userCount])
      const before = known.get(definition)
      if (before?.because === because) return before.row
      const row: NetworkRow = {
        key,
        name: nad.name,
        namespace: nad.namespace,
        definition,
        nad,
        status,
        type: nadTypeWords(nad),
        leadsTo: leadsTo(nad),
        vlan: nad.vlan?.toString() ?? '',
        userCount,
        created: definition.metadata.creationTimestamp,
        labels: definition.metadata.labels,
      }
      known.set(definition, { row, because })
      return row
    })
  }
}

export function networkFields(isAllNamespaces: boolean): FilterFields<NetworkRow> {
  return {
    name: (row) => row.name,
    fields: [
      statusField('attention'),
      ...namespaceFields<NetworkRow>(isAllNamespaces),
      { key: 'type', title: 'Type', text: (row) => row.type, isFacet: true, example: 'bridge' },
      {
        key: 'via',
        title: 'Leads to',
        text: (row) => row.leadsTo,
        isFacet: true,
        example: 'br1',
      },
      { key: 'vlan', title: 'VLAN', text: (row) => row.vlan, isFacet: true, example: '100' },
    ],
    labels: (row) => row.labels,
  }
}
