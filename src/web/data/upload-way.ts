/**
 * The two ways of a file to CDI's upload proxy: through our gateway, which finds the proxy and asks
 * for the token itself, or straight from the browser with a token. Failures are KubeErrors; a
 * `reason` beginning with `UploadProxy` means that nothing can be uploaded at all for now.
 */
import type { KubeClient } from '../../kube/client.ts'
import { cdiConfigKind } from '../../kube/kinds.ts'
import { errorFromNetwork, errorFromResponse, KubeError } from '../../kube/kube-error.ts'
import type { Host } from '../host/contract.ts'

interface SendOptions {
  signal: AbortSignal
  /** Told how many bytes the browser has handed over. */
  onProgress: (sentBytes: number) => void
}

export interface UploadWay {
  /** Resolves when the proxy is there; rejects with why not. */
  check(signal?: AbortSignal): Promise<void>
  /** Resolves when CDI has all bytes of the file for the claim. */
  send(claim: { namespace: string; name: string }, file: Blob, options: SendOptions): Promise<void>
}

export function uploadWay(
  host: Pick<Host, 'uploadBase' | 'keeper' | 'checkGateway' | 'gatewayHeaders'>,
  client: KubeClient,
): UploadWay {
  const { uploadBase, keeper, checkGateway, gatewayHeaders = () => ({}) } = host
  if (uploadBase === undefined) return directWay(client)
  const through = gatewayWay(uploadBase, gatewayHeaders, keeper?.fetch)
  return checkGateway ? eitherWay(through, directWay(client), checkGateway) : through
}

type KeptFetch = (url: string, init?: RequestInit) => Promise<Response>

/** @param keptFetch renews the session where it has to; the file itself is sent without it */
function gatewayWay(
  base: string,
  headers: () => Record<string, string>,
  keptFetch: KeptFetch = fetch,
): UploadWay {
  async function check(signal?: AbortSignal): Promise<void> {
    const response = await ask(keptFetch, base, headers(), signal)
    if (!response.ok) throw await errorFromResponse(response)
  }
  return {
    check,
    async send({ namespace, name }, file, options) {
      const url = `${base}/namespaces/${namespace}/persistentvolumeclaims/${name}`
      try {
        await post(url, file, headers(), options)
      } catch (error) {
        if (!(error instanceof KubeError) || error.code !== 401) throw error
        await check(options.signal)
        await post(url, file, headers(), options)
      }
    },
  }
}

/** Through the gateway where it is within reach, else straight; where neither goes, why not. */
function eitherWay(
  through: UploadWay,
  direct: UploadWay,
  checkGateway: () => Promise<void>,
): UploadWay {
  const whatGatewayLacks = () =>
    checkGateway().then(
      () => undefined,
      (cause: Error) => cause,
    )
  return {
    async check(signal) {
      const lack = await whatGatewayLacks()
      if (!lack) return through.check(signal)
      try {
        await direct.check(signal)
      } catch (cause) {
        if (!(cause instanceof KubeError)) throw cause
        const { code, message, reason } = cause
        throw new KubeError(code, `${message}. ${lack.message}`, { reason, cause })
      }
    },
    async send(claim, file, options) {
      const way = (await whatGatewayLacks()) ? direct : through
      return way.send(claim, file, options)
    },
  }
}

/** `status.uploadProxyURL` is often a host without a scheme. */
export function proxyAddress(uploadProxyUrl: string | null | undefined): string | undefined {
  const text = uploadProxyUrl?.trim().replace(/\/+$/, '') ?? ''
  if (text === '') return undefined
  return /^https?:\/\//.test(text) ? text : `https://${text}`
}

function directWay(client: KubeClient): UploadWay {
  async function findProxy(signal?: AbortSignal): Promise<string> {
    const config = await client.get(cdiConfigKind, { name: 'config' }, signal)
    const url = proxyAddress(config.status?.uploadProxyURL)
    if (url !== undefined) return url
    throw new KubeError(
      503,
      'CDI has no address for its upload proxy: CDIConfig “config” has no status.uploadProxyURL',
      { reason: 'UploadProxyUnknown' },
    )
  }
  return {
    async check(signal) {
      const url = await findProxy(signal)
      try {
        await fetch(`${url}/healthz`, { credentials: 'omit', ...(signal && { signal }) })
      } catch (cause) {
        if (signal?.aborted) throw cause
        // A browser doesn't tell pages whether it was the certificate, the name or the network.
        throw new KubeError(0, `The browser can’t reach CDI’s upload proxy at ${url}`, {
          reason: 'UploadProxyBlocked',
          cause,
        })
      }
    },
    async send({ namespace, name }, file, options) {
      const url = await findProxy(options.signal)
      const answer = await client.review<{ status?: { token?: string } }>(
        `/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/${namespace}/uploadtokenrequests`,
        {
          apiVersion: 'upload.cdi.kubevirt.io/v1beta1',
          kind: 'UploadTokenRequest',
          metadata: { name },
          spec: { pvcName: name },
        },
        options.signal,
      )
      const headers = { authorization: `Bearer ${answer.status?.token ?? ''}` }
      await post(`${url}/v1beta1/upload-async`, file, headers, options)
    },
  }
}

async function ask(
  keptFetch: KeptFetch,
  url: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await keptFetch(url, { headers, ...(signal && { signal }) })
  } catch (cause) {
    throw errorFromNetwork(cause)
  }
}

/** XMLHttpRequest, for `fetch` tells nothing of what it has sent; the file is streamed by the browser. */
function post(
  url: string,
  file: Blob,
  headers: Record<string, string>,
  { signal, onProgress }: SendOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    signal.addEventListener('abort', abort)
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')))
    request.addEventListener('error', () =>
      reject(new KubeError(0, 'The connection broke before CDI had all of the file.')),
    )
    request.addEventListener('load', () => {
      if (request.status === 200) return resolve()
      const type = request.getResponseHeader('content-type') ?? 'text/plain'
      errorFromResponse(
        new Response(request.responseText, {
          status: request.status,
          headers: { 'content-type': type },
        }),
      ).then(reject, reject)
    })
    request.open('POST', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })
}
