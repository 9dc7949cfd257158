import {
  ActionGroup,
  Alert,
  Button,
  Form,
  FormGroup,
  LoginPage,
  TextInput,
} from '@patternfly/react-core'
import { useState, type FormEvent } from 'react'

import { useTheme } from './theme.ts'

/** Asks for the secret that the gateway printed at its start. */
export function SignInPage({
  message,
  onSecret,
}: {
  message: string
  onSecret: (secret: string) => void
}) {
  const [secret, setSecret] = useState('')
  useTheme()

  function submit(event: FormEvent) {
    event.preventDefault()
    if (secret.trim() !== '') onSecret(secret.trim())
  }

  return (
    <LoginPage
      loginTitle="KubeVirt Console"
      loginSubtitle="Open the link that was printed when the console was started, or enter its secret."
    >
      <Form onSubmit={submit}>
        <Alert variant="info" isInline isPlain title={message} />
        <FormGroup label="Secret" fieldId="secret" isRequired>
          <TextInput
            id="secret"
            type="password"
            autoComplete="off"
            value={secret}
            onChange={(_event, value) => setSecret(value)}
          />
        </FormGroup>
        <ActionGroup>
          <Button type="submit" variant="primary" isBlock>
            Sign in
          </Button>
        </ActionGroup>
      </Form>
    </LoginPage>
  )
}
