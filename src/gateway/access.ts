import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import type { Refusal } from './status.ts'

/** What the page learns about whom it acts for; see `session-routes.ts` for the endpoints. */
export interface Session {
  mode: 'sandbox' | 'kubeconfig' | 'cluster'
  /** The cluster's name as a person knows it. */
  cluster: string
  /** Empty when only the cluster knows it. */
  user: string
  /** Users one may switch to; sandbox only. */
  users?: string[]
}

/**
 * Who is asking, and with which credentials the cluster is to be asked for them. The gateway has no
 * power of its own: what it sends is the asking person's.
 */
export interface Access {
  /** Headers to send to the cluster on behalf of the request, or why it may not be sent. */
  credentials(request: IncomingMessage): { authorization?: string } | Refusal
  session(request: IncomingMessage): Session | Refusal
  /** Exchanges a secret for a Set-Cookie header. */
  signIn?(secret: string): string | Refusal
  /** Acts as another user from now on; answers a Set-Cookie header. */
  switchUser?(user: string): string | Refusal
}

export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'reason' in value
}

/**
 * Sandbox: everybody on this machine is its first user until they choose another one; a client that
 * brings its own token is whom the token names, and one that logs in by name (basic authentication,
 * any password) is that user.
 * @param users name → token
 * @param port tells apart the cookies of two consoles on one machine: cookies know no ports
 */
export function sandboxAccess(
  cluster: string,
  users: ReadonlyMap<string, string>,
  port: () => number,
): Access {
  const names = [...users.keys()]
  const cookieName = () => `kubevirt-console-user-${port()}`
  const chosen = (request: IncomingMessage) => {
    const name = cookie(request, cookieName())
    return name !== undefined && users.has(name) ? name : names[0]
  }
  return {
    credentials(request) {
      const own = request.headers.authorization
      const login = basicLogin(own)
      if (login && !users.has(login.user)) return noSuchUser(401, login.user)
      if (own !== undefined && !login) return { authorization: own }
      const token = users.get(login?.user ?? chosen(request) ?? '')
      return token === undefined ? {} : { authorization: `Bearer ${token}` }
    },
    session: (request) => ({ mode: 'sandbox', cluster, user: chosen(request) ?? '', users: names }),
    switchUser: (user) => (users.has(user) ? setCookie(cookieName(), user) : noSuchUser(422, user)),
  }

  function noSuchUser(code: 401 | 422, user: string): Refusal {
    return {
      code,
      reason: code === 401 ? 'Unauthorized' : 'Invalid',
      message: `The sandbox has no user ${JSON.stringify(user)}; it has ${names.join(', ')}`,
    }
  }
}

/**
 * Kubeconfig: the port acts with one person's rights, so only who knows the secret printed at start
 * may use it: as a bearer token or password, or exchanged for a cookie that scripts can't read. The secret of
 * the cookie is another one, so that neither gives away the other.
 */
export function secretAccess(
  session: Session,
  port: () => number,
  secret = randomBytes(32).toString('base64url'),
): Access & { secret: string } {
  const cookieSecret = randomBytes(32).toString('base64url')
  const cookieName = () => `kubevirt-console-session-${port()}`
  const refuse = (message: string): Refusal => ({ code: 401, reason: 'Unauthorized', message })
  const check = (request: IncomingMessage) => {
    const { authorization } = request.headers
    const bearer = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    const given = bearer ?? basicLogin(authorization)?.password
    if (given !== undefined && isSame(given, secret)) return undefined
    if (isSame(cookie(request, cookieName()) ?? '', cookieSecret)) return undefined
    return refuse(
      'This console acts with the rights of a kubeconfig and needs the secret it printed at its start: open the whole URL from there, or send the secret as a bearer token or password',
    )
  }
  return {
    secret,
    // The kubeconfig's credentials are added by the connection; the secret stays here.
    credentials: (request) => check(request) ?? {},
    session: (request) => check(request) ?? session,
    signIn: (given) =>
      isSame(given, secret)
        ? setCookie(cookieName(), cookieSecret)
        : refuse('That is not the secret this console printed at its start'),
  }
}

/**
 * In a cluster, behind a proxy that signs people in and sets their token as Authorization: it is
 * passed on, and without it nothing is.
 */
export function passThroughAccess(cluster: string): Access {
  const check = (request: IncomingMessage): { authorization: string } | Refusal =>
    request.headers.authorization === undefined
      ? {
          code: 401,
          reason: 'Unauthorized',
          message: 'The request carries no credentials; sign in at the proxy before the console',
        }
      : { authorization: request.headers.authorization }
  return {
    credentials: check,
    session(request) {
      const result = check(request)
      return isRefusal(result) ? result : { mode: 'cluster', cluster, user: '' }
    },
  }
}

/**
 * User and password of basic authentication: what kubectl makes of `--server http://user:pw@host`.
 * Over plain HTTP it sends no token (clientcmd reads auth info only if the transport is TLS).
 */
function basicLogin(authorization: string | undefined) {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { user, password: rest.join(':') }
}

/** Compares without telling by its duration how much of it is right. */
function isSame(given: string, expected: string) {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function cookie(request: IncomingMessage, name: string) {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}

/** Not `Secure`: local consoles are plain HTTP on loopback. */
function setCookie(name: string, value: string) {
  return `${name}=${value}; Path=/api; HttpOnly; SameSite=Strict`
}
