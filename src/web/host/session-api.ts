/**
 * The gateway's own API for signing in (`src/gateway/session-routes.ts`). Every failure is thrown as
 * a KubeError.
 */
import { errorFromNetwork, errorFromResponse, KubeError } from '../../kube/kube-error.ts'
import { clusterPrefix } from './cluster-prefix.ts'
import type { ClusterEntry, Session } from './contract.ts'

/** How one may sign in. */
export type SignInWay =
  /** At a provider; `label` is what people call it. */
  | { type: 'oidc'; label: string }
  /** With a bearer token that the cluster knows. */
  | { type: 'token' }
  /** With the secret that the gateway printed when it was started. */
  | { type: 'secret' }
  /** In front of the gateway there is a proxy that signs people in. */
  | { type: 'proxy' }

export interface SignInOffer {
  ways: SignInWay[]
  /** What people call the cluster. */
  cluster: string
  /** Where there are several. */
  clusters: ClusterEntry[]
}

export type Credentials = { token: string } | { secret: string }

/** Where a popup ends that has signed in at the provider. */
export const signedInPath = '/kubevirt/signed-in'

const sessionPath = `${clusterPrefix}/api/console/session`

/** Where the browser goes to sign in at the provider; it comes back to `returnTo`, a path of ours. */
export function providerPath(returnTo: string): string {
  return `/api/console/oidc/login?returnTo=${encodeURIComponent(returnTo)}`
}

async function ask(path: string, method: string, body?: object): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
  } catch (cause) {
    throw errorFromNetwork(cause)
  }
  if (response.ok) return response
  const error = await errorFromResponse(response)
  // A limit says in a header of HTTP when it ends, not always in the Status as well.
  const seconds =
    error.retryAfterSeconds ?? Number(response.headers.get('retry-after') ?? Number.NaN)
  const { code, message, reason, causes } = error
  throw Number.isFinite(seconds)
    ? new KubeError(code, message, { reason, causes, retryAfterSeconds: seconds })
    : error
}

type SessionAnswer = Omit<Session, 'users' | 'clusters' | 'expiresAt'> & {
  users?: string[]
  clusters?: ClusterEntry[]
  /** ISO 8601, by the gateway's clock. */
  expiresAt?: string
}

async function toSession(response: Response): Promise<Session> {
  const { users = [], clusters = [], expiresAt, ...rest } = (await response.json()) as SessionAnswer
  const gatewayNow = Date.parse(response.headers.get('date') ?? '')
  // Two clocks may differ by more than a token lasts: only the time left counts.
  const aheadMs = Number.isNaN(gatewayNow) ? 0 : Date.now() - gatewayNow
  return {
    ...rest,
    users,
    clusters,
    ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) + aheadMs }),
  }
}

/** Who is signed in; 401 when nobody is. */
export async function readSession(): Promise<Session> {
  return toSession(await ask(sessionPath, 'GET'))
}

/** Signs in; 401 when what is given is wrong, 429 after too many attempts. */
export async function createSession(credentials: Credentials): Promise<Session> {
  return toSession(await ask(sessionPath, 'POST', credentials))
}

/** Sandbox only: acts as another user from now on. */
export async function switchSession(user: string): Promise<void> {
  await ask(sessionPath, 'PUT', { user })
}

/** A session that lasts longer; 401 when it can't be renewed, 503 when the provider doesn't answer. */
export async function refreshSession(): Promise<Session> {
  return toSession(await ask(`${sessionPath}/refresh`, 'POST'))
}

/** Signs out; resolves to the provider's own page for that, if it has one. */
export async function endSession(): Promise<string | undefined> {
  const { redirect } = (await (await ask(sessionPath, 'DELETE')).json()) as { redirect?: string }
  return redirect
}

/** How one may sign in; needs no session. */
export async function readSignInOffer(): Promise<SignInOffer> {
  const response = await ask(`${clusterPrefix}/api/console/sign-in`, 'GET')
  const { clusters = [], ...offer } = (await response.json()) as Omit<SignInOffer, 'clusters'> & {
    clusters?: ClusterEntry[]
  }
  return { ...offer, clusters }
}
