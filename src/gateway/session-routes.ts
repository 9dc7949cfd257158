import type { IncomingMessage } from 'node:http'

import type { FastifyInstance, FastifyReply } from 'fastify'

import { isRefusal } from './access.ts'
import type { Access, Session, SessionChange, SignInWay } from './access.ts'
import { prefixOf } from './cluster-prefix.ts'
import { toStatus } from './status.ts'
import type { Refusal } from './status.ts'

export interface SignInCluster {
  name: string
  displayName: string
  access: Access
}

/** Something that concerns who somebody is, for the audit log and the metrics. */
export interface SignInReport {
  event: 'sign-in' | 'sign-out' | 'refresh-failed'
  way: SignInWay['type'] | 'user'
  status: number
  /** Whoever has signed in. */
  user?: string
}

/**
 * Whom the page acts for at a cluster, under the cluster's prefix (`cluster-prefix.ts`). Every
 * refusal is a Kubernetes Status.
 *
 * `/api/console/session`:
 * - `GET` → 200 `{ mode, cluster, user, users?, expiresAt?, canSignOut?, clusterName?, clusters? }`.
 *   `mode` is `sandbox` (then `users` lists who one may be), `kubeconfig` or `cluster`; `cluster` is
 *   the name to show. Of several clusters `clusterName` is the one in the address, and `clusters`
 *   lists all as `{ name, displayName }`. 401 when not signed in.
 * - `POST { "secret": string }` or `{ "token": string }` → 200, the same JSON, and the session's
 *   cookies; 401 if it is wrong, 405 where one can't sign in that way, 429 with Retry-After after too
 *   many that were, 503 if the cluster can't be asked. Kubeconfig mode prints a URL ending in `#secret=…`: the page sends what it finds there and
 *   removes the fragment from the address bar.
 * - `PUT { "user": string }` → 200, the same JSON, and a cookie that names the user; 422 if there is
 *   no such user, 405 outside the sandbox. Running watches go on as who they were: the page starts
 *   them anew.
 * - `DELETE` → 200 `{ redirect? }`, and the cookies are gone; `redirect` is where the browser has to
 *   go for the identity provider to end its session too.
 * - `POST …/session/refresh` → 200, the same JSON as GET, with new cookies; 401 if the session can't
 *   be renewed, 503 if the identity provider doesn't answer: the session stays as it was.
 *
 * `GET /api/console/sign-in` → 200 `{ ways, cluster, clusterName?, clusters? }`, needs no session.
 */
export function registerSessionRoutes(
  app: FastifyInstance,
  cluster: SignInCluster,
  all: readonly SignInCluster[],
  report: (request: IncomingMessage, what: SignInReport) => void,
) {
  const { access } = cluster
  const way = access.ways[0]?.type ?? 'proxy'
  const base = `${prefixOf(cluster.name, all)}/api/console`
  const several = all.length > 1 && {
    clusterName: cluster.name,
    clusters: all.map(({ name, displayName }) => ({ name, displayName })),
  }

  app.get(`${base}/sign-in`, (_request, reply) =>
    answer(reply, { ways: access.ways, cluster: cluster.displayName, ...several }),
  )

  app.get(`${base}/session`, async (request, reply) =>
    sendSession(reply, await access.session(request.raw)),
  )

  app.post<{ Body: { secret?: string; token?: string } }>(
    `${base}/session`,
    { schema: { body: textFields('secret', 'token') } },
    async (request, reply) => {
      const { signIn } = access
      const given = signIn && request.body[signIn.with]
      if (!signIn || given === undefined) {
        const what = request.body.token === undefined ? 'a secret' : 'a token'
        return refuse(reply, notHere(`signing in with ${what}`))
      }
      const change = await signIn.exchange(given, request.raw)
      report(request.raw, { event: 'sign-in', way: signIn.with, ...resultOf(change) })
      return sendChange(reply, change)
    },
  )

  app.put<{ Body: { user: string } }>(
    `${base}/session`,
    { schema: { body: { ...textFields('user'), required: ['user'] } } },
    (request, reply) => {
      if (!access.switchUser) return refuse(reply, notHere('switching the user'))
      const change = access.switchUser(request.body.user)
      report(request.raw, { event: 'sign-in', way: 'user', ...resultOf(change) })
      return sendChange(reply, change)
    },
  )

  app.post(`${base}/session/refresh`, async (request, reply) => {
    if (!access.refresh) return refuse(reply, notHere('renewing a session'))
    const change = await access.refresh(request.raw)
    if (isRefusal(change))
      report(request.raw, { event: 'refresh-failed', way, ...resultOf(change) })
    return sendChange(reply, change)
  })

  app.delete(`${base}/session`, async (request, reply) => {
    if (!access.signOut) return refuse(reply, notHere('signing out'))
    const { cookies, redirect } = await access.signOut(request.raw)
    report(request.raw, { event: 'sign-out', way, status: 200 })
    reply.header('set-cookie', cookies)
    return answer(reply, redirect === undefined ? {} : { redirect })
  })

  function sendSession(reply: FastifyReply, session: Session | Refusal) {
    return isRefusal(session) ? refuse(reply, session) : answer(reply, { ...session, ...several })
  }

  function sendChange(reply: FastifyReply, change: SessionChange | Refusal) {
    if (isRefusal(change)) return refuse(reply, change)
    reply.header('set-cookie', change.cookies)
    return sendSession(reply, change.session)
  }
}

function resultOf(change: SessionChange | Refusal) {
  return isRefusal(change) ? { status: change.code } : { status: 200, user: change.session.user }
}

function answer(reply: FastifyReply, body: object) {
  return reply.header('cache-control', 'no-store').send(body)
}

function refuse(reply: FastifyReply, refusal: Refusal) {
  const { retryAfterSeconds } = refusal
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  return answer(reply.code(refusal.code), toStatus(refusal))
}

function notHere(what: string): Refusal {
  return {
    code: 405,
    reason: 'MethodNotAllowed',
    message: `This console doesn't know ${what}: it is not in that mode`,
  }
}

function textFields(...names: string[]) {
  const field = { type: 'string', maxLength: 16 * 1024 }
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, field])) }
}
