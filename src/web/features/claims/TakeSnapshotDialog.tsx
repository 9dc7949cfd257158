import { zodResolver } from '@hookform/resolvers/zod'
import { Alert } from '@patternfly/react-core'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import {
  storageClassKind,
  volumeSnapshotClassKind,
  volumeSnapshotKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { classNameOf } from '../../../kube/storage-classes.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { createStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { nameSyntax } from './claim-form.ts'

const schema = z.object({ snapshotName: nameSyntax, snapshotClass: z.string() })
type SnapshotValues = z.input<typeof schema>

const rules: FieldRule<keyof SnapshotValues>[] = [
  { path: 'metadata.name', field: 'snapshotName' },
  { path: 'spec.volumeSnapshotClassName', field: 'snapshotClass' },
]

const defaultMark = 'snapshot.storage.kubernetes.io/is-default-class'

/** `20261128-2230`, so that names tell when and sort so. */
function minute(now: Date): string {
  return now.toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')
}

/** Takes a snapshot of a claim. */
export function TakeSnapshotDialog({
  claim,
  isRunning,
  onClose,
}: {
  claim: PersistentVolumeClaim
  /** A running VM has it attached. */
  isRunning: boolean
  onClose: () => void
}) {
  const client = useKube()
  const { namespace = '', name } = claim.metadata
  const classes = useListOnce(volumeSnapshotClassKind)
  const storageClasses = useListOnce(storageClassKind)
  const driver = storageClasses.items.find(
    ({ metadata }) => metadata.name === classNameOf(claim),
  )?.provisioner
  const suitable = classes.items.filter((one) => driver === undefined || one.driver === driver)
  const standard = suitable.find(({ metadata }) => metadata.annotations?.[defaultMark] === 'true')
  const [defaults] = useState(() => ({
    snapshotName: `${name}-${minute(new Date())}`,
    snapshotClass: '',
  }))
  const form = useForm<SnapshotValues>({
    resolver: zodResolver(schema),
    defaultValues: defaults,
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const parsed = schema.safeParse(values)
  const steps = parsed.success
    ? [
        createStep(
          client,
          volumeSnapshotKind,
          snapshotManifest(parsed.data, { namespace, name }),
          rules,
          () => undefined,
        ),
      ]
    : undefined
  const chosen =
    values.snapshotClass === ''
      ? standard
      : suitable.find(({ metadata }) => metadata.name === values.snapshotClass)

  return (
    <FormShell
      title={`Take snapshot of ${name}`}
      form={form}
      steps={steps}
      effect={{
        when: 'now',
        sentence: isRunning
          ? 'Taken while the VM writes: it is as after a power cut. A snapshot of the VM asks its guest agent to hold still.'
          : 'It holds what the claim holds now.',
      }}
      submitLabel="Take snapshot"
      isCheckedAtOnce
      onReload={async () => undefined}
      onClose={onClose}
    >
      {!classes.isLoading && !classes.error && suitable.length === 0 && (
        <Alert isInline variant="warning" title="No VolumeSnapshotClass suits this storage">
          There is none with the driver {driver ?? 'of the claim'}, so the snapshot would wait
          forever.
        </Alert>
      )}
      <FormTextField form={form} name="snapshotName" label="Name" isRequired />
      <FormSelectField
        form={form}
        name="snapshotClass"
        label="VolumeSnapshotClass"
        choices={[
          {
            value: '',
            label: standard
              ? `Default of the cluster (${standard.metadata.name})`
              : 'Default of the cluster',
          },
          ...suitable.map(({ metadata, deletionPolicy }) => ({
            value: metadata.name,
            label: `${metadata.name} – ${deletionPolicy === 'Retain' ? 'data stays when the snapshot is deleted' : 'data goes with the snapshot'}`,
          })),
        ]}
        help={
          classes.error
            ? `The classes can’t be listed: ${classes.error.message}`
            : chosen === undefined && !classes.isLoading && suitable.length > 0
              ? 'None of the classes for this storage is the default: choose one.'
              : undefined
        }
      />
    </FormShell>
  )
}

/** Without a class the default of the claim's driver is taken. */
function snapshotManifest(
  { snapshotName, snapshotClass }: SnapshotValues,
  claim: { namespace: string; name: string },
) {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name: snapshotName.trim(), namespace: claim.namespace },
    spec: {
      ...(snapshotClass !== '' && { volumeSnapshotClassName: snapshotClass }),
      source: { persistentVolumeClaimName: claim.name },
    },
  }
}
