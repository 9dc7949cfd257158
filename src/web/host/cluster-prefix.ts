/**
 * Where one gateway serves several clusters, all that concerns the cluster NAME is below `/c/NAME`:
 * its pages and its APIs. With one cluster, and in the OpenShift Console, nothing is in front.
 */

/** `/c/NAME`, or empty. Names are DNS labels, as in the gateway's configuration. */
export function clusterPrefixOf(pathname: string): string {
  return /^\/c\/[a-z0-9-]+(?=\/|$)/.exec(pathname)?.[0] ?? ''
}

/** Of the page's own address; it stays for as long as the page does. */
export const clusterPrefix = clusterPrefixOf(globalThis.location?.pathname ?? '')

/**
 * A name for what windows of one browser share, be it a store, a lock or a channel: machines of two
 * clusters may have the same name, and their consoles and drafts nothing to do with each other.
 */
export function perCluster(name: string, prefix = clusterPrefix): string {
  return prefix === '' ? name : `${name}@${prefix.slice('/c/'.length)}`
}
