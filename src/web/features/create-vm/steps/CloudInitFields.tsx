import { Alert, ExpandableSection } from '@patternfly/react-core'
import { useState } from 'react'

import { useDraft } from '../draft-context.ts'
import {
  foreignSecret,
  inlineLimitBytes,
  isInSecret,
  userData,
} from '../draft/cloud-init-volume.ts'
import { cloudConfigField, isCloudConfig } from '../draft/cloud-init.ts'
import { DraftTextField } from '../DraftTextField.tsx'

const user = cloudConfigField('user')
const password = cloudConfigField('password')
const sshKeys = cloudConfigField('sshKeys')
const packages = cloudConfigField('packages')
const commands = cloudConfigField('commands')

/** What cloud-init does at the first boot: by form, or as one text. */
export function CloudInitFields() {
  const { draft } = useDraft()
  const [isRaw, setRaw] = useState(false)
  const secret = foreignSecret(draft)
  if (secret !== undefined)
    return (
      <Alert isInline component="p" variant="info" title={`cloud-init reads the Secret ${secret}`}>
        It isn’t part of this draft, so it is left as it is.
      </Alert>
    )
  const canForm = isCloudConfig(userData.get(draft))
  return (
    <>
      {canForm ? (
        <>
          <DraftTextField
            field={user}
            label="User"
            placeholder="the image’s own"
            help="May become root by sudo, where the image is set up so."
          />
          <DraftTextField
            field={password}
            label="Password"
            isSecret
            help="Stands in the VM’s manifest: whoever may read the VM can read it."
          />
          <DraftTextField
            field={sshKeys}
            label="SSH public keys"
            isLong
            isMono
            placeholder="ssh-ed25519 AAAA… me@laptop"
            help="One a line."
          />
          <DraftTextField
            field={packages}
            label="Packages"
            isLong
            help="To be installed, one a line."
          />
          <DraftTextField
            field={commands}
            label="Commands"
            isLong
            isMono
            help="Run once by root, one a line, after all else."
          />
        </>
      ) : (
        <Alert isInline component="p" variant="info" title="The first boot is a text of its own">
          It is a script, or YAML the form can’t read; edit it as a whole.
        </Alert>
      )}
      <ExpandableSection
        toggleText="As text (cloud-init user data)"
        isExpanded={isRaw || !canForm}
        onToggle={(_event, next) => setRaw(next)}
      >
        <DraftTextField
          field={userData}
          name="userData"
          label="User data"
          isLong
          isMono
          placeholder="#cloud-config"
          help={
            isInSecret(draft)
              ? `Longer than ${inlineLimitBytes} bytes, so it is kept in a Secret that is created with the VM.`
              : `Up to ${inlineLimitBytes} bytes stand in the VM; more is put into a Secret.`
          }
        />
      </ExpandableSection>
    </>
  )
}
