import { Button, LoginPage } from '@patternfly/react-core'
import { useEffect, useState } from 'react'

import { clusterPrefix } from '../../host/cluster-prefix.ts'
import { providerPath, signedInPath } from '../../host/session-api.ts'
import { openSessionNews } from '../../host/session-news.ts'
import { useTheme } from '../theme.ts'
import { providerProblem } from './sign-in-words.ts'
import { takeSignInError } from './SignInPage.tsx'

/** The last page of a window that was opened to sign in at the provider: it tells the others, and closes. */
export function SignedInPage() {
  const [failedWith] = useState(takeSignInError)
  const problem = failedWith === undefined ? undefined : providerProblem(failedWith)
  useTheme()
  useEffect(() => {
    if (failedWith !== undefined) return
    const news = openSessionNews()
    news.tell()
    news.close()
    // Browsers close what a script has opened, not every tab.
    window.close()
  }, [failedWith])
  return problem ? (
    <LoginPage loginTitle={problem.title} loginSubtitle={problem.advice}>
      <Button
        component="a"
        href={providerPath(clusterPrefix + signedInPath)}
        variant="primary"
        isBlock
      >
        Try again
      </Button>
    </LoginPage>
  ) : (
    <LoginPage
      loginTitle="You are signed in"
      loginSubtitle="Close this tab and go on in the one you came from."
    >
      <Button component="a" href={`${clusterPrefix}/`} variant="link" isBlock>
        Open the console here
      </Button>
    </LoginPage>
  )
}
