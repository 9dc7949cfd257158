import {
  ActionGroup,
  Alert,
  Button,
  ClipboardCopy,
  Content,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core'
import { useEffect, useId, useRef, useState, type FormEvent } from 'react'

import { clusterPrefix } from '../../host/cluster-prefix.ts'
import type { Session } from '../../host/contract.ts'
import { createSession } from '../../host/session-api.ts'
import { useSecondsLeft } from './seconds-left.ts'
import { signInProblem, type SignInProblem } from './sign-in-words.ts'

const words = {
  token: {
    label: 'Token',
    help: 'It goes to the console’s server, which keeps it in an encrypted cookie. This page forgets it at once.',
  },
  secret: {
    label: 'Secret',
    help: 'Printed where the console was started. The link printed with it signs in as well.',
  },
}

/** Signs in with something secret that one has at hand. */
export function CredentialForm({
  type,
  hasFocus,
  onSignedIn,
}: {
  type: 'token' | 'secret'
  hasFocus: boolean
  onSignedIn: (session: Session) => void
}) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [isUnderWay, setUnderWay] = useState(false)
  const [problem, setProblem] = useState<SignInProblem>()
  const secondsLeft = useSecondsLeft(problem?.retryAt)
  const { label, help } = words[type]

  useEffect(() => {
    if (hasFocus) input.current?.focus()
  }, [hasFocus])

  async function signIn(): Promise<void> {
    // Terminals break long lines, and a token has no spaces.
    const given = text.replaceAll(/\s+/g, '')
    if (given === '' || isUnderWay || secondsLeft > 0) {
      input.current?.focus()
      return
    }
    setUnderWay(true)
    try {
      const session = await createSession(type === 'token' ? { token: given } : { secret: given })
      setText('')
      onSignedIn(session)
    } catch (error) {
      setProblem(signInProblem(type, error as Error))
      input.current?.select()
    } finally {
      setUnderWay(false)
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void signIn()
  }

  return (
    <Form onSubmit={submit} noValidate>
      {problem && (
        <Alert variant="danger" isInline title={problem.title} component="p" isLiveRegion>
          {problem.advice}
          {secondsLeft > 0 && ` Next attempt in ${secondsLeft} s.`}
        </Alert>
      )}
      <FormGroup label={label} fieldId={id} isRequired>
        <TextInput
          ref={input}
          id={id}
          // A password field would have the browser offer to keep it.
          type="text"
          className="kc-masked"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck="false"
          isRequired
          aria-describedby={`${id}-help`}
          validated={problem && problem.retryAt === undefined ? 'error' : 'default'}
          value={text}
          onChange={(_event, value) => setText(value)}
        />
        <FormHelperText>
          <HelperText id={`${id}-help`}>
            <HelperTextItem>{help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <ActionGroup>
        <Button
          type="submit"
          variant="primary"
          isBlock
          isLoading={isUnderWay}
          isDisabled={isUnderWay || secondsLeft > 0}
        >
          {secondsLeft > 0 ? `Sign in (in ${secondsLeft} s)` : 'Sign in'}
        </Button>
      </ActionGroup>
      {type === 'token' && <TokenHelp />}
    </Form>
  )
}

/** What a token is, and the usual way to one. */
function TokenHelp() {
  return (
    <Content component="small">
      A token stands for a user or a service account of the cluster
      {clusterPrefix === '' ? '' : ', and is of this one only'}; the console may do what they may.
      To get one for the service account NAME of a namespace:
      <ClipboardCopy
        isReadOnly
        hoverTip="Copy"
        clickTip="Copied"
        textAriaLabel="Command that makes a token"
      >
        kubectl create token NAME -n NAMESPACE --duration 8h
      </ClipboardCopy>
    </Content>
  )
}
