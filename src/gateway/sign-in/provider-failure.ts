import { AuthorizationResponseError, ResponseBodyError } from 'openid-client'

import { messageOf } from '../cluster-connection.ts'
import { ProviderUnreachableError } from './provider-fetch.ts'
import { CookieTooLargeError } from './sealed-cookie.ts'

export interface ProviderFailure {
  /**
   * What the sign-in page is told, as `?signInError=CODE`:
   *
   * | code          | what it means                                                         |
   * | ------------- | --------------------------------------------------------------------- |
   * | `denied`      | the provider, or the person there, said no                            |
   * | `unavailable` | the provider does not answer                                          |
   * | `expired`     | what was begun took too long, was begun elsewhere, or has been used   |
   * | `tooLarge`    | the provider's tokens are longer than a session can hold              |
   * | `failed`      | the provider's answer is wrong, or the console is not known to it     |
   */
  code: 'denied' | 'unavailable' | 'expired' | 'tooLarge' | 'failed'
  /** For the log: no secrets in it. */
  message: string
}

/** What went wrong with the provider. */
export function providerFailure(error: unknown): ProviderFailure {
  if (error instanceof ProviderUnreachableError) {
    return { code: 'unavailable', message: error.message }
  }
  if (error instanceof CookieTooLargeError) return { code: 'tooLarge', message: error.message }
  if (error instanceof AuthorizationResponseError) {
    const { error: name } = error
    const code =
      name === 'access_denied' || name === 'consent_required' || name === 'login_required'
        ? 'denied'
        : name === 'temporarily_unavailable' || name === 'server_error'
          ? 'unavailable'
          : 'failed'
    return { code, message: described(error) }
  }
  if (error instanceof ResponseBodyError) {
    return {
      code: error.error === 'invalid_grant' ? 'expired' : 'failed',
      message: described(error),
    }
  }
  const { cause } = error as { cause?: unknown }
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  return { code: 'failed', message: `${messageOf(error)}${why}` }
}

function described({
  error,
  error_description: text,
}: {
  error: string
  error_description?: string
}) {
  return text === undefined ? error : `${error}: ${text}`
}
