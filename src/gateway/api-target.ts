import { clusterPath } from './request-path.ts'

/** What of the Kubernetes API a request is about, in the words of RBAC. Absent parts are empty. */
export interface ApiTarget {
  verb: string
  group: string
  resource: string
  subresource: string
  namespace: string
  name: string
}

const verbs: Record<string, string> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}
/** Of a namespace itself; everything else below it is a resource of its own. */
const namespaceSubresources = new Set(['status', 'finalize'])

/**
 * Reads a request target under `/api/kubernetes` as kube-apiserver does
 * (apiserver/pkg/endpoints/request/requestinfo.go). An upgrade's verb is `connect`.
 * @returns undefined if it is about no resource
 */
export function apiTargetOf(
  method: string,
  target: string,
  isUpgrade = false,
): ApiTarget | undefined {
  const path = clusterPath(target)?.split('?', 1)[0]
  const [prefix, ...rest] = (path ?? '').replaceAll(/^\/|\/$/g, '').split('/')
  const parts = rest.map((part) => decodeURIComponent(part))
  const group = prefix === 'apis' ? (parts.shift() ?? '') : ''
  if (prefix !== 'apis' && prefix !== 'api') return undefined
  parts.shift()
  let namespace = ''
  if (parts[0] === 'namespaces' && parts[1] !== undefined) {
    namespace = parts[1]
    if (parts.length > 2 && !namespaceSubresources.has(parts[2] ?? '')) parts.splice(0, 2)
  }
  const [resource, name = '', subresource = ''] = parts
  if (resource === undefined || resource === '') return undefined
  const plain = isUpgrade ? 'connect' : (verbs[method] ?? method.toLowerCase())
  const verb = plain === 'delete' && name === '' ? 'deletecollection' : plain
  return { verb, group, resource, subresource, namespace, name }
}

/** Whether the cluster is asked to only try a change. */
export function isDryRun(target: string) {
  return new URLSearchParams(target.split('?', 2)[1] ?? '').getAll('dryRun').includes('All')
}
