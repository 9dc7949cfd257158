import { useState } from 'react'

import { situationOf } from '../../../../kube/apply-time.ts'
import type { KubeVirtConfig } from '../../../../kube/kubevirt-config.ts'
import { nicFieldEffects } from '../../../../kube/nic-field-effects.ts'
import type { Nic } from '../../../../kube/vm-devices.ts'
import { useKube } from '../../../data/host-context.tsx'
import { FormShell } from '../../../ui/form-shell/FormShell.tsx'
import { NicFields } from '../../../ui/nics/NicFields.tsx'
import { useNicForm } from '../../../ui/nics/use-nic-form.ts'
import { useDraft } from '../draft-context.ts'
import { draftStep } from '../draft-step.ts'
import { vmOf, withPatch } from '../draft/nics.ts'

/** Adds a NIC to the draft or edits one, by the form of a VM's own page. */
export function DraftNicDialog({
  config,
  nic,
  onClose,
}: {
  config: KubeVirtConfig
  nic?: Nic
  onClose: () => void
}) {
  const client = useKube()
  const { draft, change } = useDraft()
  // The dialog covers the draft, so nothing else changes it meanwhile.
  const [base] = useState(draft)
  const { form, desired, patch, rules, fields } = useNicForm({ base: vmOf(base), config, nic })
  const step =
    patch &&
    draftStep(client, base, withPatch(base, patch), {
      body: patch,
      rules,
      onSaved: () => change((before) => withPatch(before, patch)),
    })
  const none = situationOf(undefined, undefined, config)
  return (
    <FormShell
      title={nic ? `Edit network interface ${nic.iface.name}` : 'Add network interface'}
      form={form}
      steps={step && [step]}
      effect={undefined}
      fieldEffects={nicFieldEffects(desired ?? nic, undefined, none)}
      submitLabel={nic ? 'Save' : 'Add interface'}
      onReload={async () => undefined}
      onClose={onClose}
    >
      <NicFields fields={fields} />
    </FormShell>
  )
}
