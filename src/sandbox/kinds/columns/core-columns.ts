/**
 * Columns of the core, storage, RBAC and event kinds, as kube-apiserver prints them.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/printers/internalversion/printers.go
 */
import type { KubeObject } from '../../api/cluster.ts'
import { age, humanDuration } from '../human-duration.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import {
  accessModesText,
  ageColumn,
  at,
  column,
  count,
  labelText,
  list,
  objectMeta,
  size,
  text,
  wide,
} from './cells.ts'

const core = 'io.k8s.api.core.v1.'

export const namespaceColumns = [
  column('Status', 'string', 'The status of the namespace', (o) => text(o, 'status', 'phase')),
  ageColumn,
]

const rolePrefix = 'node-role.kubernetes.io/'

function nodeStatus(node: KubeObject): string {
  const ready = list(node, 'status', 'conditions').find((entry) => entry['type'] === 'Ready')
  const words = [
    ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady',
  ]
  if (at(node, 'spec', 'unschedulable') === true) words.push('SchedulingDisabled')
  return words.join(',')
}

function nodeRoles(node: KubeObject): string {
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(rolePrefix)) return [key.slice(rolePrefix.length)]
    return key === 'kubernetes.io/role' ? [value] : []
  })
  return roles.filter(Boolean).toSorted().join(',') || '<none>'
}

const nodeAddress = (type: string) => (node: KubeObject) =>
  text(
    list(node, 'status', 'addresses').find((entry) => entry['type'] === type),
    'address',
  ) || '<none>'

const nodeInfo = (field: string) => (node: KubeObject) =>
  text(node, 'status', 'nodeInfo', field) || '<unknown>'

export const nodeColumns = [
  column('Status', 'string', 'The status of the node', nodeStatus),
  column('Roles', 'string', 'The roles of the node', nodeRoles),
  ageColumn,
  column('Version', 'string', [`${core}NodeSystemInfo`, 'kubeletVersion'], (node) =>
    text(node, 'status', 'nodeInfo', 'kubeletVersion'),
  ),
  wide('Internal-IP', 'string', [`${core}NodeStatus`, 'addresses'], nodeAddress('InternalIP')),
  wide('External-IP', 'string', [`${core}NodeStatus`, 'addresses'], nodeAddress('ExternalIP')),
  wide('OS-Image', 'string', [`${core}NodeSystemInfo`, 'osImage'], nodeInfo('osImage')),
  wide(
    'Kernel-Version',
    'string',
    [`${core}NodeSystemInfo`, 'kernelVersion'],
    nodeInfo('kernelVersion'),
  ),
  wide(
    'Container-Runtime',
    'string',
    [`${core}NodeSystemInfo`, 'containerRuntimeVersion'],
    nodeInfo('containerRuntimeVersion'),
  ),
]

function externalIps(service: KubeObject): string {
  const ips = (at(service, 'spec', 'externalIPs') ?? []) as string[]
  const ingress = list(service, 'status', 'loadBalancer', 'ingress').map(
    (entry) => text(entry, 'ip') || text(entry, 'hostname'),
  )
  switch (text(service, 'spec', 'type')) {
    case 'LoadBalancer':
      return [...ingress, ...ips].join(',') || '<pending>'
    case 'ExternalName':
      return text(service, 'spec', 'externalName')
    default:
      return ips.join(',') || '<none>'
  }
}

function servicePorts(service: KubeObject): string {
  const ports = list(service, 'spec', 'ports').map((port) => {
    const node = count(port, 'nodePort')
    const protocol = text(port, 'protocol') || 'TCP'
    return `${count(port, 'port')}${node === 0 ? '' : `:${node}`}/${protocol}`
  })
  return ports.join(',') || '<none>'
}

export const serviceColumns = [
  column('Type', 'string', [`${core}ServiceSpec`, 'type'], (o) => text(o, 'spec', 'type')),
  column(
    'Cluster-IP',
    'string',
    [`${core}ServiceSpec`, 'clusterIP'],
    (o) => text(o, 'spec', 'clusterIP') || '<none>',
  ),
  column('External-IP', 'string', [`${core}ServiceSpec`, 'externalIPs'], externalIps),
  column('Port(s)', 'string', [`${core}ServiceSpec`, 'ports'], servicePorts),
  ageColumn,
  wide('Selector', 'string', [`${core}ServiceSpec`, 'selector'], (o) =>
    labelText(at(o, 'spec', 'selector')),
  ),
]

/** The first three addresses, and how many more there are. */
function endpointsText(endpoints: KubeObject): string {
  const all = list(endpoints, 'subsets').flatMap((subset) => {
    const addresses = list(subset, 'addresses').map((address) => text(address, 'ip'))
    const ports = list(subset, 'ports')
    if (ports.length === 0) return addresses
    return ports.flatMap((port) => addresses.map((ip) => `${ip}:${count(port, 'port')}`))
  })
  if (all.length === 0) return '<none>'
  const more = all.length > 3 ? ` + ${all.length - 3} more...` : ''
  return all.slice(0, 3).join(',') + more
}

export const endpointsColumns = [
  column('Endpoints', 'string', [`${core}Endpoints`, 'subsets'], endpointsText),
  ageColumn,
]

export const secretColumns = [
  column('Type', 'string', [`${core}Secret`, 'type'], (o) => text(o, 'type')),
  column('Data', 'string', [`${core}Secret`, 'data'], (o) => size(o, 'data')),
  ageColumn,
]

export const configMapColumns = [
  column(
    'Data',
    'string',
    [`${core}ConfigMap`, 'data'],
    (o) => size(o, 'data') + size(o, 'binaryData'),
  ),
  ageColumn,
]

export const serviceAccountColumns = [
  column(
    'Secrets',
    'string',
    [`${core}ServiceAccount`, 'secrets'],
    (o) => list(o, 'secrets').length,
  ),
  ageColumn,
]

function claimPhase(claim: KubeObject): string {
  return claim.metadata.deletionTimestamp ? 'Terminating' : text(claim, 'status', 'phase')
}

export const claimColumns = [
  column('Status', 'string', [`${core}PersistentVolumeClaimStatus`, 'phase'], claimPhase),
  column('Volume', 'string', [`${core}PersistentVolumeClaimSpec`, 'volumeName'], (o) =>
    text(o, 'spec', 'volumeName'),
  ),
  column('Capacity', 'string', [`${core}PersistentVolumeClaimStatus`, 'capacity'], (o) =>
    text(o, 'spec', 'volumeName') ? text(o, 'status', 'capacity', 'storage') : '',
  ),
  column('Access Modes', 'string', [`${core}PersistentVolumeClaimStatus`, 'accessModes'], (o) =>
    text(o, 'spec', 'volumeName') ? accessModesText(at(o, 'status', 'accessModes')) : '',
  ),
  column('StorageClass', 'string', 'StorageClass of the pvc', (o) =>
    text(o, 'spec', 'storageClassName'),
  ),
  column(
    'VolumeAttributesClass',
    'string',
    'VolumeAttributesClass of the pvc',
    (o) => text(o, 'spec', 'volumeAttributesClassName') || '<unset>',
  ),
  ageColumn,
  wide(
    'VolumeMode',
    'string',
    [`${core}PersistentVolumeClaimSpec`, 'volumeMode'],
    (o) => text(o, 'spec', 'volumeMode') || '<unset>',
  ),
]

export const volumeColumns = [
  column('Capacity', 'string', [`${core}PersistentVolumeSpec`, 'capacity'], (o) =>
    text(o, 'spec', 'capacity', 'storage'),
  ),
  column('Access Modes', 'string', [`${core}PersistentVolumeSpec`, 'accessModes'], (o) =>
    accessModesText(at(o, 'spec', 'accessModes')),
  ),
  column(
    'Reclaim Policy',
    'string',
    [`${core}PersistentVolumeSpec`, 'persistentVolumeReclaimPolicy'],
    (o) => text(o, 'spec', 'persistentVolumeReclaimPolicy'),
  ),
  column('Status', 'string', [`${core}PersistentVolumeStatus`, 'phase'], (o) =>
    o.metadata.deletionTimestamp ? 'Terminating' : text(o, 'status', 'phase'),
  ),
  column('Claim', 'string', [`${core}PersistentVolumeSpec`, 'claimRef'], (o) =>
    at(o, 'spec', 'claimRef')
      ? `${text(o, 'spec', 'claimRef', 'namespace')}/${text(o, 'spec', 'claimRef', 'name')}`
      : '',
  ),
  column('StorageClass', 'string', 'StorageClass of the pv', (o) =>
    text(o, 'spec', 'storageClassName'),
  ),
  column(
    'VolumeAttributesClass',
    'string',
    'VolumeAttributesClass of the pv',
    (o) => text(o, 'spec', 'volumeAttributesClassName') || '<unset>',
  ),
  column('Reason', 'string', [`${core}PersistentVolumeStatus`, 'reason'], (o) =>
    text(o, 'status', 'reason'),
  ),
  ageColumn,
  wide(
    'VolumeMode',
    'string',
    [`${core}PersistentVolumeSpec`, 'volumeMode'],
    (o) => text(o, 'spec', 'volumeMode') || '<unset>',
  ),
]

/** `series.lastObservedTime`, `lastTimestamp` or `eventTime`, whichever there is. */
function lastSeen(event: KubeObject): string {
  return (
    text(event, 'series', 'lastObservedTime') ||
    text(event, 'lastTimestamp') ||
    text(event, 'deprecatedLastTimestamp') ||
    text(event, 'eventTime')
  )
}

function eventObject(event: KubeObject): string {
  const about = at(event, 'involvedObject') ?? at(event, 'regarding')
  const kind = text(about, 'kind').toLowerCase()
  return text(about, 'name') ? `${kind}/${text(about, 'name')}` : kind
}

function eventSource(event: KubeObject): string {
  const source = at(event, 'source') ?? at(event, 'deprecatedSource')
  const component = text(source, 'component') || text(event, 'reportingComponent')
  const host = text(source, 'host') || text(event, 'reportingInstance')
  return host ? `${component}, ${host}` : component
}

const event = `${core}Event`

/** Events are the one kind whose table does not begin with the name. */
export const eventColumns: PrinterColumn[] = [
  column('Last Seen', 'string', [event, 'lastTimestamp'], (o, now) => age(lastSeen(o), now)),
  column('Type', 'string', [event, 'type'], (o) => text(o, 'type')),
  column('Reason', 'string', [event, 'reason'], (o) => text(o, 'reason')),
  column('Object', 'string', [event, 'involvedObject'], eventObject),
  wide('Subobject', 'string', [`${core}ObjectReference`, 'fieldPath'], (o) =>
    text(at(o, 'involvedObject') ?? at(o, 'regarding'), 'fieldPath'),
  ),
  wide('Source', 'string', [event, 'source'], eventSource),
  column('Message', 'string', [event, 'message'], (o) =>
    (text(o, 'message') || text(o, 'note')).trim(),
  ),
  wide('First Seen', 'string', [event, 'firstTimestamp'], (o, now) =>
    age(
      text(o, 'firstTimestamp') || text(o, 'deprecatedFirstTimestamp') || text(o, 'eventTime'),
      now,
    ),
  ),
  wide(
    'Count',
    'string',
    [event, 'count'],
    (o) => count(o, 'series', 'count') || count(o, 'count') || count(o, 'deprecatedCount') || 1,
  ),
  {
    ...wide('Name', 'string', [objectMeta, 'name'], (o) => o.metadata.name),
    format: 'name',
  },
]

/** `name: used/hard` of the resources whose name passes the filter. */
function quotaText(quota: KubeObject, isWanted: (resource: string) => boolean): string {
  const hard = (at(quota, 'status', 'hard') ?? {}) as Record<string, string>
  return Object.keys(hard)
    .filter(isWanted)
    .toSorted()
    .map((name) => `${name}: ${text(quota, 'status', 'used', name)}/${hard[name]}`)
    .join(', ')
}

const isLimit = (resource: string) => resource.startsWith('limits')

export const resourceQuotaColumns = [
  column(
    'Request',
    'string',
    'Request represents a minimum amount of cpu/memory that a container may consume.',
    (o) => quotaText(o, (name) => !isLimit(name)),
  ),
  column(
    'Limit',
    'string',
    'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    (o) => quotaText(o, isLimit),
  ),
  ageColumn,
]

/** What roles, limit ranges and every kind without a printer of its own show. */
export const createdAtColumns = [
  column(
    'Created At',
    'date',
    [objectMeta, 'creationTimestamp'],
    (o) => o.metadata.creationTimestamp,
  ),
]

const storage = 'io.k8s.api.storage.v1.StorageClass'

const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class'

export const storageClassColumns: PrinterColumn[] = [
  {
    ...column('Name', 'string', [objectMeta, 'name'], (o) =>
      o.metadata.annotations?.[defaultClassAnnotation] === 'true'
        ? `${o.metadata.name} (default)`
        : o.metadata.name,
    ),
    format: 'name',
  },
  column('Provisioner', 'string', [storage, 'provisioner'], (o) => text(o, 'provisioner')),
  column(
    'ReclaimPolicy',
    'string',
    [storage, 'reclaimPolicy'],
    (o) => text(o, 'reclaimPolicy') || 'Delete',
  ),
  column(
    'VolumeBindingMode',
    'string',
    [storage, 'volumeBindingMode'],
    (o) => text(o, 'volumeBindingMode') || 'Immediate',
  ),
  column(
    'AllowVolumeExpansion',
    'string',
    [storage, 'allowVolumeExpansion'],
    (o) => at(o, 'allowVolumeExpansion') === true,
  ),
  ageColumn,
]

const subjectsOfKind = (kind: string) => (binding: KubeObject) =>
  list(binding, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map((subject) =>
      kind === 'ServiceAccount'
        ? `${text(subject, 'namespace')}/${text(subject, 'name')}`
        : text(subject, 'name'),
    )
    .join(', ')

/** Columns of RoleBinding and ClusterRoleBinding, which name different role kinds. */
export const bindingColumns = [
  column(
    'Role',
    'string',
    ['io.k8s.api.rbac.v1.RoleBinding', 'roleRef'],
    (o) => `${text(o, 'roleRef', 'kind')}/${text(o, 'roleRef', 'name')}`,
  ),
  ageColumn,
  wide('Users', 'string', 'Users in the roleBinding', subjectsOfKind('User')),
  wide('Groups', 'string', 'Groups in the roleBinding', subjectsOfKind('Group')),
  wide(
    'ServiceAccounts',
    'string',
    'ServiceAccounts in the roleBinding',
    subjectsOfKind('ServiceAccount'),
  ),
]

const priority = 'io.k8s.api.scheduling.v1.PriorityClass'

export const priorityClassColumns = [
  column('Value', 'integer', [priority, 'value'], (o) => count(o, 'value')),
  column(
    'Global-Default',
    'boolean',
    [priority, 'globalDefault'],
    (o) => at(o, 'globalDefault') === true,
  ),
  ageColumn,
  column(
    'PreemptionPolicy',
    'string',
    [priority, 'preemptionPolicy'],
    (o) => text(o, 'preemptionPolicy') || 'PreemptLowerPriority',
  ),
]

export const leaseColumns = [
  column('Holder', 'string', ['io.k8s.api.coordination.v1.LeaseSpec', 'holderIdentity'], (o) =>
    text(o, 'spec', 'holderIdentity'),
  ),
  ageColumn,
]

const budget = 'io.k8s.api.policy.v1.'

export const disruptionBudgetColumns = [
  column(
    'Min Available',
    'string',
    [`${budget}PodDisruptionBudgetSpec`, 'minAvailable'],
    (o) => text(o, 'spec', 'minAvailable') || 'N/A',
  ),
  column(
    'Max Unavailable',
    'string',
    [`${budget}PodDisruptionBudgetSpec`, 'maxUnavailable'],
    (o) => text(o, 'spec', 'maxUnavailable') || 'N/A',
  ),
  column(
    'Allowed Disruptions',
    'integer',
    'Calculated number of pods that may be disrupted at this time.',
    (o) => count(o, 'status', 'disruptionsAllowed'),
  ),
  ageColumn,
]

/** The time between two timestamps, or since the first while the second is missing. */
export function span(start: string, end: string, now: Date): string {
  if (start === '') return ''
  const last = end === '' ? now.getTime() : Date.parse(end)
  return humanDuration(last - Date.parse(start))
}
