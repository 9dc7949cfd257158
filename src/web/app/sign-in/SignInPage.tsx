import { Alert, Button, LoginPage, Stack, StackItem } from '@patternfly/react-core'
import { useEffect, useState } from 'react'

import type { KubeError } from '../../../kube/kube-error.ts'
import { clusterPrefix } from '../../host/cluster-prefix.ts'
import type { Session } from '../../host/contract.ts'
import { providerPath } from '../../host/session-api.ts'
import { wrongSecret } from '../../host/standalone.ts'
import { pathElsewhere } from '../../ui/page-paths.ts'
import { ClusterMenu } from '../ClusterMenu.tsx'
import { useTheme } from '../theme.ts'
import { providerLabel, providerProblem, signInProblem } from './sign-in-words.ts'
import { SignInForm, useSignInOffer } from './SignInForm.tsx'

/** Taken out of the address, so that it is gone with the next reload. */
export function takeSignInError(): string | undefined {
  const url = new URL(location.href)
  const code = url.searchParams.get('signInError')
  if (code === null) return undefined
  url.searchParams.delete('signInError')
  history.replaceState(history.state, '', url.pathname + url.search + url.hash)
  return code
}

/** Stands in place of the page that was asked for; signing in leads to it. */
export function SignInPage({
  error,
  onSignedIn,
}: {
  /** Why there is no session. */
  error: KubeError
  onSignedIn: (session: Session) => void
}) {
  const asked = useSignInOffer()
  const { offer } = asked
  const [failedWith] = useState(takeSignInError)
  const problem =
    failedWith !== undefined
      ? providerProblem(failedWith)
      : error.reason === wrongSecret
        ? signInProblem('secret', error)
        : undefined
  useTheme()
  useEffect(() => {
    document.title = offer ? `Sign in · ${offer.cluster} · KubeVirt Console` : 'KubeVirt Console'
  }, [offer])

  const here = location.pathname.slice(clusterPrefix.length) || '/'
  return (
    <LoginPage
      className="kc-sign-in"
      loginTitle="KubeVirt Console"
      {...(offer && { loginSubtitle: `Sign in to ${offer.cluster}` })}
    >
      <Stack hasGutter>
        {problem && (
          <StackItem>
            <Alert variant="danger" isInline component="p" title={problem.title} isLiveRegion>
              {problem.advice}
            </Alert>
          </StackItem>
        )}
        {offer && offer.clusters.length > 1 && (
          <StackItem>
            <ClusterMenu
              cluster={offer.cluster}
              clusters={offer.clusters}
              path={pathElsewhere(here, location.search)}
              isFullWidth
            />
          </StackItem>
        )}
        <StackItem>
          <SignInForm
            asked={asked}
            renderProvider={(way) => (
              <Button
                key={way.label}
                component="a"
                href={providerPath(location.pathname + location.search)}
                variant="primary"
                isBlock
              >
                Sign in with {providerLabel(way)}
              </Button>
            )}
            onSignedIn={onSignedIn}
          />
        </StackItem>
      </Stack>
    </LoginPage>
  )
}
