/** The gateway has no rights of its own, whatever its pod is given. */
import { readFile, readdir } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'

import { answerWith, cluster, clusterUrl, gateway, opened, send } from '../gateway-harness.ts'
import { restartWith, signIn, startSignInPerTest } from './sign-in-harness.ts'

startSignInPerTest()

/** The credentials of each request that reached the cluster. */
let seen: (string | undefined)[]

beforeEach(async () => {
  // What Kubernetes tells every pod of its cluster.
  vi.stubEnv('KUBERNETES_SERVICE_HOST', clusterUrl.hostname)
  vi.stubEnv('KUBERNETES_SERVICE_PORT', clusterUrl.port)
  seen = []
  const see = ({ headers }: IncomingMessage) => void seen.push(headers.authorization)
  answerWith((request, response) => {
    see(request)
    response.writeHead(401).end('{}')
  })
  cluster.on('upgrade', (request: IncomingMessage, socket) => {
    see(request)
    socket.destroy()
  })
  await restartWith({ signIn: { proxy: { trustedAddresses: ['127.0.0.1'] } } })
})
afterEach(() => vi.unstubAllEnvs())

test('without credentials nothing reaches the cluster, by any way', async () => {
  const guest = '/api/rdp/namespaces/a/virtualmachineinstances/vm'
  const claim = '/api/upload/namespaces/a/persistentvolumeclaims/disk'
  for (const [method, path] of [
    ['GET', '/api/kubernetes/version'],
    ['GET', '/api/kubernetes/api/v1/namespaces/kube-system/secrets'],
    ['POST', '/api/kubernetes/apis/authentication.k8s.io/v1/selfsubjectreviews'],
    ['GET', '/api/upload'],
    ['POST', claim],
    ['GET', '/api/console/session'],
    ['POST', '/api/console/session/refresh'],
  ] as const) {
    expect((await send(path, { method })).statusCode).toBe(401)
  }
  await send('/api/console/session', { method: 'DELETE' })
  for (const path of ['/api/kubernetes/api/v1/pods?watch=1', guest]) {
    const socket = new WebSocket(`${gateway.url}${path}`)
    await opened(socket).then(
      // A remote desktop is refused in words of its own.
      () => new Promise((done) => socket.once('close', done).send('')),
      (error: Error) => expect(error.message).toContain('401'),
    )
  }
  expect(seen).toEqual([])
})

test('what somebody has typed is asked about with what they have typed', async () => {
  await signIn('guess')
  expect(seen).toEqual(['Bearer guess'])
})

test('no source of the gateway reads what Kubernetes mounts for a service account', async () => {
  const directory = fileURLToPath(new URL('..', import.meta.url))
  const files = await readdir(directory, { recursive: true })
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  expect(sources.length).toBeGreaterThan(30)
  const guilty = []
  for (const file of sources) {
    const source = await readFile(`${directory}/${file}`, 'utf8')
    const reads = /secrets\/kubernetes\.io|loadFromCluster|loadFromDefault|KUBERNETES_SERVICE/
    if (reads.test(source)) guilty.push(file)
  }
  expect(guilty).toEqual([])
})
