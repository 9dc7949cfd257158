const base = '/api/kubernetes'

/** Whether a request target is for the cluster; everything else is the console's own. */
export function isClusterPath(target: string) {
  return target === base || target.startsWith(`${base}/`) || target.startsWith(`${base}?`)
}

/**
 * Whether a request target is for an API of the console. Escapes are looked through, since they are
 * when the route is found.
 */
export function isApiPath(target: string) {
  const path = withoutQuery(target)
  let decoded = path
  try {
    decoded = decodeURIComponent(path)
  } catch {
    // A broken escape finds no route.
  }
  return /^\/+api(\/|$)/i.test(decoded)
}

/**
 * The path and query to ask the cluster for, byte for byte as the client wrote them, or undefined
 * if they are not safe to pass on.
 *
 * Refused is what two parsers could read in two ways, so that no check made here, by a proxy in
 * front or by what reads the audit log can be walked around: dot segments, empty ones, encoded
 * slashes and backslashes, control characters (encoded or not), escapes that are broken, no UTF-8
 * (overlong ones among them) or escaped once more, a fragment. No path of the Kubernetes API needs
 * any of them: a name has neither `/` nor `%` (IsValidPathSegmentName of apimachinery).
 */
export function clusterPath(target: string): string | undefined {
  if (!isClusterPath(target)) return undefined
  if (!/^[\x21-\x7e]*$/.test(target) || /[\\#]/.test(target)) return undefined
  const rest = target.slice(base.length)
  const [path, query] = splitOnce(rest, '?')
  if (path.includes('//')) return undefined
  if (/%(2f|5c|25|[01][0-9a-f]|7f)/i.test(path) || !isDecodable(path)) return undefined
  // A parameter after the dots is cut off by some servers, which leaves the dots.
  if (path.split('/').some((segment) => /^(\.|%2e){1,2}(;|%3b|$)/i.test(segment))) return undefined
  return `${path || '/'}${query === undefined ? '' : `?${query}`}`
}

function isDecodable(path: string) {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** Whether the cluster answers this request for as long as the client listens: watches and logs. */
export function isLongLived(target: string) {
  const query = splitOnce(target, '?')[1] ?? ''
  return /(^|&)(watch|follow)=(1|true|t)(&|$)/i.test(query)
}

/** The path alone: queries may carry tokens and are never logged. */
export function withoutQuery(target: string) {
  return splitOnce(target, '?')[0]
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
