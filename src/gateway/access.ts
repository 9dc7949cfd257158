import type { IncomingMessage } from 'node:http'

import type { Refusal } from './status.ts'

/** What the page learns about whom it acts for; see `session-routes.ts` for the endpoints. */
export interface Session {
  mode: 'sandbox' | 'kubeconfig' | 'cluster'
  /** The cluster's name as a person knows it. */
  cluster: string
  /** Empty when only the cluster knows it. */
  user: string
  /** Users one may switch to; sandbox only. */
  users?: string[]
  /** RFC 3339; when the cluster stops to accept who is signed in, if that is known. */
  expiresAt?: string
  /** Whether the session is the gateway's to end. */
  canSignOut?: boolean
}

/** A session that has begun or changed, and the Set-Cookie headers that make it so. */
export interface SessionChange {
  session: Session
  cookies: string[]
}

/** How one may sign in, as the sign-in page offers it. */
export type SignInWay =
  | { type: 'oidc'; label: string }
  | { type: 'token' }
  | { type: 'secret' }
  | { type: 'proxy' }

interface Credentials {
  authorization?: string
}

/**
 * Who is asking, and with which credentials the cluster is to be asked for them. The gateway has no
 * power of its own: what it sends is the asking person's.
 */
export interface Access {
  /** Headers to send to the cluster on behalf of the request, or why it may not be sent. */
  credentials(request: IncomingMessage): Promise<Credentials | Refusal>
  session(request: IncomingMessage): Promise<Session | Refusal>
  /**
   * Whom the gateway's own session names, without the cluster being asked: for the audit log. Empty if
   * only the cluster knows, undefined if there is no session. Absent where there are none.
   */
  sessionUser?(request: IncomingMessage): Promise<string | undefined>
  /** None where nobody needs to sign in here. */
  ways: readonly SignInWay[]
  /** Exchanges what a person has typed for a session. */
  signIn?: {
    with: 'secret' | 'token'
    exchange(given: string, request: IncomingMessage): Promise<SessionChange | Refusal>
  }
  /** Acts as another user from now on. */
  switchUser?(user: string): SessionChange | Refusal
  /** Renews what is about to expire. */
  refresh?(request: IncomingMessage): Promise<SessionChange | Refusal>
  /** Ends the session; `redirect` is where the identity provider ends its own. */
  signOut?(request: IncomingMessage): Promise<{ cookies: string[]; redirect?: string }>
  /**
   * Whether Impersonate-* headers are refused. They aren't where clients speak to the cluster with
   * somebody's full rights anyway, or where the host has chosen for its user.
   */
  refusesImpersonation?: boolean
  /** A header beside Authorization, in lower case, in which tokens come; the cluster must not see it. */
  tokenHeader?: string
}

export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'reason' in value
}

export function unauthorized(message: string): Refusal {
  return { code: 401, reason: 'Unauthorized', message }
}
