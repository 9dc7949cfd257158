/** For specs: a gateway that signs in, as far as the page's own code can tell. */
import { vi } from 'vitest'

interface FakeUser {
  name: string
  /** Epoch milliseconds. */
  expiresAt?: number
}

export class FakeGateway {
  session: FakeUser | undefined
  /** Whether the cluster takes what the gateway sends along. */
  isAccepted = true
  /** How long a renewed session lasts; undefined: it can't be renewed. */
  renewedForMs: number | undefined = 3_600_000
  isProviderDown = false
  /** How far its clock is ahead of the browser's. */
  clockAheadMs = 0
  /** Answers to requests that are not about the session. */
  answer: (path: string) => Response = () => Response.json({})
  readonly asked: string[] = []

  constructor(session: FakeUser | undefined = { name: 'alice' }) {
    this.session = session
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) => this.#fetch(path, init))
  }

  /** How often it was asked so. */
  count(request: string): number {
    return this.asked.filter((one) => one === request).length
  }

  async #fetch(path: string, { method = 'GET', body, signal }: RequestInit = {}) {
    // An answer takes its time.
    await Promise.resolve()
    signal?.throwIfAborted()
    this.asked.push(`${method} ${path}`)
    const json = JSON.parse(typeof body === 'string' ? body : '{}') as { token?: string }
    switch (`${method} ${path}`) {
      case 'GET /api/console/session':
        return this.#session()
      case 'POST /api/console/session/refresh':
        if (this.isProviderDown) return status(503, 'The provider does not answer.')
        if (!this.session || this.renewedForMs === undefined) return status(401, 'Not renewable')
        this.session.expiresAt = Date.now() + this.renewedForMs
        this.isAccepted = true
        return this.#session()
      case 'POST /api/console/session':
        if (json.token?.startsWith('token-of-') !== true) return status(401, 'Unauthorized')
        this.session = { name: json.token.slice('token-of-'.length) }
        this.isAccepted = true
        return this.#session()
      case 'DELETE /api/console/session':
        this.session = undefined
        return Response.json({ redirect: 'https://provider.example/logout' })
      default:
        if (!this.session || !this.isAccepted) return status(401, 'Unauthorized')
        return path === '/api/kubernetes/api' ? Response.json({}) : this.answer(path)
    }
  }

  #session(): Response {
    if (!this.session) return status(401, 'Nobody is signed in')
    const { name, expiresAt } = this.session
    const byItsClock = (at: number) => new Date(at + this.clockAheadMs)
    const body = {
      mode: 'cluster',
      cluster: 'test',
      user: name,
      canSignOut: true,
      ...(expiresAt !== undefined && { expiresAt: byItsClock(expiresAt).toISOString() }),
    }
    return Response.json(body, { headers: { date: byItsClock(Date.now()).toUTCString() } })
  }
}

export function status(code: number, message: string, headers: Record<string, string> = {}) {
  return Response.json({ kind: 'Status', code, message }, { status: code, headers })
}
