/** Paths of the cluster API, below the base that both hosts serve. */
import { apiVersion, type ResourceKind } from './kinds.ts'

export interface ObjectRef {
  /** Absent for cluster-scoped kinds. */
  namespace?: string
  name: string
}

/** Path of a collection; without a namespace, of all namespaces. */
export function collectionPath(kind: ResourceKind, namespace?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersion(kind)}`
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}${scope}/${kind.plural}`
}

export function objectPath(kind: ResourceKind, { namespace, name }: ObjectRef): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`
}

/**
 * Path of a KubeVirt subresource, e.g. `virtualmachines/web-1/start`. `subresource` may have several
 * segments (`vnc/screenshot`, `portforward/3389/tcp`).
 */
export function subresourcePath(
  kind: Pick<ResourceKind, 'plural'>,
  { namespace, name }: Required<ObjectRef>,
  subresource: string,
): string {
  return (
    `/apis/subresources.kubevirt.io/v1/namespaces/${encodeURIComponent(namespace)}` +
    `/${kind.plural}/${encodeURIComponent(name)}/${subresource}`
  )
}
