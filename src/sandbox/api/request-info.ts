/**
 * What a request is about, from its path and method alone.
 * https://github.com/kubernetes/apiserver/blob/v0.35.0/pkg/endpoints/request/requestinfo.go
 */
export interface RequestInfo {
  isResource: boolean
  /** Decoded, without the query. */
  path: string
  verb: string
  prefix: string
  group: string
  version: string
  namespace: string | undefined
  resource: string
  subresource: string | undefined
  name: string | undefined
  /** What follows resource, name and subresource. */
  rest: string[]
  /** Path segments after `/apis/GROUP/VERSION/`. */
  segments: string[]
  query: URLSearchParams
}

const VERBS: Record<string, string> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** A value other than `false` or `0` means watch, also one that is no boolean. */
export function wantsWatch(query: URLSearchParams): boolean {
  const value = query.get('watch')
  return value !== null && value !== 'false' && value !== '0'
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

export function requestInfo(method: string, url: string): RequestInfo {
  const mark = url.indexOf('?')
  const path = decoded(mark < 0 ? url : url.slice(0, mark))
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  const info: RequestInfo = {
    isResource: false,
    path,
    verb: method.toLowerCase(),
    prefix: '',
    group: '',
    version: '',
    namespace: undefined,
    resource: '',
    subresource: undefined,
    name: undefined,
    rest: [],
    segments: [],
    query,
  }
  const parts = path.replace(/^\/+|\/+$/g, '').split('/')
  const minimum = parts[0] === 'api' ? 3 : parts[0] === 'apis' ? 4 : Number.POSITIVE_INFINITY
  if (parts.length < minimum) return info
  info.isResource = true
  info.prefix = parts.shift() ?? ''
  if (info.prefix === 'apis') info.group = parts.shift() ?? ''
  info.version = parts.shift() ?? ''
  info.verb = VERBS[method] ?? ''
  const watchPath = parts[0] === 'watch' && parts.length > 1
  if (watchPath) parts.shift()
  info.segments = [...parts]
  if (parts[0] === 'namespaces' && parts.length > 1) {
    info.namespace = parts[1] ?? ''
    const third = parts[2]
    if (third !== undefined && third !== 'status' && third !== 'finalize') parts.splice(0, 2)
  }
  info.resource = parts[0] ?? ''
  info.name = parts[1] || undefined
  info.subresource = parts[2]
  info.rest = parts.slice(3)
  const pinned = /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1]
  if (watchPath) info.verb = 'watch'
  else if (!info.name && info.verb === 'get') {
    info.verb = wantsWatch(query) ? 'watch' : 'list'
    if (pinned) info.name = pinned
  } else if (!info.name && info.verb === 'delete') info.verb = 'deletecollection'
  return info
}
