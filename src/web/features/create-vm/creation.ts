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
  virtualMachinePoolKind,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { createStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import type { Draft, Manifest } from './draft/draft.ts'
import { copyNames, copyOf, isMany, manyIsPool, poolManifest } from './draft/many.ts'
import { fieldOfOther } from './draft/other-fields.ts'
import { vmName } from './draft/vm-fields.ts'
import { otherRules, poolRules, vmRules } from './wizard-fields.ts'

const known: readonly ResourceKind[] = [
  virtualMachineKind,
  virtualMachinePoolKind,
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
function creationSteps(client: KubeClient, { vm, others }: Draft): FormStep[] {
  return [...others, vm].map((manifest) => stepOf(client, manifest, vm))
}

function stepOf(client: KubeClient, manifest: Manifest, vm: Draft['vm']): FormStep {
  const { namespace = '' } = vm.metadata
  const placed = {
    ...manifest,
    metadata: { namespace, ...manifest.metadata, name: manifest.metadata.name ?? '' },
  }
  const rules = manifest === vm ? vmRules : otherRules(fieldOfOther(vm, manifest))
  return createStep(client, kindOf(manifest), placed, rules, () => undefined)
}

/** What is made on its own, and fails on its own. */
export interface Creation {
  name: string
  steps: FormStep[]
}

/** One for each VM of the draft; a pool makes its VMs itself. */
export function creations(client: KubeClient, draft: Draft): Creation[] {
  if (!isMany(draft) || !manyIsPool.get(draft))
    return copyNames(draft).map((name) => ({
      name,
      steps: creationSteps(client, copyOf(draft, name)),
    }))
  const { vm, others } = copyOf(draft, vmName.get(draft))
  const pool = poolManifest(draft)
  return [
    {
      name: pool.metadata.name,
      steps: [
        ...others.map((manifest) => stepOf(client, manifest, vm)),
        createStep(client, virtualMachinePoolKind, pool, poolRules, () => undefined),
      ],
    },
  ]
}
