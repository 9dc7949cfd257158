import { Checkbox, ExpandableSection, Form, FormSection } from '@patternfly/react-core'
import { useState } from 'react'

import { useDraftField } from '../draft-context.ts'
import { firmware, hostname, runStrategy, startsPaused } from '../draft/vm-fields.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'
import { useIsWindows } from '../guest-system.ts'
import { CloudInitFields } from './CloudInitFields.tsx'
import { NetworkDataFields } from './NetworkDataFields.tsx'
import { SshKeyFields } from './SshKeyFields.tsx'
import { WindowsFields } from './WindowsFields.tsx'

export function BootStep() {
  const [isPaused, setPaused] = useDraftField(startsPaused)
  const isWindows = useIsWindows()
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      {isWindows && <Windows isOpen />}
      <FormSection title="Who can log in" titleElement="h2">
        <CloudInitFields />
      </FormSection>
      <FormSection title="SSH keys from Secrets" titleElement="h2">
        <SshKeyFields />
      </FormSection>
      <FormSection title="Network of the guest" titleElement="h2">
        <NetworkDataFields />
      </FormSection>
      {!isWindows && <Windows isOpen={false} />}
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
        <FieldProblems name="startsPaused" title="The cluster refuses to start it paused" />
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

/** Open and first where the guest is Windows. */
function Windows({ isOpen }: { isOpen: boolean }) {
  const [isExpanded, setExpanded] = useState(isOpen)
  return (
    <FormSection>
      <ExpandableSection
        toggleText="Windows: answer file, drivers, TPM"
        isExpanded={isExpanded}
        onToggle={(_event, next) => setExpanded(next)}
      >
        {isExpanded && (
          <FormSection>
            <WindowsFields />
          </FormSection>
        )}
      </ExpandableSection>
    </FormSection>
  )
}
