/**
 * CDI's upload proxy as a listener of its own: it checks the token and hands the bytes to the pod of
 * the claim. Any web page may speak to it (CORS); the token is what protects it. A real one speaks
 * TLS only.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/uploadproxy/uploadproxy.go
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import type { KubeObject, Store } from '../api/cluster.ts'
import { annotation, keys, type PersistentVolumeClaim } from '../kubevirt/objects.ts'
import { POD_PHASE, POD_READY, UPLOAD_TARGET, type Uploads } from './upload-controller.ts'
import type { UploadTokens } from './upload-token.ts'

const PATHS = ['/v1beta1/upload', '/v1beta1/upload-async']
const READY_POLL_MS = 1000
const READY_WAIT_MS = 10_000

export interface UploadProxy {
  url: string
  close(): void
}

export async function startUploadProxy(
  store: Store,
  tokens: UploadTokens,
  uploads: Uploads,
): Promise<UploadProxy> {
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    allowAll(request, response)
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end()
      return
    }
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0] ?? ''
    if (path === '/healthz') return end(request, response, 200, 'OK')
    if (!PATHS.includes(path)) return end(request, response, 404, '404 page not found\n')
    const token = /^Bearer\s+([\w\-.~+/]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return end(request, response, 400)
    const payload = tokens.read(token)
    if (!payload) return end(request, response, 401)
    if (payload.operation !== 'Upload' || payload.resource.resource !== 'persistentvolumeclaims') {
      return end(request, response, 400)
    }
    const ready = await readyClaim(payload.namespace, payload.name)
    if (typeof ready === 'string') return end(request, response, 503, ready)
    const isAsync = path.endsWith('-async')
    if (request.method === 'HEAD' && isAsync) return end(request, response, 200)
    if (request.method !== 'POST') return end(request, response, 404)
    const { code, text } = await uploads.receive(ready, request, isAsync)
    return end(request, response, code, text)
  }

  /** The claim once its pod is there, or why not. */
  async function readyClaim(
    namespace: string,
    name: string,
  ): Promise<PersistentVolumeClaim | string> {
    const deadline = Date.now() + READY_WAIT_MS
    for (;;) {
      const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
      if (!pvc) return `rejecting Upload Request for PVC ${name} that doesn't exist`
      if (annotation(pvc, UPLOAD_TARGET) === undefined) {
        return `PVC ${name} is not an upload target`
      }
      if (annotation(pvc, POD_PHASE) === 'Succeeded') {
        return `rejecting Upload Request for PVC ${name} that already finished uploading`
      }
      if (annotation(pvc, POD_READY) === 'true') return pvc
      if (Date.now() > deadline) return 'context deadline exceeded'
      // One look after the other.
      // oxlint-disable-next-line no-await-in-loop
      await delay(READY_POLL_MS)
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What CDI's `cors.AllowAll()` answers. */
function allowAll(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.origin === undefined) return
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('vary', 'Origin')
  if (request.method !== 'OPTIONS') return
  response.setHeader(
    'access-control-allow-methods',
    request.headers['access-control-request-method'] ?? 'POST',
  )
  const headers = request.headers['access-control-request-headers']
  if (headers !== undefined) response.setHeader('access-control-allow-headers', headers)
}

/** An answer may come before all has been sent; the rest is not waited for. */
function end(request: IncomingMessage, response: ServerResponse, code: number, text = ''): void {
  const isEarly = !request.complete && request.method === 'POST'
  response.writeHead(code, {
    'content-type': 'text/plain; charset=utf-8',
    ...(isEarly && { connection: 'close' }),
  })
  response.end(text)
  if (isEarly) request.resume()
}

interface CdiConfig extends KubeObject {
  spec?: { uploadProxyURLOverride?: string }
  status?: { uploadProxyURL?: string }
}

/**
 * Tells where the proxy is in CDIConfig, or what its override says, as CDI's configuration
 * controller does with the address of an Ingress or Route
 * (https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/controller/config-controller.go#L157-L180).
 * An empty override leaves no address. Returns what ends both.
 */
export function followUploadProxy(store: Store, proxy: UploadProxy): () => void {
  const sync = (): void => {
    const config = store.get<CdiConfig>(keys.cdiConfig, undefined, 'config')
    const url = config?.spec?.uploadProxyURLOverride ?? proxy.url
    if (!config || config.status?.uploadProxyURL === url) return
    store.update<CdiConfig>(keys.cdiConfig, undefined, 'config', (draft) => {
      draft.status = { ...draft.status, uploadProxyURL: url }
    })
  }
  sync()
  const unsubscribe = store.subscribe(keys.cdiConfig, () => setImmediate(sync))
  return () => {
    unsubscribe()
    proxy.close()
  }
}
