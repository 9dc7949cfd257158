import { zodResolver } from '@hookform/resolvers/zod'
import { Alert, AlertActionLink } from '@patternfly/react-core'
import { useState } from 'react'
import { useForm } from 'react-hook-form'

import {
  claimFieldRules,
  dataVolumeFieldRules,
  diskFieldRules,
} from '../../../kube/admission-fields.ts'
import { diskChangeEffect, situationOf, type Effect } from '../../../kube/apply-time.ts'
import type { KubeClient } from '../../../kube/client.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  virtualMachineKind,
  type KubeObject,
  type PersistentVolumeClaim,
  type ResourceKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { claimNameOf, disksOf, templateSpec } from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { createStep, patchStep, type FormStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import {
  diskFromValues,
  diskSchema,
  newDiskValues,
  proposeClaimName,
  proposeDiskName,
  type DiskValues,
} from '../../ui/storage/disk-form.ts'
import {
  claimFromValues,
  dataVolumeFromValues,
  neededObject,
  refusedSource,
  type SourceType,
} from '../../ui/storage/disk-source.ts'
import { useSizeOfSource } from '../../ui/storage/DiskSourceFields.tsx'
import { NewDiskFields } from '../../ui/storage/NewDiskFields.tsx'
import { attachEffects } from './disk-effects.ts'
import { attachDiskPatch, attachedDiskPlace } from './disk-patch.ts'

function submitLabel(effect: Effect | undefined, newKind: string | undefined): string {
  const what = newKind === undefined ? 'Attach disk' : `Create ${newKind} and attach disk`
  if (effect?.when === 'now') return `${what} now`
  return effect?.when === 'restart' ? `${what}, restart to apply` : what
}

interface Created {
  kind: ResourceKind
  object: KubeObject
}

/** Attaches a disk to a VM: of something that exists, or of a claim that is made first. */
export function AttachDiskDialog({
  vm,
  vmi,
  config,
  claims,
  onClose,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  claims: readonly PersistentVolumeClaim[]
  onClose: () => void
}) {
  const client = useKube()
  const namespace = vm.metadata.namespace ?? ''
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const [defaults] = useState(() => defaultsOf(vm, claims))
  const form = useForm<DiskValues>({
    resolver: zodResolver(diskSchema),
    defaultValues: defaults,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  /** What this form has created when attaching it failed afterwards. */
  const [created, setCreated] = useState<Created>()
  useSizeOfSource(form, values, claims, namespace)

  const situation = situationOf(vm, vmi, config)
  const parsed = diskSchema.safeParse(values)
  const isCreated = created?.object.metadata.name === values.claimName.trim()
  const needed = isCreated ? 'none' : neededObject(values)
  const entry = parsed.success
    ? diskFromValues(parsed.data, situation.state !== 'stopped')
    : undefined
  const effect = entry && diskChangeEffect(entry, undefined, situation)
  const place = attachedDiskPlace(base)
  const rules = diskFieldRules(place.index, place.volumeIndex, refusedSource(values))
  const steps = entry && [
    ...creationSteps(client, needed, values, namespace, setCreated),
    patchStep(client, virtualMachineKind, base, attachDiskPatch(base, entry), rules),
  ]

  return (
    <FormShell
      title="Attach disk"
      form={form}
      steps={steps}
      effect={effect && withFilling(effect, values.source)}
      fieldEffects={attachEffects(values, situation)}
      submitLabel={submitLabel(effect, newKinds[needed])}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      {created && <CreatedNote {...created} onDeleted={() => setCreated(undefined)} />}
      <NewDiskFields
        form={form}
        values={values}
        namespace={namespace}
        claims={claims}
        ownClaims={templateSpec(vm).volumes?.map(claimNameOf) ?? []}
      />
    </FormShell>
  )
}

const newKinds = { none: undefined, claim: 'PVC', dataVolume: 'DataVolume' }

function defaultsOf(vm: VirtualMachine, claims: readonly PersistentVolumeClaim[]): DiskValues {
  const disks = disksOf(templateSpec(vm))
  const name = proposeDiskName(disks.map(({ disk, volume }) => disk?.name ?? volume?.name ?? ''))
  const taken = claims.map(({ metadata }) => metadata.name)
  return {
    ...newDiskValues,
    name,
    claimName: proposeClaimName(vm.metadata.name, name, taken),
  }
}

function creationSteps(
  client: KubeClient,
  needed: 'none' | 'claim' | 'dataVolume',
  values: DiskValues,
  namespace: string,
  onCreated: (created: Created) => void,
): FormStep[] {
  if (needed === 'none') return []
  const made = (kind: ResourceKind) => (object: KubeObject) => onCreated({ kind, object })
  return [
    needed === 'claim'
      ? createStep(
          client,
          persistentVolumeClaimKind,
          claimFromValues(values, namespace),
          claimFieldRules,
          made(persistentVolumeClaimKind),
        )
      : createStep(
          client,
          dataVolumeKind,
          dataVolumeFromValues(values, namespace),
          dataVolumeFieldRules,
          made(dataVolumeKind),
        ),
  ]
}

/** What is imported or copied first isn't there at once. */
function withFilling(effect: Effect, source: SourceType): Effect {
  const filling: Partial<Record<SourceType, string>> = {
    clone: 'the copy is made',
    snapshot: 'the snapshot is restored',
    dataSource: 'the copy is made',
    registry: 'the import is done',
    url: 'the import is done',
    upload: 'the upload is done',
  }
  const what = filling[source]
  if (what === undefined || effect.when !== 'now') return effect
  return { ...effect, sentence: `The disk is plugged into the VM as soon as ${what}.` }
}

/** What was made stands although the disk isn't attached; nothing is cleaned up behind the user's back. */
function CreatedNote({ kind, object, onDeleted }: Created & { onDeleted: () => void }) {
  const client = useKube()
  const { name, namespace = '', uid } = object.metadata
  const [problem, setProblem] = useState<string>()
  function remove(): void {
    client
      .delete(kind, { name, namespace }, { uid })
      .then(onDeleted, (cause: unknown) =>
        setProblem(cause instanceof Error ? cause.message : String(cause)),
      )
  }
  return (
    <Alert
      isInline
      variant="info"
      title={`${kind.kind} ${name} was created, but isn’t attached yet`}
      actionLinks={<AlertActionLink onClick={remove}>Delete {name}</AlertActionLink>}
    >
      {problem ?? 'Saving again attaches it. It also stays when this form is left.'}
    </Alert>
  )
}
