/** The requests that make what the draft describes, and the kinds they go to. */
import type { KubeClient } from '../../../kube/client.ts'
import {
  apiVersion,
  dataSourceKind,
  dataVolumeKind,
  networkAttachmentDefinitionKind,
  persistentVolumeClaimKind,
  secretKind,
  serviceKind,
  virtualMachineKind,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { createStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import type { Draft, Manifest } from './draft/draft.ts'
import { otherRules, vmRules } from './wizard-fields.ts'

const known: readonly ResourceKind[] = [
  virtualMachineKind,
  secretKind,
  serviceKind,
  persistentVolumeClaimKind,
  dataVolumeKind,
  dataSourceKind,
  networkAttachmentDefinitionKind,
]

/** How a pasted manifest's kind is addressed; for one we don't know, by the rule that most plurals follow. */
function kindOf({ apiVersion: version = 'v1', kind = '' }: Manifest): ResourceKind {
  const found = known.find((one) => one.kind === kind && apiVersion(one) === version)
  if (found) return found
  const [group = '', rest] = version.includes('/') ? version.split('/') : ['', version]
  return { group, version: rest ?? 'v1', kind, plural: `${kind.toLowerCase()}s`, namespaced: true }
}

/** What the VM refers to comes before it. */
export function creationSteps(client: KubeClient, { vm, others }: Draft): FormStep[] {
  const { namespace = '' } = vm.metadata
  const step = (manifest: Manifest) => {
    const placed = {
      ...manifest,
      metadata: { namespace, ...manifest.metadata, name: manifest.metadata.name ?? '' },
    }
    const rules = manifest === vm ? vmRules : otherRules
    return createStep(client, kindOf(manifest), placed, rules, () => undefined)
  }
  return [...others, vm].map(step)
}
