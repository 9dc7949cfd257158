import type { FastifyInstance, FastifyReply } from 'fastify'

import { isRefusal } from './access.ts'
import type { Access } from './access.ts'
import { toStatus } from './status.ts'
import type { Refusal } from './status.ts'

/**
 * `/api/console/session`: whom the page acts for. Every refusal is a Kubernetes Status.
 *
 * - `GET` → 200 `{ mode, cluster, user, users? }`. `mode` is `sandbox` (then `users` lists who one
 *   may be), `kubeconfig`, or `cluster` (user empty: the cluster knows). 401 when not signed in.
 * - `POST { "secret": string }` → 200, the same JSON, and the session's cookie; 401 if it is wrong,
 *   405 where no secret is needed. Kubeconfig mode prints a URL ending in `#secret=…`: the page
 *   sends what it finds there and removes the fragment from the address bar.
 * - `PUT { "user": string }` → 200, the same JSON, and a cookie that names the user; 422 if there is
 *   no such user, 405 outside the sandbox. Running watches go on as who they were: the page starts
 *   them anew.
 */
export function registerSessionRoutes(app: FastifyInstance, access: Access) {
  app.get('/api/console/session', (request, reply) => {
    const session = access.session(request.raw)
    return isRefusal(session) ? refuse(reply, session) : reply.send(session)
  })

  app.post<{ Body: { secret: string } }>(
    '/api/console/session',
    { schema: { body: stringField('secret') } },
    (request, reply) => {
      if (!access.signIn) return refuse(reply, notHere('signing in with a secret'))
      return changeSession(reply, access.signIn(request.body.secret))
    },
  )

  app.put<{ Body: { user: string } }>(
    '/api/console/session',
    { schema: { body: stringField('user') } },
    (request, reply) => {
      if (!access.switchUser) return refuse(reply, notHere('switching the user'))
      return changeSession(reply, access.switchUser(request.body.user))
    },
  )

  /** Answers with the session as it is for a request that carries the new cookie. */
  function changeSession(reply: FastifyReply, cookie: string | Refusal) {
    if (typeof cookie !== 'string') return refuse(reply, cookie)
    const { raw } = reply.request
    raw.headers.cookie = cookie.split(';', 1)[0] ?? ''
    const session = access.session(raw)
    if (isRefusal(session)) return refuse(reply, session)
    return reply.header('set-cookie', cookie).send(session)
  }
}

function refuse(reply: FastifyReply, refusal: Refusal) {
  return reply.code(refusal.code).send(toStatus(refusal))
}

function notHere(what: string): Refusal {
  return {
    code: 405,
    reason: 'MethodNotAllowed',
    message: `This console doesn't know ${what}: it is not in that mode`,
  }
}

function stringField(name: string) {
  return {
    type: 'object',
    required: [name],
    properties: { [name]: { type: 'string', maxLength: 256 } },
  }
}
