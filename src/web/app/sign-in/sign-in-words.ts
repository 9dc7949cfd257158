/** What to say, and what to do, when signing in has failed. */
import { KubeError } from '../../../kube/kube-error.ts'
import type { SignInWay } from '../../host/session-api.ts'

export interface SignInProblem {
  title: string
  advice: string
  /** Before then (epoch milliseconds) another attempt is refused. */
  retryAt?: number
}

const wrong: Record<'token' | 'secret', SignInProblem> = {
  token: {
    title: 'The cluster does not know this token',
    advice:
      'It may have expired, be cut off, or belong to another cluster. Make a new one and paste all of it.',
  },
  secret: {
    title: 'This is not the secret',
    advice: 'The console makes a new one each time it is started: take the one printed last.',
  },
}

/** @param type how it was tried */
export function signInProblem(type: 'token' | 'secret', error: Error): SignInProblem {
  if (!(error instanceof KubeError)) return { title: 'Signing in failed', advice: error.message }
  if (error.code === 401) return wrong[type]
  if (error.code === 429)
    return {
      title: 'Too many attempts',
      advice: 'To keep others from guessing, the console takes no more for a while.',
      retryAt: Date.now() + (error.retryAfterSeconds ?? 30) * 1000,
    }
  if (error.code === 0)
    return {
      title: 'The console’s server can’t be reached',
      advice: 'Check the connection and try again.',
    }
  if (error.isUnreachable)
    return { title: 'The cluster can’t be reached', advice: `${error.message}. Try again later.` }
  return { title: 'Signing in failed', advice: error.message }
}

/** The codes are explained in `src/gateway/sign-in/provider-failure.ts`. */
const byCode: Partial<Record<string, SignInProblem>> = {
  denied: {
    title: 'The provider did not let you in',
    advice: 'You declined there, or your account may not use this console: ask whoever manages it.',
  },
  unavailable: {
    title: 'The provider does not answer',
    advice: 'Try again in a while. Who is signed in already stays so.',
  },
  expired: {
    title: 'That sign-in was not finished in time',
    advice:
      'It took too long, was begun in another browser, or its page was loaded twice. Try again.',
  },
  tooLarge: {
    title: 'The provider says more of you than a session can hold',
    advice:
      'Most often an account is in very many groups. Whoever runs the console can ask the provider for less, by “scopes” in its configuration.',
  },
  failed: {
    title: 'The console did not understand the provider',
    advice:
      'Try again. If it fails again, whoever runs the console finds the reason in its log: the client or its secret may be wrong there.',
  },
}

/** @param code `signInError` of the address that the gateway has sent the browser back to */
export function providerProblem(code: string): SignInProblem {
  return (
    byCode[code] ?? {
      title: 'Signing in at the provider failed',
      advice: `Try again. If it fails again, tell whoever runs the console: “${code.slice(0, 80)}”.`,
    }
  )
}

/** Of the provider, as its button says it. */
export function providerLabel(way: Extract<SignInWay, { type: 'oidc' }>): string {
  return way.label === '' ? 'the provider' : way.label
}
