/**
 * Virtual machines on the console's overviews of the cluster and of a project. The console reads the
 * objects; here is what to make of them.
 */
import './openshift.css'
import { Icon } from '@patternfly/react-core'
import { CheckCircleIcon, OffIcon } from '@patternfly/react-icons'
import { Link } from 'react-router'

import { dataVolumeStatus } from '../../kube/data-volume-status.ts'
import {
  dataVolumeKind,
  migrationKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type DataVolume,
  type KubeVirt,
  type VirtualMachine,
  type VirtualMachineInstanceMigration,
} from '../../kube/kinds.ts'
import { vmStatus, type StatusTone } from '../../kube/vm-status.ts'
import { clusterPath, objectPagePath, resourceReference } from '../ui/page-paths.ts'

/** The console's own description of a kind, from which it makes links and titles. */
export const vmModel = {
  id: 'virtualmachine',
  kind: virtualMachineKind.kind,
  label: 'VirtualMachine',
  labelPlural: 'VirtualMachines',
  abbr: 'VM',
  apiGroup: virtualMachineKind.group,
  apiVersion: virtualMachineKind.version,
  plural: virtualMachineKind.plural,
  namespaced: true,
  crd: true,
}

/** The first three are the console's; icons of the others are registered with their names. */
const groupOf: Record<StatusTone, string> = {
  danger: 'ERROR',
  warning: 'WARN',
  progress: 'PROGRESS',
  success: 'kubevirt-console-running',
  neutral: 'kubevirt-console-stopped',
}

export const runningIcon = (
  <Icon status="success">
    <CheckCircleIcon />
  </Icon>
)

export const stoppedIcon = (
  <Icon>
    <OffIcon />
  </Icon>
)

interface StatusGroup {
  /** Parameter of the list that the count links to. */
  filterType: string
  statusIDs: string[]
  count: number
}

/** How many VMs are in which state; each count leads to the list of those. */
export function vmGroups(vms: readonly VirtualMachine[]): Record<string, StatusGroup> {
  const groups: Record<string, StatusGroup> = {}
  for (const vm of vms) {
    const { label, tone } = vmStatus(vm, undefined)
    const group = (groups[groupOf[tone]] ??= { filterType: 'status', statusIDs: [], count: 0 })
    group.count += 1
    if (!group.statusIDs.includes(label)) group.statusIDs.push(label)
  }
  return groups
}

interface Watched<T> {
  data?: T
  loaded: boolean
  loadError?: unknown
}

/** What the console watches for {@link kubeVirtHealth}. */
export const kubeVirtResources = {
  kubeVirts: {
    groupVersionKind: { group: 'kubevirt.io', version: 'v1', kind: 'KubeVirt' },
    isList: true,
  },
}

/** KubeVirt as it says itself that it is; our own page looks deeper. */
export function kubeVirtHealth({ kubeVirts }: { kubeVirts: Watched<KubeVirt[]> }): {
  state: 'OK' | 'ERROR' | 'WARNING' | 'PROGRESS' | 'LOADING' | 'UNKNOWN' | 'NOT_AVAILABLE'
  message?: string
} {
  if (kubeVirts.loadError !== undefined && kubeVirts.loadError !== '' && kubeVirts.loadError)
    return { state: 'UNKNOWN', message: 'Its state can’t be read' }
  if (!kubeVirts.loaded) return { state: 'LOADING' }
  const [kubeVirt] = kubeVirts.data ?? []
  if (!kubeVirt) return { state: 'NOT_AVAILABLE', message: 'Not installed' }
  const is = (type: string, status: string) =>
    kubeVirt.status?.conditions?.some((one) => one.type === type && one.status === status) === true
  if (is('Available', 'False')) return { state: 'ERROR', message: 'Not available' }
  if (is('Degraded', 'True')) return { state: 'WARNING', message: 'Degraded' }
  if (is('Progressing', 'True')) return { state: 'PROGRESS', message: 'A change is under way' }
  return is('Available', 'True') ? { state: 'OK' } : { state: 'UNKNOWN', message: 'Not reported' }
}

/** Behind the state: the words of KubeVirt, and the way to its page. */
export function KubeVirtPopup({ kubeVirts }: { kubeVirts?: Watched<KubeVirt[]> }) {
  const [kubeVirt] = kubeVirts?.data ?? []
  const { observedKubeVirtVersion: version, conditions = [] } = kubeVirt?.status ?? {}
  const wrong = conditions.filter(
    ({ type, status }) => status === (type === 'Degraded' ? 'True' : 'False') && isState(type),
  )
  return (
    <>
      <p>{version === undefined ? 'No version is reported.' : `KubeVirt ${version}`}</p>
      {wrong.map(({ type, status, message }) => (
        <p key={type}>
          {type}: {status}
          {message !== undefined && ` – ${message}`}
        </p>
      ))}
      <p>
        <Link to={clusterPath}>Its components and nodes</Link>
      </p>
    </>
  )
}

function isState(type: string): boolean {
  return ['Available', 'Degraded', 'Created', 'Synchronized'].includes(type)
}

export const dataVolumes = {
  isList: true,
  prop: 'kubevirt-console-datavolumes',
  kind: resourceReference(dataVolumeKind),
}

/** Data is on its way into it, or about to be; waiting for somebody is no activity. */
export function isFilling({ status }: DataVolume): boolean {
  return /(?:InProgress|Scheduled)$/.test(String(status?.phase ?? ''))
}

export const migrations = {
  isList: true,
  prop: 'kubevirt-console-migrations',
  kind: resourceReference(migrationKind),
}

export function isMigrating({ status }: VirtualMachineInstanceMigration): boolean {
  return !['Succeeded', 'Failed'].includes(status?.phase ?? '')
}

/** For the order of activities. */
export function createdAt({ metadata }: { metadata: { creationTimestamp: string } }): Date {
  return new Date(metadata.creationTimestamp)
}

export function FillingActivity({ resource }: { resource: DataVolume }) {
  const { namespace = '', name } = resource.metadata
  const { label, reason } = dataVolumeStatus(resource)
  return (
    <div className="kc-activity">
      <span>
        DataVolume <Link to={objectPagePath(dataVolumeKind, { namespace, name })}>{name}</Link> in{' '}
        {namespace}
      </span>
      <span>{reason ?? label}</span>
    </div>
  )
}

export function MigrationActivity({ resource }: { resource: VirtualMachineInstanceMigration }) {
  const { metadata, spec, status } = resource
  const { namespace = '' } = metadata
  const name = spec.vmiName ?? metadata.name
  return (
    <div className="kc-activity">
      <span>
        Migration of{' '}
        <Link to={objectPagePath(virtualMachineInstanceKind, { namespace, name })}>{name}</Link> in{' '}
        {namespace}
      </span>
      <span>{status?.phase ?? 'Pending'}</span>
    </div>
  )
}
