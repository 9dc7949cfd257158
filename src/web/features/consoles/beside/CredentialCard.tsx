import { Button } from '@patternfly/react-core'
import { CopyIcon, EyeIcon, EyeSlashIcon } from '@patternfly/react-icons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { secretKind } from '../../../../kube/kinds.ts'
import type { KubeError } from '../../../../kube/kube-error.ts'
import { useDenial } from '../../../data/access.ts'
import { useKube } from '../../../data/host-context.tsx'
import { copyToClipboard } from '../../../ui/clipboard.ts'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { readLogins, type Login, type Logins } from './cloud-init-logins.ts'
import { decodeBase64, type CredentialSource } from './credential-sources.ts'

interface CredentialCardProps {
  source: CredentialSource
  namespace: string
  /** Of a source that is part of the spec. */
  inSpec: Logins | undefined
}

/** One place where credentials stand. Secrets are read when somebody asks, and not kept. */
export function CredentialCard({ source, namespace, inSpec }: CredentialCardProps) {
  return (
    <div className="kc-credentials">
      <p className="kc-muted">{source.title}</p>
      {'userData' in source ? (
        inSpec ? (
          <LoginList logins={inSpec} />
        ) : (
          <LoadingLines label="Reading cloud-init" count={1} />
        )
      ) : (
        <SecretLogins source={source} namespace={namespace} />
      )}
    </div>
  )
}

type SecretSource = Exclude<CredentialSource, { userData: string }>

/** KubeVirt takes either spelling (v1.9.0 pkg/cloud-init/cloud-init.go). */
const userDataKeys = ['userdata', 'userData']

async function loginsOf(source: SecretSource, data: Record<string, string>): Promise<Logins> {
  if ('passwordSecret' in source) {
    const logins = Object.entries(data).map(([user, password]): Login => ({
      user,
      password: { text: decodeBase64(password), form: 'plain' },
      sshKeys: [],
    }))
    return { logins }
  }
  const key = userDataKeys.find((name) => data[name] !== undefined)
  if (key === undefined) return { logins: [], problem: 'The Secret has no user data.' }
  return readLogins(decodeBase64(data[key] ?? ''), (await import('yaml')).parse)
}

function SecretLogins({ source, namespace }: { source: SecretSource; namespace: string }) {
  const client = useKube()
  const name = 'passwordSecret' in source ? source.passwordSecret : source.userDataSecret
  const [isAsked, setIsAsked] = useState(false)
  const denial = useDenial({ verb: 'get', group: '', resource: 'secrets', namespace, name })
  const { data, error, isFetching, refetch } = useQuery<Logins, KubeError>({
    queryKey: ['credentials', namespace, name, source.title],
    queryFn: async ({ signal }) => {
      const secret = await client.get(secretKind, { namespace, name }, signal)
      return loginsOf(source, secret.data ?? {})
    },
    enabled: isAsked,
    // Gone with what shows it.
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  })
  if (data) return <LoginList logins={data} />
  return (
    <>
      <Button
        variant="secondary"
        isAriaDisabled={denial !== undefined || isFetching}
        isLoading={isFetching}
        onClick={() => {
          if (isAsked) void refetch()
          setIsAsked(true)
        }}
      >
        Read Secret {name}
      </Button>
      {denial !== undefined && <p className="kc-muted">{denial}</p>}
      {error && <p role="alert">{error.message}</p>}
    </>
  )
}

function LoginList({ logins: { logins, problem } }: { logins: Logins }) {
  if (problem !== undefined) return <p>{problem}</p>
  if (logins.length === 0) return <p>None found: it sets neither passwords nor keys.</p>
  return (
    <ul className="kc-logins">
      {logins.map((login) => (
        <li key={login.user ?? ''}>
          <LoginEntry login={login} />
        </li>
      ))}
    </ul>
  )
}

function LoginEntry({ login: { user, password, sshKeys } }: { login: Login }) {
  const who = user ?? 'the image’s default user'
  return (
    <>
      <strong>{who}</strong>
      {password?.form === 'plain' && (
        <SecretText text={password.text} label={`password of ${who}`} />
      )}
      {password?.form === 'hash' && (
        <div>
          Password: a hash, from which it can’t be told.
          <SecretText text={password.text} label={`password hash of ${who}`} />
        </div>
      )}
      {password?.form === 'random' && (
        <div>Password: made at the first boot, and printed on the serial console then.</div>
      )}
      {sshKeys.map((key) => (
        <div key={key} className="kc-ssh-key" title={key}>
          SSH key {keyWords(key)}
        </div>
      ))}
    </>
  )
}

/** `ssh-ed25519 … anna@host`: the middle is for programs. */
function keyWords(key: string): string {
  const [type = '', , ...comment] = key.trim().split(/\s+/)
  return [type, ...comment].join(' ')
}

/** Hidden until somebody wants to see it; it can be copied unseen. */
function SecretText({ text, label }: { text: string; label: string }) {
  const [isShown, setIsShown] = useState(false)
  const [copied, setCopied] = useState<string>()
  return (
    <div className="kc-secret">
      {isShown ? <code>{text}</code> : <span aria-hidden>••••••••</span>}
      <Button
        variant="plain"
        size="sm"
        icon={isShown ? <EyeSlashIcon /> : <EyeIcon />}
        aria-label={`${isShown ? 'Hide' : 'Reveal'} ${label}`}
        data-hint={isShown ? 'Hide' : 'Reveal'}
        onClick={() => setIsShown(!isShown)}
      />
      <Button
        variant="plain"
        size="sm"
        icon={<CopyIcon />}
        aria-label={`Copy ${label}`}
        data-hint={copied ?? 'Copy'}
        onMouseLeave={() => setCopied(undefined)}
        onClick={() =>
          void copyToClipboard(text).then((isCopied) =>
            setCopied(isCopied ? 'Copied' : 'The browser didn’t allow copying'),
          )
        }
      />
    </div>
  )
}
