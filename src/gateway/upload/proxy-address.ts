import type { Refusal } from '../status.ts'

/** CDI's upload proxy as CDIConfig tells it. */
export interface UploadProxy {
  url: URL
  /** PEM of the authority that signed its certificate, where CDI knows it. */
  ca?: string
}

/** CDIConfig, as far as it is read. */
export interface CdiConfig {
  status?: { uploadProxyURL?: string | null; uploadProxyCA?: string | null }
}

/**
 * Where uploads go: `status.uploadProxyURL`, into which CDI copies the override of its spec or the
 * host of an Ingress or Route, that is often without a scheme; virtctl reads it the same way
 * (https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virtctl/imageupload/imageupload.go).
 */
export function uploadProxyOf({ status }: CdiConfig): UploadProxy | Refusal {
  const text = status?.uploadProxyURL?.trim() ?? ''
  if (text === '') {
    return {
      code: 503,
      reason: 'UploadProxyUnknown',
      message:
        'CDI has no address for its upload proxy: CDIConfig “config” has no status.uploadProxyURL',
    }
  }
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isUsable = url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === ''
  if (!url || !isUsable) {
    return {
      code: 503,
      reason: 'UploadProxyUnknown',
      message: `CDI’s address for its upload proxy is none that can be used: ${JSON.stringify(text)}`,
    }
  }
  const ca = status?.uploadProxyCA
  return { url, ...(ca && { ca }) }
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/

/** Why the proxy could not be spoken to. */
export function proxyFailure({ url }: UploadProxy, error: NodeJS.ErrnoException): Refusal {
  const words = error.message || error.code || String(error)
  if (certificateCodes.test(error.code ?? '')) {
    return {
      code: 502,
      reason: 'UploadProxyUntrusted',
      message: `The gateway doesn’t trust the certificate of CDI’s upload proxy at ${url.origin}: ${words}`,
    }
  }
  return {
    code: 502,
    reason: 'UploadProxyUnreachable',
    message: `The gateway can’t reach CDI’s upload proxy at ${url.origin}: ${words}`,
  }
}
