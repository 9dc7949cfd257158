import {
  Alert,
  Button,
  Form,
  FormGroup,
  TextInput,
  Title,
  type TextInputProps,
} from '@patternfly/react-core'
import { useEffect, useId, useRef, type FormEvent, type RefObject } from 'react'

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
        <Alert isInline isPlain variant="danger" component="h3" title={problem.title}>
          {problem.advice}
        </Alert>
      )}
      {!problem && doubt !== undefined && (
        <Alert
          isInline
          isPlain
          variant="info"
          component="h3"
          title="Nothing says that this guest has Remote Desktop"
        >
          {doubt} If you know that it listens on port 3389, try it.
        </Alert>
      )}
      {!problem && warning !== undefined && (
        <Alert
          isInline
          isPlain
          variant="warning"
          component="h3"
          title="The pod network does not let Remote Desktop through"
        >
          {warning}
        </Alert>
      )}
      <div className="kc-rdp-fields">
        <SignInField
          // A suggestion that arrives later fills the field as long as nothing is typed.
          key={`user ${suggested.username}`}
          label="User name"
          name="rdp-user"
          defaultValue={suggested.username}
        />
        <SignInField
          key={`domain ${suggested.domain}`}
          label="Domain (optional)"
          name="rdp-domain"
          defaultValue={suggested.domain}
          placeholder="The guest itself"
        />
      </div>
      <SignInField
        inputRef={password}
        label="Password"
        name="rdp-password"
        type="password"
        validated={isAboutSignIn ? 'error' : 'default'}
      />
      <Button type="submit">{doubt === undefined ? 'Connect' : 'Try RDP'}</Button>
      <p className="kc-rdp-sign-in-note">
        The password stays in this page&apos;s memory until you disconnect. The console&apos;s
        gateway passes it on to the guest and keeps nothing.
      </p>
    </Form>
  )
}

type SignInFieldProps = Omit<TextInputProps, 'id' | 'ref'> & {
  label: string
  inputRef?: RefObject<HTMLInputElement>
}

/** The browser neither remembers what is typed here nor corrects it. */
function SignInField({ label, inputRef, ...input }: SignInFieldProps) {
  const id = useId()
  return (
    <FormGroup label={label} fieldId={id}>
      <TextInput
        {...(inputRef && { ref: inputRef })}
        id={id}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...input}
      />
    </FormGroup>
  )
}

/** `DOMAIN\user` as its parts. */
function splitUser(user: string | undefined): { username: string; domain: string } {
  const [, domain, username] = /^([^\\]*)\\(.*)$/.exec(user ?? '') ?? []
  return { username: username ?? user ?? '', domain: domain ?? '' }
}
