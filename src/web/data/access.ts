/** What the signed-in user may do, as the cluster's own access review says. */
import { useQuery, type QueryClient } from '@tanstack/react-query'

import type { KubeClient } from '../../kube/client.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { useAnswers, useHost, useKube } from './host-context.tsx'

export interface AccessAttributes {
  verb: string
  /** Empty for the core group. */
  group: string
  /** Plural. */
  resource: string
  /** May have several segments, as in `vnc/screenshot`. */
  subresource?: string
  /** Absent: all namespaces, or a cluster-scoped kind. */
  namespace?: string
  name?: string
}

export interface Access {
  /** `undefined` while unknown. */
  allowed: boolean | undefined
  /** Why not, in words. */
  reason?: string
}

interface ReviewStatus {
  allowed?: boolean
  reason?: string
}

const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

async function review(client: KubeClient, attributes: AccessAttributes): Promise<ReviewStatus> {
  const answer = await client.review<{ status?: ReviewStatus }>(reviewPath, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: attributes },
  })
  return answer.status ?? {}
}

/**
 * The forms of an access that must all be allowed. kube-apiserver sees only the first segment of a
 * subresource, virt-api asks again with the whole path (KubeVirt v1.9.0 pkg/virt-api/rest/authorizer.go).
 */
function accessForms(attributes: AccessAttributes): AccessAttributes[] {
  const [first, ...more] = attributes.subresource?.split('/') ?? []
  if (first === undefined || more.length === 0) return [attributes]
  // Port and protocol are no part of the subresource in either review.
  if (first === 'portforward') return [{ ...attributes, subresource: first }]
  return [{ ...attributes, subresource: first }, attributes]
}

function refusal(user: string, { verb, resource, subresource, namespace }: AccessAttributes) {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`
  const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`
  return `${user === '' ? 'You' : `User “${user}”`} may not ${verb} ${what} ${where}.`
}

/** Cached answers live this long; a right given meanwhile shows after it. */
const staleMs = 60_000

async function ask(
  queryClient: QueryClient,
  client: KubeClient,
  user: string,
  attributes: AccessAttributes,
): Promise<Access> {
  // Who may do it everywhere is asked once, not once per namespace of a list.
  if (attributes.namespace !== undefined) {
    const { namespace: _, name: __, ...everywhere } = attributes
    const access = await fetchAccess(queryClient, client, user, everywhere)
    if (access.allowed) return access
  }
  return reviewAccess(client, user, attributes)
}

/** Asks the cluster, whatever is cached. Throws KubeError when it can't be asked. */
export async function reviewAccess(
  client: KubeClient,
  user: string,
  attributes: AccessAttributes,
): Promise<Access> {
  const statuses = await Promise.all(
    accessForms(attributes).map(async (form) => ({ form, ...(await review(client, form)) })),
  )
  const denied = statuses.find((status) => !status.allowed)
  if (!denied) return { allowed: true }
  const words = refusal(user, denied.form)
  return { allowed: false, reason: denied.reason ? `${words} ${denied.reason}` : words }
}

function accessQuery(
  queryClient: QueryClient,
  client: KubeClient,
  user: string,
  attributes: AccessAttributes,
) {
  return {
    queryKey: ['access', user, attributes],
    queryFn: () => ask(queryClient, client, user, attributes),
    staleTime: staleMs,
    // A right not known counts as given, until the cluster refuses; a short cut must not leave it so.
    retry: (failures: number, error: Error) =>
      failures < 6 && error instanceof KubeError && error.isUnreachable,
  }
}

/** One answer, from the cache when it is fresh. Throws KubeError when the cluster can't be asked. */
export function fetchAccess(
  queryClient: QueryClient,
  client: KubeClient,
  user: string,
  attributes: AccessAttributes,
): Promise<Access> {
  return queryClient.fetchQuery(accessQuery(queryClient, client, user, attributes))
}

/** Whether the user may do it. Without attributes nothing is asked. */
export function useAccess(attributes: AccessAttributes | undefined): Access {
  const client = useKube()
  const queryClient = useAnswers()
  const { user } = useHost().session
  const { data, error } = useQuery(
    {
      ...accessQuery(queryClient, client, user, attributes ?? nothing),
      enabled: attributes !== undefined,
    },
    queryClient,
  )
  if (data) return data
  return error
    ? { allowed: undefined, reason: `Your rights can't be checked: ${error.message}` }
    : { allowed: undefined }
}

/** Why the user may not, in words; undefined while unknown or allowed. */
export function useDenial(attributes: AccessAttributes | undefined): string | undefined {
  const { allowed, reason } = useAccess(attributes)
  return allowed === false ? (reason ?? 'You have no right to do this.') : undefined
}

const nothing: AccessAttributes = { verb: '', group: '', resource: '' }
