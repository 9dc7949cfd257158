import { apiTargetOf } from './api-target.ts'
import { isRdpPath } from './rdp/rdp-leg.ts'
import { isClusterPath, isLongLived, withoutQuery } from './request-path.ts'
import { isUploadPath } from './upload/upload-leg.ts'

/** What a request is for, in few enough words to count by. */
export const requestKinds = ['page', 'session', 'read', 'write', 'upload', 'health'] as const
export type RequestKind = (typeof requestKinds)[number]

/** What stays open for as long as somebody listens. */
export const streamKinds = [
  'watch',
  'log',
  'vnc',
  'serial',
  'rdp',
  'port-forward',
  'exec',
  'other',
] as const
export type StreamKind = (typeof streamKinds)[number]

/** @param target without a cluster's prefix */
export function requestKindOf(method: string, target: string): RequestKind {
  if (isClusterPath(target)) return isRead(method) ? 'read' : 'write'
  if (isUploadPath(target)) return isRead(method) ? 'read' : 'upload'
  if (target.startsWith('/api/')) return 'session'
  return withoutQuery(target) === '/healthz' ? 'health' : 'page'
}

export function isRead(method: string) {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** KubeVirt's names for its streams, and Kubernetes' own. */
const subresourceKinds: Record<string, StreamKind> = {
  vnc: 'vnc',
  console: 'serial',
  portforward: 'port-forward',
  exec: 'exec',
  attach: 'exec',
}

/**
 * @param target without a cluster's prefix
 * @returns undefined for what is answered and done with
 */
export function streamKindOf(target: string, isUpgrade: boolean): StreamKind | undefined {
  if (isRdpPath(target)) return isUpgrade ? 'rdp' : undefined
  if (!isClusterPath(target)) return isUpgrade ? 'other' : undefined
  const subresource = apiTargetOf('GET', target)?.subresource ?? ''
  if (isLongLived(target)) return subresource === 'log' ? 'log' : 'watch'
  return isUpgrade ? (subresourceKinds[subresource] ?? 'other') : undefined
}
