import { ClipboardCopy, FormGroup, TextInput, Title } from '@patternfly/react-core'
import { useQueries } from '@tanstack/react-query'
import { useId, useState } from 'react'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { templateSpec } from '../../../../kube/vm-devices.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import type { Machine } from '../../../ui/MachineShell.tsx'
import { likelyUser, readLogins, type Logins } from './cloud-init-logins.ts'
import { credentialSources } from './credential-sources.ts'
import { CredentialCard } from './CredentialCard.tsx'
import { sshCommands } from './ssh-commands.ts'

/** How to get into the guest other than by its screen. */
export function AccessPanel({ machine: { namespace, name, vm, vmi } }: { machine: Machine }) {
  const sources = credentialSources(vmi?.spec ?? (vm && templateSpec(vm)))
  const inSpec = useLoginsInSpec(
    sources.map((source) => ('userData' in source ? source.userData : '')),
  )
  const logins = inSpec.flatMap((one) => one?.logins ?? [])
  return (
    <>
      <Addresses vmi={vmi} name={name} />
      <SshCommands
        key={name}
        namespace={namespace}
        name={name}
        address={guestAddresses(vmi)[0]?.address}
        likely={likelyUser(logins, vmi?.status?.guestOSInfo?.id)}
      />
      <section aria-label="Credentials">
        <Title headingLevel="h3" size="md">
          Credentials
        </Title>
        {sources.length === 0 && (
          <p>None found: {name} has no cloud-init user data, and nothing sets its passwords.</p>
        )}
        {sources.map((source, index) => (
          <CredentialCard
            // The same source may be there twice; their order is the spec's.
            key={`${index} ${source.title}`}
            source={source}
            namespace={namespace}
            inSpec={inSpec[index]}
          />
        ))}
      </section>
    </>
  )
}

/** What the VM's own spec says; that is here already, only YAML has to be loaded to read it. */
function useLoginsInSpec(userData: readonly string[]): (Logins | undefined)[] {
  return useQueries({
    queries: userData.map((text) => ({
      queryKey: ['cloud-init-logins', text],
      queryFn: async () => readLogins(text, (await import('yaml')).parse),
      enabled: text !== '',
      gcTime: 0,
    })),
    combine: (results) => results.map(({ data }) => data),
  })
}

function guestAddresses(vmi: VirtualMachineInstance | undefined) {
  return (vmi?.status?.interfaces ?? []).flatMap(
    ({ name, interfaceName, ipAddresses, ipAddress }) =>
      (ipAddresses ?? (ipAddress === undefined ? [] : [ipAddress]))
        // Of the link alone, so of no use to others.
        .filter((address) => !/^fe80:/i.test(address))
        .map((address) => ({ address, network: name ?? interfaceName ?? '' })),
  )
}

function Addresses({ vmi, name }: { vmi: VirtualMachineInstance | undefined; name: string }) {
  const addresses = guestAddresses(vmi)
  return (
    <section aria-label="IP addresses">
      <Title headingLevel="h3" size="md">
        IP addresses
      </Title>
      {addresses.length === 0 && (
        <p>{vmi ? `None of ${name} is known yet.` : `None: ${name} isn’t running.`}</p>
      )}
      <ul className="kc-plain-list">
        {addresses.map(({ address, network }) => (
          <li key={`${network} ${address}`}>
            <CopyText text={address} label="IP address" />{' '}
            <span className="kc-muted">{network}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface SshCommandsProps {
  namespace: string
  name: string
  address: string | undefined
  /** Whom one would log in as, by all that is known. */
  likely: string | undefined
}

function SshCommands({ namespace, name, address, likely }: SshCommandsProps) {
  const id = useId()
  const [typed, setTyped] = useState<string>()
  const user = typed ?? likely ?? ''
  const commands = sshCommands({ namespace, name, address, user })
  return (
    <section aria-label="SSH">
      <Title headingLevel="h3" size="md">
        SSH
      </Title>
      <FormGroup label="User" fieldId={id}>
        <TextInput
          id={id}
          value={user}
          placeholder="Whoever runs the command"
          autoComplete="off"
          onChange={(_event, text) => setTyped(text)}
        />
      </FormGroup>
      {commands.map(({ label, command, note }) => (
        <div key={label}>
          <ClipboardCopy
            isReadOnly
            hoverTip={`Copy ${label}`}
            clickTip="Copied"
            textAriaLabel={label}
            toggleAriaLabel={label}
          >
            {command}
          </ClipboardCopy>
          <span className="kc-muted">{note}</span>
        </div>
      ))}
    </section>
  )
}
