import {
  Alert,
  Button,
  Content,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Stack,
  StackItem,
} from '@patternfly/react-core'
import { useState } from 'react'

import type { Session } from '../../host/contract.ts'
import type { SessionKeeper, SessionState } from '../../host/session-keeper.ts'
import { unsavedWork } from '../../ui/unsaved-work.ts'
import { goAsOther } from './leave-session.ts'
import { ProviderPopup } from './ProviderPopup.tsx'
import { SignInForm, useSignInOffer } from './SignInForm.tsx'

interface SessionDialogProps {
  session: Session
  keeper: SessionKeeper
  state: Exclude<SessionState, { name: 'open' }>
}

/**
 * Stands over a page whose session has ended, or has become somebody else's. What is below it stays:
 * requests wait for the sign-in, and then go on.
 */
export function SessionDialog({ session, keeper, state }: SessionDialogProps) {
  const isOther = state.name === 'otherUser'
  const title = isOther ? `You are signed in as ${state.user} now` : 'Your session has ended'
  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="small"
      // What is not done here is still to be done below, so nothing closes it by the way.
      {...(!isOther && { onClose: () => keeper.dismiss() })}
      aria-labelledby="session-title"
      aria-describedby="session-words"
    >
      <ModalHeader title={title} labelId="session-title" titleIconVariant="warning" />
      {isOther ? (
        <OtherUser session={session} keeper={keeper} user={state.user} />
      ) : (
        <Ended session={session} keeper={keeper} state={state} />
      )}
    </Modal>
  )
}

function Ended({
  session,
  keeper,
  state,
}: {
  session: Session
  keeper: SessionKeeper
  state: Extract<SessionState, { name: 'ended' }>
}) {
  const [isLooking, setLooking] = useState(false)
  // Where nobody signs in to the gateway, or it knows the user all the same, a sign-in changes nothing.
  const isByItself = state.cause === 'refused' && session.mode !== 'cluster'

  async function look(): Promise<void> {
    setLooking(true)
    await keeper.look()
    setLooking(false)
  }

  return (
    <>
      <ModalBody tabIndex={0} aria-label="Your session">
        <Stack hasGutter>
          <StackItem id="session-words">{endWords(state, session)}</StackItem>
          <StackItem>
            <Unsaved />
          </StackItem>
          {!isByItself && (
            <StackItem>
              <SignInAgain keeper={keeper} />
            </StackItem>
          )}
        </Stack>
      </ModalBody>
      <ModalFooter>
        {(isByItself || state.cause === 'unreachable') && (
          <Button variant="primary" isLoading={isLooking} onClick={() => void look()}>
            Try now
          </Button>
        )}
        <Button variant="link" onClick={() => keeper.dismiss()}>
          Look at the page without signing in
        </Button>
      </ModalFooter>
    </>
  )
}

function endWords({ cause, detail }: Extract<SessionState, { name: 'ended' }>, session: Session) {
  const stays = 'What is on this page stays, and goes on after you have signed in again.'
  switch (cause) {
    case 'expired':
      return session.user === '' ? stays : `You were signed in as ${session.user}. ${stays}`
    case 'signedOut':
      return `You have signed out in another tab. This one has something unsaved, so it was kept. ${stays}`
    case 'unreachable':
      return `It can’t be renewed for now: ${detail ?? 'there is no answer'} The console tries again every few seconds. What is on this page stays.`
    case 'refused':
      return refusedWords(session.mode, stays)
  }
}

function refusedWords(mode: Session['mode'], stays: string): string {
  if (mode === 'kubeconfig')
    return 'The cluster no longer takes the credentials of the kubeconfig. Renew them with what made them, such as the login command of your provider; this page then goes on by itself.'
  if (mode === 'sandbox')
    return 'The sandbox takes no credentials for the moment: somebody has switched that fault on. This page goes on by itself when it is over.'
  return `The cluster no longer takes your sign-in. ${stays}`
}

function SignInAgain({ keeper }: { keeper: SessionKeeper }) {
  const asked = useSignInOffer()
  return (
    <SignInForm
      asked={asked}
      renderProvider={(way) => <ProviderPopup key={way.label} way={way} />}
      onSignedIn={(next) => keeper.resume(next)}
    />
  )
}

/** What would go with the page. */
function Unsaved({ title = 'Not saved yet' }: { title?: string }) {
  const work = unsavedWork()
  if (work.length === 0) return null
  return (
    <Alert variant="info" isInline component="p" title={title}>
      <List isPlain>
        {work.map((what) => (
          <ListItem key={what}>{what}</ListItem>
        ))}
      </List>
    </Alert>
  )
}

function OtherUser({
  session,
  keeper,
  user,
}: {
  session: Session
  keeper: SessionKeeper
  user: string
}) {
  const [isReturning, setReturning] = useState(false)
  return (
    <>
      <ModalBody tabIndex={0} aria-label="Your session">
        <Stack hasGutter>
          <StackItem id="session-words">
            <Content component="p">
              This page was opened by {session.user}. It has to be loaded anew for {user}, and until
              then sends nothing to the cluster.
            </Content>
          </StackItem>
          <StackItem>
            <Unsaved title={`Not saved by ${session.user}; lost when the page is loaded anew`} />
          </StackItem>
          {isReturning && (
            <StackItem>
              <SignInAgain keeper={keeper} />
            </StackItem>
          )}
        </Stack>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={goAsOther}>
          Load the page anew
        </Button>
        {!isReturning && (
          <Button variant="link" onClick={() => setReturning(true)}>
            Sign in as before
          </Button>
        )}
      </ModalFooter>
    </>
  )
}
