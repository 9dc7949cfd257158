import { Button, Flex } from '@patternfly/react-core'

import { secretKind, type Secret } from '../../../../kube/kinds.ts'
import { hasPublicKey } from '../../../../kube/ssh-public-key.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { RemovableGroup } from '../../../ui/form-fields/RemovableGroup.tsx'
import { useDraft } from '../draft-context.ts'
import {
  addSshKey,
  isOwnKey,
  removeSshKey,
  sshKeyPlaces,
  sshPublicKey,
  sshSecret,
  sshUsers,
  sshWay,
} from '../draft/ssh-keys.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'

const ways = [
  { value: 'noCloud', label: 'By cloud-init, at the first boot' },
  { value: 'configDrive', label: 'By cloud-init’s config drive, at the first boot' },
  { value: 'qemuGuestAgent', label: 'By the guest agent, now and whenever the Secret changes' },
]

function holdsKeys({ data = {} }: Secret): boolean {
  return Object.values(data).some((coded) => {
    try {
      return hasPublicKey(atob(coded))
    } catch {
      return false
    }
  })
}

/** Keys that stand in Secrets, which several VMs may share (spec.template.spec.accessCredentials). */
export function SshKeyFields() {
  const { draft, change, namespace } = useDraft()
  const secrets = useListOnce(secretKind, { namespace, enabled: namespace !== '' })
  const names = secrets.items.filter(holdsKeys).map(({ metadata }) => metadata.name)
  const places = sshKeyPlaces(draft)
  return (
    <>
      {places.length === 0 && (
        <p>A key in a Secret can be shared by VMs, and changed without changing them.</p>
      )}
      {places.map((index, number) => (
        <SshKey
          // Places are all that tells them apart.
          key={index}
          index={index}
          title={`SSH key ${number + 1}`}
          suggestions={names}
          help={
            secrets.error
              ? `Type its name: Secrets can’t be listed. ${secrets.error.message}`
              : 'Every key in it is let in.'
          }
        />
      ))}
      <FieldProblems name="sshKeys" title="The SSH keys need mending" />
      <Flex>
        <Button variant="secondary" onClick={() => change((before) => addSshKey(before, 'secret'))}>
          Use keys of a Secret
        </Button>
        <Button variant="secondary" onClick={() => change((before) => addSshKey(before, 'new'))}>
          Paste a public key
        </Button>
      </Flex>
    </>
  )
}

function SshKey({
  index,
  title,
  suggestions,
  help,
}: {
  index: number
  title: string
  suggestions: readonly string[]
  help: string
}) {
  const { draft, change } = useDraft()
  const isOwn = isOwnKey(draft, index)
  const way = sshWay(index).get(draft)
  return (
    <RemovableGroup title={title} onRemove={() => change((before) => removeSshKey(before, index))}>
      {isOwn ? (
        <DraftTextField
          field={sshPublicKey(index)}
          label="Public key"
          isRequired
          isLong
          isMono
          placeholder="ssh-ed25519 AAAA… me@laptop"
          help={`Stored in the new Secret ${sshSecret(index).get(draft)}.`}
        />
      ) : (
        <DraftTextField
          field={sshSecret(index)}
          label="Secret"
          isRequired
          suggestions={suggestions}
          help={help}
        />
      )}
      <DraftSelectField field={sshWay(index)} label="How it gets into the guest" choices={ways} />
      {way === 'qemuGuestAgent' && (
        <DraftTextField
          field={sshUsers(index)}
          label="Users"
          isRequired
          isLong
          help="Who may log in with it, one a line. The guest needs the guest agent and these users."
        />
      )}
    </RemovableGroup>
  )
}
