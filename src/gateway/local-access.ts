import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { unauthorized } from './access.ts'
import type { Access, Session } from './access.ts'
import { basicLogin } from './basic-login.ts'
import { cookieOf } from './request-cookies.ts'
import type { Refusal } from './status.ts'

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
    const name = cookieOf(request, cookieName())
    return name !== undefined && users.has(name) ? name : names[0]
  }
  return {
    async credentials(request) {
      const own = request.headers.authorization
      const login = basicLogin(own)
      if (login && !users.has(login.user)) return noSuchUser(401, login.user)
      if (own !== undefined && !login) return { authorization: own }
      const token = users.get(login?.user ?? chosen(request) ?? '')
      return token === undefined ? {} : { authorization: `Bearer ${token}` }
    },
    session: async (request) => sessionOf(chosen(request) ?? ''),
    sessionUser: async (request) =>
      request.headers.authorization === undefined ? chosen(request) : undefined,
    ways: [],
    switchUser: (user) =>
      users.has(user)
        ? { session: sessionOf(user), cookies: [setCookie(cookieName(), user)] }
        : noSuchUser(422, user),
  }

  function sessionOf(user: string): Session {
    return { mode: 'sandbox', cluster, user, users: names }
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
export function secretAccess(session: Session, port: () => number, secret: string): Access {
  const cookieSecret = randomBytes(32).toString('base64url')
  const cookieName = () => `kubevirt-console-session-${port()}`
  const check = (request: IncomingMessage) => {
    const { authorization } = request.headers
    const bearer = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    const given = bearer ?? basicLogin(authorization)?.password
    if (given !== undefined && isSame(given, secret)) return undefined
    if (isSame(cookieOf(request, cookieName()) ?? '', cookieSecret)) return undefined
    return unauthorized(
      'This console acts with the rights of a kubeconfig and needs the secret it printed at its start: open the whole URL from there, or send the secret as a bearer token or password',
    )
  }
  return {
    // The kubeconfig's credentials are added by the connection; the secret stays here.
    credentials: async (request) => check(request) ?? {},
    session: async (request) => check(request) ?? session,
    sessionUser: async (request) => (check(request) ? undefined : session.user),
    ways: [{ type: 'secret' }],
    signIn: {
      with: 'secret',
      exchange: async (given) =>
        isSame(given, secret)
          ? { session, cookies: [setCookie(cookieName(), cookieSecret)] }
          : unauthorized('That is not the secret this console printed at its start'),
    },
  }
}

/** Compares without telling by its duration how much of it is right. */
function isSame(given: string, expected: string) {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** Not `Secure`: local consoles are plain HTTP on loopback. */
function setCookie(name: string, value: string) {
  return `${name}=${value}; Path=/api; HttpOnly; SameSite=Strict`
}
