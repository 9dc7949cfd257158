/**
 * Kinds that are asked, not stored: access reviews, rules reviews, and who one is.
 * https://kubernetes.io/docs/reference/access-authn-authz/authorization/
 */
import type { AccessAttributes, User } from './cluster.ts'
import { badRequest, invalid, invalidValue } from './failures.ts'
import { isObject, type JsonObject } from './json-values.ts'
import { timestamp } from './lifecycle.ts'
import { managedAfterUpdate } from './managed-fields.ts'
import type { Authorizer, PolicyRule } from './rbac.ts'

export interface ReviewKind {
  group: string
  plural: string
  kind: string
  namespaced: boolean
}

const AUTHORIZATION = 'authorization.k8s.io'
const AUTHENTICATION = 'authentication.k8s.io'

export const reviewKinds: ReviewKind[] = [
  {
    group: AUTHORIZATION,
    plural: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    namespaced: true,
  },
  {
    group: AUTHORIZATION,
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    namespaced: false,
  },
  {
    group: AUTHORIZATION,
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    namespaced: false,
  },
  {
    group: AUTHORIZATION,
    plural: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    namespaced: false,
  },
  {
    group: AUTHENTICATION,
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    namespaced: false,
  },
  { group: AUTHENTICATION, plural: 'tokenreviews', kind: 'TokenReview', namespaced: false },
]

export interface ReviewContext {
  authorizer: Authorizer
  tokens: Readonly<Record<string, User>>
  user: User
  namespace: string | undefined
  manager: string
  now: Date
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

function attributesOf(given: JsonObject): AccessAttributes {
  return {
    verb: text(given['verb']),
    group: text(given['group']),
    resource: text(given['resource']),
    ...(given['subresource'] ? { subresource: text(given['subresource']) } : {}),
    ...(given['namespace'] ? { namespace: text(given['namespace']) } : {}),
    ...(given['name'] ? { name: text(given['name']) } : {}),
  }
}

/** Exactly one of the two kinds of attributes must be there. Throws ApiError 422. */
function checkSpec({ resourceAttributes, nonResourceAttributes }: JsonObject): void {
  const about = { group: AUTHORIZATION, kind: '' }
  if (resourceAttributes && nonResourceAttributes) {
    const { path, verb } = nonResourceAttributes as JsonObject
    throw invalid(about, [
      invalidValue(
        'spec.nonResourceAttributes',
        { Path: path, Verb: verb },
        'cannot be specified in combination with resourceAttributes',
      ),
    ])
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    throw invalid(about, [
      invalidValue(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ])
  }
}

function accessStatus(spec: JsonObject, user: User, { authorizer }: ReviewContext) {
  const resource = spec['resourceAttributes']
  const path = spec['nonResourceAttributes']
  if (isObject(resource)) return authorizer.explain(user, attributesOf(resource))
  return {
    allowed: isObject(path) && authorizer.allowedPath(user, text(path['verb']), text(path['path'])),
  }
}

const resourceRule = ({ verbs, apiGroups, resources, resourceNames }: PolicyRule) => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames?.length ? { resourceNames } : {}),
})

/** The answer to a review. Throws ApiError 400 and 422. */
export function review(
  { group, kind }: ReviewKind,
  body: JsonObject,
  context: ReviewContext,
): JsonObject {
  const apiVersion = `${group}/v1`
  const spec = isObject(body['spec']) ? body['spec'] : {}
  const answer = (status: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    kind,
    apiVersion,
    metadata,
    spec,
    status,
  })
  if (kind === 'SelfSubjectRulesReview') {
    const namespace = text(spec['namespace'])
    if (!namespace) throw badRequest('no namespace on request')
    const rules = context.authorizer.rulesFor(context.user, namespace)
    return {
      ...answer({
        resourceRules: rules.filter(({ resources }) => resources?.length).map(resourceRule),
        nonResourceRules: rules
          .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
          .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
        incomplete: false,
      }),
      spec: {},
    }
  }
  if (kind === 'SelfSubjectReview') {
    const { name: username, groups } = context.user
    const metadata = { creationTimestamp: timestamp(context.now) }
    return { kind, apiVersion, metadata, status: { userInfo: { username, groups } } }
  }
  if (kind === 'TokenReview') {
    const token = text(spec['token'])
    const found = Object.hasOwn(context.tokens, token) ? context.tokens[token] : undefined
    return answer(
      found
        ? { authenticated: true, user: { username: found.name, groups: found.groups } }
        : { user: {}, error: '[invalid bearer token]' },
    )
  }
  checkSpec(spec)
  const subject: User = kind.startsWith('Self')
    ? context.user
    : {
        name: text(spec['user']),
        groups: Array.isArray(spec['groups']) ? spec['groups'].map(String) : [],
      }
  const namespace = kind === 'LocalSubjectAccessReview' ? { namespace: context.namespace } : {}
  const managedFields = managedAfterUpdate(
    undefined,
    { spec },
    { schema: undefined, models: {}, builtin: true },
    {
      manager: context.manager,
      apiVersion,
      time: timestamp(context.now),
      ignored: [],
    },
  )
  return answer(accessStatus(spec, subject, context), { ...namespace, managedFields })
}
