import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect, useMemo, useState } from 'react'
import { useForm, type UseFormReturn } from 'react-hook-form'
import { useNavigate } from 'react-router'

import type { Effect } from '../../../kube/apply-time.ts'
import {
  persistentVolumeClaimKind,
  storageClassKind,
  volumeSnapshotKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { classNameOf, defaultClass, waitsForConsumer } from '../../../kube/storage-classes.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { createStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'
import {
  claimManifest,
  claimSchema,
  newClaimRules,
  proposeName,
  sourceBytes,
  typedGiB,
  type ClaimValues,
} from './claim-form.ts'
import { ClaimFields } from './ClaimFields.tsx'

/** What the form begins with: the claim to copy or the snapshot to restore. */
export interface ClaimPreset {
  source: 'claim' | 'snapshot'
  name: string
}

const titles = { blank: 'Create PersistentVolumeClaim', claim: 'Clone', snapshot: 'Restore' }
const buttons = { blank: 'Create PVC', claim: 'Clone PVC', snapshot: 'Restore into new PVC' }

function defaultsOf(preset: ClaimPreset | undefined): ClaimValues {
  const { source, name } = preset ?? {}
  return {
    claimName:
      preset === undefined ? '' : `${preset.name}-${source === 'claim' ? 'clone' : 'restored'}`,
    source: source ?? 'blank',
    sourceClaim: source === 'claim' ? (name ?? '') : '',
    sourceSnapshot: source === 'snapshot' ? (name ?? '') : '',
    sizeGiB: preset === undefined ? '20' : '',
    storageClass: '',
    accessMode: 'ReadWriteOnce',
    volumeMode: 'Filesystem',
  }
}

/** Creates a claim: empty, as the copy of another, or from a snapshot. */
export function CreateClaimDialog({
  namespace,
  preset,
  onClose,
}: {
  namespace: string
  preset?: ClaimPreset
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const claims = useListOnce(persistentVolumeClaimKind, { namespace })
  const snapshots = useListOnce(volumeSnapshotKind, { namespace })
  const classes = useListOnce(storageClassKind)
  const [leastBytes, setLeastBytes] = useState(0)
  const schema = useMemo(() => claimSchema(leastBytes), [leastBytes])
  const form = useForm<ClaimValues>({
    resolver: zodResolver(schema),
    defaultValues: defaultsOf(preset),
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const bytes = sourceBytes(values, claims.items, snapshots.items)
  if (bytes !== leastBytes) setLeastBytes(bytes)
  const origin = originOf(values, claims.items, snapshots.items)

  const isNameTyped = form.formState.dirtyFields.claimName ?? false
  const taken = claims.items.map(({ metadata }) => metadata.name)
  const proposed =
    preset && !isNameTyped && !claims.isLoading
      ? proposeName(defaultsOf(preset).claimName, taken)
      : undefined
  useFollowSource(form, followedValues(origin, bytes, proposed))

  const parsed = schema.safeParse(values)
  const steps = parsed.success
    ? [
        createStep(
          client,
          persistentVolumeClaimKind,
          claimManifest(parsed.data, namespace),
          newClaimRules,
          // Its page says how it gets on.
          ({ metadata: { name } }: PersistentVolumeClaim) => {
            void navigate(objectPagePath(persistentVolumeClaimKind, { namespace, name }))
          },
        ),
      ]
    : undefined
  const storageClass =
    values.storageClass === ''
      ? defaultClass(classes.items, 'kubernetes')
      : classes.items.find(({ metadata }) => metadata.name === values.storageClass)
  const effect: Effect = {
    when: 'now',
    sentence:
      storageClass && waitsForConsumer(storageClass)
        ? 'The claim stays Pending until a VM or pod uses it.'
        : values.source === 'blank'
          ? 'The storage makes an empty volume for it.'
          : 'The storage makes the volume as a copy; the source stays as it is.',
  }

  return (
    <FormShell
      title={preset ? `${titles[preset.source]} ${preset.name}` : titles.blank}
      form={form}
      steps={steps}
      effect={effect}
      submitLabel={buttons[values.source]}
      onReload={async () => undefined}
      onClose={onClose}
    >
      <ClaimFields
        form={form}
        values={values}
        isSourceFixed={preset !== undefined}
        claims={claims.items}
        snapshots={snapshots}
        origin={origin}
        provisioner={
          origin &&
          classes.items.find(({ metadata }) => metadata.name === classNameOf(origin))?.provisioner
        }
      />
    </FormShell>
  )
}

/** The claim whose storage the new one has to be on; a snapshot's may be gone. */
function originOf(
  values: ClaimValues,
  claims: readonly PersistentVolumeClaim[],
  snapshots: readonly {
    metadata: { name: string }
    spec: { source: { persistentVolumeClaimName?: string } }
  }[],
): PersistentVolumeClaim | undefined {
  const snapshot = snapshots.find(({ metadata }) => metadata.name === values.sourceSnapshot)
  const name =
    values.source === 'claim'
      ? values.sourceClaim
      : values.source === 'snapshot'
        ? snapshot?.spec.source.persistentVolumeClaimName
        : undefined
  return claims.find(({ metadata }) => metadata.name === name)
}

/** What the fields begin with for the chosen source. */
type Followed = Partial<Record<keyof ClaimValues, string>>

/** Size, class and modes follow the source when another is chosen, or once it is known. */
function useFollowSource(form: UseFormReturn<ClaimValues>, followed: Followed): void {
  const key = JSON.stringify(followed)
  useEffect(() => {
    for (const [name, value] of Object.entries(JSON.parse(key) as Followed))
      form.resetField(name as keyof ClaimValues, { defaultValue: value })
  }, [form, key])
}

function followedValues(
  origin: PersistentVolumeClaim | undefined,
  bytes: number,
  claimName: string | undefined,
): Followed {
  return {
    ...(bytes > 0 && { sizeGiB: typedGiB(bytes) }),
    ...(origin && {
      storageClass: classNameOf(origin),
      accessMode: String(origin.spec?.accessModes?.[0] ?? 'ReadWriteOnce'),
      volumeMode: String(origin.spec?.volumeMode ?? 'Filesystem'),
    }),
    ...(claimName !== undefined && { claimName }),
  }
}
