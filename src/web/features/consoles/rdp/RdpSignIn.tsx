import { Alert, Button, Form, FormGroup, TextInput, Title } from '@patternfly/react-core'
import { useEffect, useId, useRef, type FormEvent } from 'react'

import type { RdpProblem } from './rdp-problem.ts'
import type { RdpSession } from './rdp-session.ts'
import { useLoggedInUser } from './use-logged-in-user.ts'

interface RdpSignInProps {
  session: RdpSession
  namespace: string
  name: string
  problem: RdpProblem | undefined
  /** Why nothing speaks for an RDP server in this guest. */
  doubt: string | undefined
  warning: string | undefined
  /** The user has signed in and will want to type. */
  onStep: () => void
}

/** The problems that another password, or another user, may solve. */
const aboutSignIn = new Set(['wrongPassword', 'signInCut', 'signInRefused'])

/**
 * Who is to sign in at the guest. The password is in the field and, from signing in on, in the
 * session: never in state that React keeps, an address, or storage.
 */
export function RdpSignIn({
  session,
  namespace,
  name,
  problem,
  doubt,
  warning,
  onStep,
}: RdpSignInProps) {
  const id = useId()
  const loggedIn = useLoggedInUser(namespace, name)
  const suggested = session.lastUser ?? splitUser(loggedIn)
  const password = useRef<HTMLInputElement>(null)
  const isAboutSignIn = problem !== undefined && aboutSignIn.has(problem.kind)

  // Who has just pressed the button goes on here.
  useEffect(() => {
    if (isAboutSignIn) password.current?.focus()
  }, [isAboutSignIn, problem])

  function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const field = (key: string) =>
      event.currentTarget.querySelector<HTMLInputElement>(`[name="${key}"]`)?.value ?? ''
    const typed = splitUser(field('rdp-user').trim())
    onStep()
    session.signIn({
      username: typed.username,
      domain: field('rdp-domain').trim() || typed.domain,
      password: field('rdp-password'),
    })
    event.currentTarget.reset()
  }

  return (
    <Form className="kc-rdp-sign-in" onSubmit={signIn} autoComplete="off">
      <Title headingLevel="h2" size="lg">
        Remote desktop of {name}
      </Title>
      {problem && (
        <Alert isInline variant="danger" component="h3" title={problem.title}>
          {problem.advice}
        </Alert>
      )}
      {!problem && doubt !== undefined && (
        <Alert
          isInline
          variant="info"
          component="h3"
          title="Nothing says that this guest has Remote Desktop"
        >
          {doubt} If you know that it listens on port 3389, try it.
        </Alert>
      )}
      {!problem && warning !== undefined && (
        <Alert isInline variant="warning" component="h3" title={warning} />
      )}
      <div className="kc-rdp-fields">
        <FormGroup label="User name" fieldId={`${id}-user`}>
          <TextInput
            // A suggestion that arrives later fills the field as long as nothing is typed.
            key={suggested.username}
            id={`${id}-user`}
            name="rdp-user"
            defaultValue={suggested.username}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        </FormGroup>
        <FormGroup label="Domain (optional)" fieldId={`${id}-domain`}>
          <TextInput
            key={suggested.domain}
            id={`${id}-domain`}
            name="rdp-domain"
            defaultValue={suggested.domain}
            placeholder="The guest itself"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        </FormGroup>
      </div>
      <FormGroup label="Password" fieldId={`${id}-password`}>
        <TextInput
          ref={password}
          id={`${id}-password`}
          name="rdp-password"
          type="password"
          autoComplete="off"
          validated={isAboutSignIn ? 'error' : 'default'}
        />
      </FormGroup>
      <Button type="submit">{doubt === undefined ? 'Connect' : 'Try RDP'}</Button>
      <p className="kc-rdp-sign-in-note">
        The password stays in this page&apos;s memory until you disconnect. The console&apos;s
        gateway passes it on to the guest and keeps nothing.
      </p>
    </Form>
  )
}

/** `DOMAIN\user` as its parts. */
function splitUser(user: string | undefined): { username: string; domain: string } {
  const [, domain, username] = /^([^\\]*)\\(.*)$/.exec(user ?? '') ?? []
  return { username: username ?? user ?? '', domain: domain ?? '' }
}
