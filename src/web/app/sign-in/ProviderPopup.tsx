import { Alert, Button } from '@patternfly/react-core'
import { useState } from 'react'

import { clusterPrefix } from '../../host/cluster-prefix.ts'
import { providerPath, signedInPath, type SignInWay } from '../../host/session-api.ts'
import { providerLabel } from './sign-in-words.ts'

/** Signs in at the provider in a window beside the page, which then goes on by itself. */
export function ProviderPopup({ way }: { way: Extract<SignInWay, { type: 'oidc' }> }) {
  const [opened, setOpened] = useState<'none' | 'open' | 'blocked'>('none')
  const signInPath = providerPath(clusterPrefix + signedInPath)
  return (
    <>
      <Button
        variant="primary"
        isBlock
        onClick={() => {
          const popup = window.open(
            signInPath,
            'kubevirt-console-sign-in',
            'popup,width=520,height=720',
          )
          setOpened(popup ? 'open' : 'blocked')
        }}
      >
        Sign in with {providerLabel(way)}
      </Button>
      {opened === 'open' && (
        <Alert
          variant="info"
          isInline
          isPlain
          component="p"
          isLiveRegion
          title="Go on in the window that has opened"
        />
      )}
      {opened === 'blocked' && (
        <Alert
          variant="warning"
          isInline
          component="p"
          isLiveRegion
          title="The browser did not open a window"
        >
          <a href={signInPath} target="_blank" rel="noreferrer">
            Sign in in a new tab
          </a>
          ; this page goes on by itself afterwards.
        </Alert>
      )}
    </>
  )
}
