import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import type { AuditRecord } from './audit/audit-log.ts'
import { basicLogin } from './basic-login.ts'

/** Who has sent a request, as far as the gateway knows. Never a token or a secret. */
export interface Identity extends Pick<AuditRecord, 'user' | 'identifiedBy'> {
  /** The same for all requests of one person, and nothing that gives away credentials. */
  key: string
}

/**
 * @param sessionUser of the gateway's own session, if the request has one; empty if only the cluster
 * knows the name
 */
export function identityOf(request: IncomingMessage, sessionUser: string | undefined): Identity {
  const { authorization } = request.headers
  const login = basicLogin(authorization)
  const bearer = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  const key = `credentials ${sha256(authorization ?? request.headers.cookie ?? '')}`
  if (sessionUser !== undefined) {
    const isKnown = sessionUser !== ''
    return {
      user: sessionUser,
      identifiedBy: 'session',
      key: isKnown ? `user ${sessionUser}` : key,
    }
  }
  if (bearer !== undefined) return { user: subjectOf(bearer), identifiedBy: 'token', key }
  if (login) return { user: login.user, identifiedBy: 'login', key }
  return { user: '', identifiedBy: 'nobody', key: 'nobody' }
}

/**
 * Whom a JWT names. Nobody has verified it here: where the cluster refuses it, the line's status
 * (401) says so.
 */
function subjectOf(token: string): string {
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    const { email, sub } = payload as { email?: unknown; sub?: unknown }
    return [email, sub].find((one) => typeof one === 'string') ?? ''
  } catch {
    return ''
  }
}

function sha256(text: string) {
  return createHash('sha256').update(text).digest('base64url')
}
