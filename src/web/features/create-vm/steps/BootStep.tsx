import { Alert, Checkbox, ExpandableSection, Form, FormSection } from '@patternfly/react-core'
import { useState } from 'react'

import { useDraft, useDraftField } from '../draft-context.ts'
import {
  cloudConfigField,
  foreignSecret,
  inlineLimitBytes,
  isCloudConfig,
  isInSecret,
  userData,
} from '../draft/cloud-init.ts'
import { firmware, hostname, runStrategy, startsPaused } from '../draft/vm-fields.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'

const user = cloudConfigField('user')
const password = cloudConfigField('password')
const sshKeys = cloudConfigField('sshKeys')
const packages = cloudConfigField('packages')
const commands = cloudConfigField('commands')

export function BootStep() {
  const [isPaused, setPaused] = useDraftField(startsPaused)
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <FormSection title="Who can log in" titleElement="h2">
        <CloudInit />
      </FormSection>
      <FormSection title="How it starts" titleElement="h2">
        <DraftTextField
          field={hostname}
          name="hostname"
          label="Host name"
          placeholder="the VM’s name"
          help="spec.template.spec.hostname"
        />
        <DraftSelectField
          field={runStrategy}
          name="runStrategy"
          label="Run strategy"
          choices={[
            { value: 'Always', label: 'Always: started now, and again whenever it stops' },
            {
              value: 'RerunOnFailure',
              label: 'RerunOnFailure: started now, again only if it fails',
            },
            { value: 'Once', label: 'Once: started now, never again by itself' },
            { value: 'Manual', label: 'Manual: started and stopped by people only' },
            { value: 'Halted', label: 'Halted: stays off until it is started' },
          ]}
        />
        <Checkbox
          id="starts-paused"
          label="Start paused"
          description="The guest waits before its first instruction, until it is unpaused."
          isChecked={isPaused}
          onChange={(_event, next) => setPaused(next)}
        />
        <DraftSelectField
          field={firmware}
          name="firmware"
          label="Firmware"
          choices={[
            { value: '', label: 'As the preference says, or else BIOS' },
            { value: 'bios', label: 'BIOS' },
            { value: 'uefi', label: 'UEFI' },
            { value: 'secure', label: 'UEFI with secure boot' },
          ]}
        />
      </FormSection>
    </Form>
  )
}

function CloudInit() {
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
