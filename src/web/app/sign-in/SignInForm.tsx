import { Alert, Button, Divider, Spinner, Stack, StackItem } from '@patternfly/react-core'
import { useEffect, useRef, useState, type ReactNode } from 'react'

import { clusterPrefix } from '../../host/cluster-prefix.ts'
import type { Session } from '../../host/contract.ts'
import { readSignInOffer, type SignInOffer, type SignInWay } from '../../host/session-api.ts'
import { CredentialForm } from './CredentialForm.tsx'

type Provider = Extract<SignInWay, { type: 'oidc' }>

/** What the gateway offers, asked for anew each time it is needed. */
export function useSignInOffer() {
  const [offer, setOffer] = useState<SignInOffer>()
  const [error, setError] = useState<Error>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isCurrent = true
    readSignInOffer().then(
      (read) => isCurrent && setOffer(read),
      (cause: Error) => isCurrent && setError(cause),
    )
    return () => {
      isCurrent = false
    }
  }, [attempt])
  function retry() {
    setError(undefined)
    setAttempt((count) => count + 1)
  }
  return { offer, error, retry }
}

/** All ways to sign in that there are; the usual one first, the others a click away. */
export function SignInForm({
  asked: { offer, error, retry },
  renderProvider,
  onSignedIn,
}: {
  asked: ReturnType<typeof useSignInOffer>
  /** The button of a provider; the page is left for it, a dialog is not. */
  renderProvider: (way: Provider) => ReactNode
  onSignedIn: (session: Session) => void
}) {
  const [isTokenWanted, setTokenWanted] = useState(false)
  const top = useRef<HTMLDivElement>(null)
  const providers = offer?.ways.filter((way) => way.type === 'oidc') ?? []
  const has = (type: SignInWay['type']) => offer?.ways.some((way) => way.type === type) ?? false
  const hasProvider = providers.length > 0
  useEffect(() => {
    if (hasProvider) top.current?.querySelector<HTMLElement>('a, button')?.focus()
  }, [hasProvider])

  if (error)
    return (
      <Alert
        variant="danger"
        isInline
        title="How to sign in can’t be read"
        component="p"
        actionLinks={
          <Button variant="link" isInline onClick={retry}>
            Try again
          </Button>
        }
      >
        {error.message}
      </Alert>
    )
  if (!offer) return <Spinner size="lg" aria-label="Asking how to sign in" />

  const isTokenShown = has('token') && (!hasProvider || isTokenWanted)
  return (
    <Stack hasGutter>
      {hasProvider && (
        <StackItem>
          <div ref={top}>{providers.map(renderProvider)}</div>
        </StackItem>
      )}
      {has('token') && !isTokenShown && (
        <StackItem>
          <Button variant="link" isBlock onClick={() => setTokenWanted(true)}>
            Sign in with a token
          </Button>
        </StackItem>
      )}
      {isTokenShown && (
        <StackItem>
          {hasProvider && <Divider className="kc-sign-in-divider" />}
          <CredentialForm type="token" hasFocus onSignedIn={onSignedIn} />
        </StackItem>
      )}
      {has('secret') && (
        <StackItem>
          <CredentialForm type="secret" hasFocus={!has('token')} onSignedIn={onSignedIn} />
        </StackItem>
      )}
      {has('proxy') && (
        <StackItem>
          <Alert variant="info" isInline isPlain component="p" title="A proxy signs you in here">
            It stands in front of the console and has sent no sign-in along.{' '}
            <a href={`${clusterPrefix}/`} target="_blank" rel="noreferrer">
              Open the console in a new tab
            </a>{' '}
            to sign in there.
          </Alert>
        </StackItem>
      )}
      {offer.ways.length === 0 && (
        <StackItem>
          <Alert variant="warning" isInline component="p" title="There is no way to sign in">
            Whoever runs the console has to switch one on, under “signIn” in its configuration.
          </Alert>
        </StackItem>
      )}
    </Stack>
  )
}
