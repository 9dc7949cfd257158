/** One error type for everything the cluster, or the way to it, can answer. */

/** `metav1.Status`, as the API server sends it for failures. */
export interface Status {
  kind: 'Status'
  status?: string
  message?: string
  reason?: string
  code?: number
  details?: {
    name?: string
    group?: string
    kind?: string
    retryAfterSeconds?: number
    causes?: StatusCause[]
  }
}

export interface StatusCause {
  /** JSON key `reason`, e.g. `FieldValueInvalid`. */
  reason?: string
  message?: string
  field?: string
}

/** A refused or failed request. `code` 0 means that no answer came at all. */
export class KubeError extends Error {
  readonly code: number
  /** Machine-readable reason of the Status, e.g. `Conflict`, `NotFound`, `Invalid`, `Expired`. */
  readonly reason: string
  readonly causes: StatusCause[]
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: number,
    message: string,
    options: {
      reason?: string
      causes?: StatusCause[]
      retryAfterSeconds?: number
      cause?: unknown
    } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'KubeError'
    this.code = code
    this.reason = options.reason ?? ''
    this.causes = options.causes ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get isNotFound(): boolean {
    return this.code === 404
  }
  get isForbidden(): boolean {
    return this.code === 403
  }
  get isConflict(): boolean {
    return this.code === 409 && this.reason === 'Conflict'
  }
  /** The resourceVersion or continue token is too old: list again. */
  get isExpired(): boolean {
    return this.code === 410
  }
  get isUnreachable(): boolean {
    return this.code === 0 || this.code === 502 || this.code === 503 || this.code === 504
  }
}

export function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && (value as Status).kind === 'Status'
}

export function errorFromStatus(status: Status, httpCode: number): KubeError {
  const retryAfterSeconds = status.details?.retryAfterSeconds
  return new KubeError(
    status.code ?? httpCode,
    status.message ?? `The cluster answered ${httpCode}.`,
    {
      reason: status.reason ?? '',
      causes: status.details?.causes ?? [],
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  )
}

/**
 * Reads a failed response. virt-api answers denials of its own access review as 401 with plain
 * text, and several reads as 500 with plain text; proxies answer with anything.
 */
export async function errorFromResponse(response: Response): Promise<KubeError> {
  const text = await response.text().catch(() => '')
  if (response.headers.get('content-type')?.includes('json')) {
    try {
      const body: unknown = JSON.parse(text)
      if (isStatus(body)) return errorFromStatus(body, response.status)
    } catch {
      // Not JSON after all; the text itself is the message.
    }
  }
  const isHtml = text.trimStart().startsWith('<')
  const message =
    isHtml || text.trim() === ''
      ? `The cluster answered ${response.status} ${response.statusText}`.trim() + '.'
      : text.trim()
  return new KubeError(response.status, message)
}

/** Wraps what fetch rejects with when no answer came. Aborts pass through as they are. */
export function errorFromNetwork(cause: unknown): unknown {
  if (cause instanceof KubeError) return cause
  if (cause instanceof Error && cause.name === 'AbortError') return cause
  return new KubeError(0, "The cluster can't be reached. Check the connection and try again.", {
    cause,
  })
}
