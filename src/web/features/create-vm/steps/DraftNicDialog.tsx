import { useState } from 'react'

import { mapCauses, type FieldRule, type NicField } from '../../../../kube/admission-fields.ts'
import { situationOf } from '../../../../kube/apply-time.ts'
import type { JsonPatchOperation, KubeClient } from '../../../../kube/client.ts'
import { virtualMachineKind } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import type { KubeVirtConfig } from '../../../../kube/kubevirt-config.ts'
import { nicFieldEffects } from '../../../../kube/nic-field-effects.ts'
import type { Nic } from '../../../../kube/vm-devices.ts'
import { useKube } from '../../../data/host-context.tsx'
import { patchChanges, type FormStep } from '../../../ui/form-shell/form-step.ts'
import { FormShell } from '../../../ui/form-shell/FormShell.tsx'
import { NicFields } from '../../../ui/nics/NicFields.tsx'
import { useNicForm } from '../../../ui/nics/use-nic-form.ts'
import { useDraft } from '../draft-context.ts'
import type { Draft } from '../draft/draft.ts'
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
  const step = patch && draftStep(client, base, patch, rules, change)
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

/**
 * Changes the draft; on trial, the cluster is asked to make a VM of it under any name that is free,
 * and what it says of other parts of the VM is left to their own steps.
 */
function draftStep(
  client: KubeClient,
  base: Draft,
  patch: JsonPatchOperation[],
  rules: readonly FieldRule<NicField>[],
  change: (apply: (draft: Draft) => Draft) => void,
): FormStep {
  return {
    title: 'Change of the VM to be created',
    body: patch,
    changes: () => patchChanges(vmOf(base), patch),
    rules,
    async send({ dryRun, ...options }) {
      if (!dryRun) return change((draft) => withPatch(draft, patch))
      const { name: _, namespace = '', ...metadata } = vmOf(base).metadata
      if (namespace === '') return
      const manifest = {
        ...withPatch(base, patch).vm,
        metadata: { ...metadata, generateName: 'draft-' },
      }
      try {
        await client.create(virtualMachineKind, namespace, manifest, { dryRun, ...options })
      } catch (cause) {
        if (!(cause instanceof KubeError)) throw cause
        if (Object.keys(mapCauses(cause, rules).fields).length > 0) throw cause
      }
    },
  }
}
