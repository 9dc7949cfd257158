/**
 * The part of `@openshift-console/dynamic-plugin-sdk` that the plugin uses, with the console's
 * behaviour: console-fetch.ts, console-fetch-utils.ts and validate-status.ts of
 * https://github.com/openshift/console/tree/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-shared/src/utils
 */
import { useEffect } from 'react'
import { Link } from 'react-router'

import { store } from './console-state.tsx'

export { useActiveNamespace, useToast, useUserPreference } from './console-state.tsx'

class HttpError extends Error {
  readonly code: number
  readonly response: Response
  readonly json: unknown

  constructor(message: string, response: Response, json?: unknown) {
    super(message)
    this.code = response.status
    this.response = response
    this.json = json
  }
}

function csrfToken(): string {
  return /(?:^|; )csrf-token=([^;]*)/.exec(document.cookie)?.[1] ?? ''
}

export async function consoleFetch(url: string, options: RequestInit = {}, timeoutMs = 60_000) {
  const headers = { ...(options.headers as Record<string, string> | undefined) }
  const { impersonate } = store.getState().sdkCore
  if (impersonate) headers['Impersonate-User'] = impersonate.name
  if (options.method !== 'GET') headers['X-CSRFToken'] = csrfToken()
  const answer = fetch(url, { credentials: 'same-origin', ...options, headers }).then(validate)
  if (timeoutMs <= 0) return answer
  const tooLate = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`Call to ${url} timed out after ${timeoutMs}ms.`)), timeoutMs)
  })
  return Promise.race([answer, tooLate])
}

async function validate(response: Response): Promise<Response> {
  if (response.ok || response.status === 304) return response
  if (!(response.headers.get('content-type') ?? '').includes('json')) {
    throw new HttpError(response.statusText, response)
  }
  const json = (await response.json()) as { message?: string }
  throw new HttpError(json.message ?? response.statusText, response, json)
}

export function DocumentTitle({ children }: { children: string }) {
  useEffect(() => {
    document.title = `${children} · Red Hat OpenShift`
  }, [children])
  return null
}

interface ResourceLinkProps {
  groupVersionKind: { group?: string; version: string; kind: string }
  name: string
  namespace?: string
  displayName?: string
}

/** Core kinds go by their plurals, as the console's models name them. */
const plurals: Record<string, string> = {
  Pod: 'pods',
  Node: 'nodes',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Secret: 'secrets',
}

export function ResourceLink({
  groupVersionKind: { group, version, kind },
  name,
  namespace,
  displayName,
}: ResourceLinkProps) {
  const scope = namespace === undefined ? 'cluster' : `ns/${namespace}`
  const reference = group === undefined ? plurals[kind] : `${group}~${version}~${kind}`
  return (
    <span className="co-resource-item co-resource-item--inline">
      <abbr className="co-m-resource-icon" title={kind}>
        {kind.replaceAll(/[a-z]/g, '')}
      </abbr>
      <Link to={`/k8s/${scope}/${reference}/${name}`}>{displayName ?? name}</Link>
    </span>
  )
}

export function Timestamp({ timestamp }: { timestamp: string }) {
  return <span className="co-timestamp">{new Date(timestamp).toUTCString()}</span>
}
