/** Clusters whose users sign in with tokens, behind a gateway of its own for each test. */
import type { IncomingMessage, ServerResponse } from 'node:http'

import { beforeEach } from 'vitest'

import { directConnection } from '../cluster-connection.ts'
import { answerWith, clusterUrl, restart, send, startGatewayPerTest } from '../gateway-harness.ts'
import { configurationSchema } from '../settings/configuration-schema.ts'
import { assembleSignIn } from './assemble-sign-in.ts'

const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
/** Who has which token. */
export const people = new Map([
  ['token-ann', 'ann'],
  ['token-bob', 'bob'],
])

/** Answers as a cluster whose users have these tokens: who one is, and what a request brought. */
function serveCluster(request: IncomingMessage, response: ServerResponse) {
  const user = people.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
  if (user === undefined) {
    response.writeHead(401).end(JSON.stringify({ reason: 'Unauthorized', message: 'Unauthorized' }))
  } else if (request.url === reviews) {
    response.writeHead(201).end(JSON.stringify({ status: { userInfo: { username: user } } }))
  } else {
    response.end(JSON.stringify({ user, headers: request.headers }))
  }
}

/** Replaces the gateway by one for so many clusters, configured by the file's keys. */
export const restartWith = (settings: object = {}, count = 1) => {
  const clusters = ['prod', 'test']
    .slice(0, count)
    .map((name) => ({ name, displayName: name.toUpperCase(), server: clusterUrl.href }))
  const parsed = configurationSchema.parse({ clusters, ...settings })
  const connections = clusters.map(() => directConnection(clusterUrl))
  return restart({ assemble: (context) => assembleSignIn(parsed, connections, context) })
}

export const signIn = (token: string, prefix = '', headers = {}) =>
  send(`${prefix}/api/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  })

/** What a browser keeps of an answer, as it would send it. */
export const cookieFrom = (response: IncomingMessage) =>
  (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')

/** For each test of a spec: one cluster, and tokens to be pasted. */
export function startSignInPerTest() {
  startGatewayPerTest()
  beforeEach(async () => {
    answerWith(serveCluster)
    await restartWith()
  })
}
