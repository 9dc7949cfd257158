import { isApiPath } from './request-path.ts'

/**
 * Where there are several clusters, everything of the cluster NAME is under `/c/NAME`; what follows
 * is as it would be without. A single cluster has no prefix.
 */

/** At the beginning of an address, with the name of its cluster. */
const namedPrefix = /^\/c\/([a-z0-9-]+)(?=[/?]|$)/

/** The prefix of a cluster's addresses, without a slash at the end. */
export function prefixOf(name: string, clusters: readonly unknown[]) {
  return clusters.length > 1 ? `/c/${name}` : ''
}

/** The target without what looks like a cluster's prefix, whether there is such a cluster or not. */
export function withoutPrefix(target: string) {
  return target.replace(/^\/c\/[^/?]*/, '')
}

/** Whether a target means nothing unless it names a cluster; the way to sign in is one for all. */
export function isOfOneCluster(target: string) {
  return isApiPath(withoutPrefix(target)) && !/^\/api\/console\/oidc(\/|$)/.test(target)
}

/**
 * The cluster that a request target is about, and the target without its prefix, which is as it was
 * where no cluster has that prefix.
 */
export function placeOf<C extends { name: string }>(
  target: string,
  clusters: readonly C[],
): { cluster: C | undefined; rest: string } {
  if (clusters.length === 1) return { cluster: clusters[0], rest: target }
  const [prefix = '', name] = namedPrefix.exec(target) ?? []
  const cluster = clusters.find((one) => one.name === name)
  if (!cluster) return { cluster: undefined, rest: target }
  const rest = target.slice(prefix.length)
  return { cluster, rest: rest.startsWith('/') ? rest : `/${rest}` }
}

/**
 * Where a page's address leads instead: to the first of several clusters where it names none, to the
 * address without prefix where there is only one. A path on this host in any case.
 * @param target of a request for a page
 */
export function pageRedirect(
  target: string,
  clusters: readonly { name: string }[],
): string | undefined {
  const [prefix, name] = namedPrefix.exec(target) ?? []
  const [first] = clusters
  if (prefix === undefined || first === undefined) {
    return clusters.length > 1 && first ? `/c/${first.name}${target}` : undefined
  }
  if (clusters.length > 1 || name !== first.name) return undefined
  // Two slashes at the beginning would make it the name of another host.
  return `/${target.slice(prefix.length).replace(/^[/\\]+/, '')}`
}
