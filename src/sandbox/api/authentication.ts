/** Who asks: bearer tokens, the WebSocket token subprotocol, and impersonation. */
import type { IncomingMessage } from 'node:http'

import { ApiError, type User } from './cluster.ts'
import { badRequest, forbidden } from './failures.ts'

export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

const TOKEN_PROTOCOL = 'base64url.bearer.authorization.k8s.io.'

const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', { reason: 'Unauthorized' })

/** The subprotocols that a client offers. */
export function offeredProtocols(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
    .filter(Boolean)
}

function tokenOf(request: IncomingMessage): string | undefined {
  const header = /^bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (header !== undefined) return header.trim()
  const offered = offeredProtocols(request)
  const protocol = offered.find((item) => item.startsWith(TOKEN_PROTOCOL))
  if (!protocol) return undefined
  // The token is no protocol to speak, so another one must be offered with it.
  if (offered.length < 2) throw unauthorized()
  // Nobody below may see the token, nor pick it as the protocol to speak.
  request.headers['sec-websocket-protocol'] = offered.filter((item) => item !== protocol).join(', ')
  return Buffer.from(protocol.slice(TOKEN_PROTOCOL.length), 'base64url').toString()
}

/**
 * Throws ApiError 401 for a token that is not known; without credentials one is `withoutToken`.
 * @param issued whose a token is that is none of `tokens`
 */
export async function authenticate(
  request: IncomingMessage,
  tokens: Readonly<Record<string, User>>,
  withoutToken: User,
  issued?: (token: string) => Promise<User | undefined>,
): Promise<User> {
  const token = tokenOf(request)
  if (token === undefined) return withoutToken
  const user = Object.hasOwn(tokens, token) ? tokens[token] : await issued?.(token)
  if (!user) throw unauthorized()
  const groups = user.groups.includes('system:authenticated')
    ? user.groups
    : [...user.groups, 'system:authenticated']
  return { ...user, groups }
}

const listOf = (header: string | string[] | undefined) =>
  header === undefined ? [] : Array.isArray(header) ? header : header.split(/, */)

/** The user to act as. Throws ApiError 403 when the real one may not. */
export function impersonate(
  request: IncomingMessage,
  user: User,
  allowed: (resource: string, name: string) => boolean,
): User {
  const name = request.headers['impersonate-user']
  const groups = listOf(request.headers['impersonate-group'])
  if (typeof name !== 'string' || name === '') {
    if (!groups.length) return user
    throw badRequest(
      `requested [${groups.map((group) => `{Group  ${group}    }`).join(' ')}] without impersonating a user`,
    )
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  const wanted: [string, string][] = [
    [account ? 'serviceaccounts' : 'users', account?.[2] ?? name],
    ...groups.map((group): [string, string] => ['groups', group]),
  ]
  for (const [resource, wantedName] of wanted) {
    if (allowed(resource, wantedName)) continue
    throw forbidden(
      { group: '', kind: resource, name: wantedName },
      `User ${JSON.stringify(user.name)} cannot impersonate resource "${resource}" in API group "" at the cluster scope`,
    )
  }
  const added = account
    ? ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`]
    : []
  const all = [...groups, ...(groups.length ? [] : added)]
  const base = name === ANONYMOUS.name ? 'system:unauthenticated' : 'system:authenticated'
  return { name, groups: all.includes(base) ? all : [...all, base] }
}
