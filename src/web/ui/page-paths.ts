/** Every link in the console. URLs are the OpenShift Console's, so that a link works in both hosts. */
import {
  dataSourceKind,
  instancetypeKind,
  preferenceKind,
  dataVolumeKind,
  networkAttachmentDefinitionKind,
  persistentVolumeClaimKind,
  podKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  virtualMachinePoolKind,
  virtualMachineSnapshotKind,
  virtualMachineTemplateKind,
  volumeSnapshotKind,
  type ResourceKind,
} from '../../kube/kinds.ts'

/** `kubevirt.io~v1~VirtualMachine`; core kinds go by their plural, as in `pods`. */
export function resourceReference({ group, version, kind, plural }: ResourceKind): string {
  return group === '' ? plural : `${group}~${version}~${kind}`
}

/** The list of a kind; without a namespace, of all namespaces, or of the cluster's own objects. */
export function listPath(kind: ResourceKind, namespace?: string): string {
  const scope = !kind.namespaced
    ? 'cluster'
    : namespace === undefined
      ? 'all-namespaces'
      : `ns/${encodeURIComponent(namespace)}`
  return `/k8s/${scope}/${resourceReference(kind)}`
}

/** Kinds in namespaces whose lists are pages of their own. */
const listedKinds = [
  virtualMachineInstanceKind,
  persistentVolumeClaimKind,
  dataVolumeKind,
  volumeSnapshotKind,
  networkAttachmentDefinitionKind,
  dataSourceKind,
  instancetypeKind,
  preferenceKind,
  virtualMachineTemplateKind,
  virtualMachinePoolKind,
  virtualMachineSnapshotKind,
]

/**
 * The list that is the same in another namespace as what stands at `pathname`, or what leads there:
 * an object's page belongs to its kind's list, a pod's to that of the VMIs pods run, the wall of
 * screens to itself, any other page to the list of VMs.
 */
export function listPathFrom(pathname: string, namespace: string | undefined): string {
  if (/^\/k8s\/(?:all-namespaces|ns\/[^/]+)\/console-wall$/.test(pathname))
    return consoleWallPath(namespace)
  const reference = /^\/k8s\/(?:all-namespaces|ns\/[^/]+)\/([^/]+)/.exec(pathname)?.[1]
  if (reference === resourceReference(podKind))
    return listPath(virtualMachineInstanceKind, namespace)
  const listed = listedKinds.find((kind) => reference === resourceReference(kind))
  return listPath(listed ?? virtualMachineKind, namespace)
}

/**
 * The page of another cluster that is the same list as what stands at `pathname` with `search`, or
 * what leads there: objects, and what an address says of them, are of one cluster.
 */
export function pathElsewhere(pathname: string, search: string): string {
  if (pathname === clusterPath || pathname === workloadsPath) return pathname
  if (pathname === consolesPath) return consoleWallPath()
  const ofCluster = /^\/k8s\/cluster\/[^/]+/.exec(pathname)?.[0]
  const namespace = /^\/k8s\/ns\/([^/]+)/.exec(pathname)?.[1]
  const isInNamespaces = /^\/k8s\/(?:all-namespaces|ns\/[^/]+)\//.test(pathname)
  const list =
    ofCluster ??
    (isInNamespaces
      ? listPathFrom(pathname, namespace === undefined ? undefined : decodeURIComponent(namespace))
      : '/')
  return list === pathname ? list + search : list
}

/**
 * Where a VM is made; without a namespace, that is asked there.
 *
 * @param from the VirtualMachineTemplate or VolumeSnapshot of the namespace to start from
 */
export function createVmPath(
  namespace?: string,
  from: { template?: string; snapshot?: string } = {},
): string {
  const search = new URLSearchParams(from).toString()
  return `${listPath(virtualMachineKind, namespace)}/~new${search === '' ? '' : `?${search}`}`
}

/** The progress of a VirtualMachineClone. */
export function clonePath(namespace: string, clone: string): string {
  return `${createVmPath(namespace)}?clone=${encodeURIComponent(clone)}`
}

/** An object's page, or one tab of it (`console`, `network`, `storage`, `yaml`, `events`). */
export function objectPagePath(
  kind: ResourceKind,
  ref: { namespace?: string; name: string },
  tab?: string,
): string {
  const page = `${listPath(kind, ref.namespace)}/${encodeURIComponent(ref.name)}`
  return tab === undefined ? page : `${page}/${tab}`
}

/** KubeVirt's own health, and how VMs compare to other workloads. */
export const clusterPath = '/kubevirt/cluster'
export const workloadsPath = '/kubevirt/workloads'

/** A console alone in its own window. */
export function consoleWindowPath(
  ref: { namespace: string; name: string },
  vmi: ResourceKind,
): string {
  return `${objectPagePath(vmi, ref, 'console')}/standalone`
}

/** Screens of many VMs at a glance; without a namespace, of all namespaces. */
export function consoleWallPath(namespace?: string): string {
  const scope = namespace === undefined ? 'all-namespaces' : `ns/${encodeURIComponent(namespace)}`
  return `/k8s/${scope}/console-wall`
}

/** Several consoles in one page. */
export const consolesPath = '/kubevirt/consoles'

/** Side by side: more would be too small to read, and each costs the cluster a stream. */
export const mostConsoles = 9

export interface ConsoleRef {
  namespace: string
  name: string
  kind: 'vnc' | 'serial' | 'rdp'
}

/** `?c=demo/web-1/vnc&c=demo/web-1/serial`: names of objects need no escaping (RFC 1123). */
export function sideBySidePath(consoles: readonly ConsoleRef[]): string {
  const parameters = consoles.map(
    ({ namespace, name, kind }) =>
      `c=${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/${kind}`,
  )
  return parameters.length === 0 ? consolesPath : `${consolesPath}?${parameters.join('&')}`
}
