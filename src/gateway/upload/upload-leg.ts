import { request as httpRequest } from 'node:http'
import type {
  IncomingMessage,
  OutgoingHttpHeaders,
  RequestOptions,
  ServerResponse,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'

import { isRefusal } from '../access.ts'
import type { Admission, Admitted } from '../admission.ts'
import { askCluster } from '../cluster-json.ts'
import { sendStatus } from '../status.ts'
import type { Refusal } from '../status.ts'
import { proxyFailure, uploadProxyOf } from './proxy-address.ts'
import type { CdiConfig, UploadProxy } from './proxy-address.ts'

export interface UploadLeg {
  request(request: IncomingMessage, response: ServerResponse): void
  /** Cuts the uploads that are under way. */
  close(): void
}

interface Claim {
  namespace: string
  name: string
}

const base = '/api/upload'
const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const claimPath = new RegExp(
  `^${base}/namespaces/(${label})/persistentvolumeclaims/(${label}(?:\\.${label})*)$`,
)
const configPath = '/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config'
/** Answers once all has been sent, before it is converted; CDI's DataVolume tells of the rest. */
const uploadPath = '/v1beta1/upload-async'
const connectTimeoutMs = 10_000
const maxWordsBytes = 4096
/** How long a browser may go on sending after it was refused, so that it reads why. */
const lingerMs = 2000

export function isUploadPath(target: string) {
  return target === base || target.startsWith(`${base}/`)
}

/** The claim that a request target names, to the letter: no query, no escapes. */
export function claimOf(target: string): Claim | undefined {
  const [, namespace, name] = claimPath.exec(target) ?? []
  if (namespace === undefined || name === undefined || name.length > 253) return undefined
  return { namespace, name }
}

/**
 * The way of a file from the browser to CDI's upload proxy, over the console's own origin: no CORS,
 * no certificate that the browser would have to trust, and no token in the page.
 *
 * - `GET /api/upload` tells whether the proxy is there: `{url}`, or a Status that says why not.
 * - `POST /api/upload/namespaces/NS/persistentvolumeclaims/NAME` with the bytes of the file as body
 *   answers 200 once CDI has all of them, or a Status with CDI's words.
 *
 * It goes to the address in CDIConfig and nowhere else: the address is read from the cluster for
 * each request, with the asking person's credentials, and redirects aren't followed. The gateway
 * asks for the upload token (UploadTokenRequest) with these credentials too, for the claim that the
 * URL names, and that token is all the proxy gets to see of the person. Bytes are passed on as they
 * come, at the pace of the slower side.
 */
export function createUploadLeg(
  admit: Admission,
  onError: (message: string, request: IncomingMessage) => void,
): UploadLeg {
  const running = new Set<ServerResponse>()

  async function proxyFor(admitted: Admitted): Promise<UploadProxy | Refusal> {
    const config = await askCluster<CdiConfig>(admitted, 'GET', configPath)
    if (!isRefusal(config)) return uploadProxyOf(config)
    if (config.code !== 404) return config
    const message = 'The cluster has no CDI (Containerized Data Importer), which takes uploads'
    return { code: 503, reason: 'UploadProxyUnknown', message }
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const target = request.url ?? ''
    const claim = claimOf(target)
    const isCheck = target === base && request.method === 'GET'
    if (!isCheck && (!claim || request.method !== 'POST')) {
      return refuse(request, response, {
        code: 404,
        reason: 'NotFound',
        message: 'An upload is a POST to the path of a PersistentVolumeClaim',
      })
    }
    const admitted = await admit(request)
    if (isRefusal(admitted)) return refuse(request, response, admitted)
    const proxy = await proxyFor(admitted)
    if (isRefusal(proxy)) return refuse(request, response, proxy)
    const result = claim ? await upload(request, admitted, proxy, claim) : await check(proxy)
    if (result) return refuse(request, response, result)
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify({ url: proxy.url.origin }))
  }

  async function upload(
    request: IncomingMessage,
    admitted: Admitted,
    proxy: UploadProxy,
    { namespace, name }: Claim,
  ): Promise<Refusal | undefined> {
    const asked = await askCluster<{ status?: { token?: string } }>(
      admitted,
      'POST',
      `/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/${namespace}/uploadtokenrequests`,
      {
        apiVersion: 'upload.cdi.kubevirt.io/v1beta1',
        kind: 'UploadTokenRequest',
        metadata: { name },
        spec: { pvcName: name },
      },
    )
    if (isRefusal(asked)) return asked
    const length = request.headers['content-length']
    const headers = {
      authorization: `Bearer ${asked.status?.token ?? ''}`,
      'content-type': 'application/octet-stream',
      ...(length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length }),
    }
    return speak(proxy, { method: 'POST', path: uploadPath, headers }, request)
  }

  function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal) {
    if (refusal.code >= 502) onError(refusal.message, request)
    if (response.destroyed) return
    if (!request.complete) {
      response.setHeader('connection', 'close')
      request.resume()
      setTimeout(() => request.destroy(), lingerMs).unref()
    }
    sendStatus(response, refusal)
  }

  return {
    request(request, response) {
      running.add(response)
      response.on('close', () => running.delete(response))
      answer(request, response).catch((error: unknown) => {
        onError(String(error), request)
        response.destroy()
      })
    },
    close() {
      for (const response of running) response.destroy()
    },
  }
}

function check(proxy: UploadProxy): Promise<Refusal | undefined> {
  return speak(proxy, { method: 'GET', path: '/healthz' })
}

/** Sends a request to the proxy and answers what it refused it with, if it did. */
function speak(
  proxy: UploadProxy,
  { method, path, headers = {} }: { method: string; path: string; headers?: OutgoingHttpHeaders },
  body?: IncomingMessage,
): Promise<Refusal | undefined> {
  const { url, ca } = proxy
  const options: RequestOptions & { ca?: string[] } = {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: `${url.pathname.replace(/\/$/, '')}${path}`,
    method,
    // An upload is long and rare: it has a connection of its own.
    agent: false,
    headers: { ...headers, host: url.host },
    // What CDI says of its certificate is trusted for its proxy alone.
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
  }
  const outgoing = url.protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no connection within ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    )
    outgoing.once('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
        clearTimeout(timer),
      )
    })
    outgoing.once('close', () => clearTimeout(timer))
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(proxyFailure(proxy, error)))
    outgoing.once('response', (response) => {
      body?.unpipe(outgoing)
      readWords(response).then(
        (words) => resolve(refusalOf(proxy, response.statusCode ?? 0, words)),
        (error: Error) => resolve(proxyFailure(proxy, error)),
      )
    })
    if (!body) {
      outgoing.end()
      return
    }
    body.once('close', () => body.complete || outgoing.destroy(new Error('the browser has left')))
    body.pipe(outgoing)
  })
}

/** The beginning of an answer; CDI's are a sentence. */
async function readWords(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size < maxWordsBytes) chunks.push(chunk)
    size += chunk.length
    if (size > maxWordsBytes * 16) response.destroy()
  }
  return Buffer.concat(chunks).subarray(0, maxWordsBytes).toString('utf8').trim()
}

/** CDI's codes have no text of their own but for 400, 500 and 503. */
const meanings: Record<number, string> = {
  400: 'CDI’s upload proxy refuses the request',
  401: 'CDI’s upload proxy doesn’t accept the upload token',
  409: 'The volume has been filled by an upload already',
  503: 'CDI is not ready for the upload, or another one is filling the volume',
}

function refusalOf({ url }: UploadProxy, code: number, words: string): Refusal | undefined {
  if (code === 200) return undefined
  const meaning = meanings[code] ?? `CDI’s upload proxy at ${url.origin} answered ${code}`
  return {
    code: code >= 400 && code !== 401 ? code : 502,
    reason: 'UploadRefused',
    message: words === '' || words.startsWith('<') ? meaning : words,
  }
}
