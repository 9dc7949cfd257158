import type { UseFormReturn } from 'react-hook-form'

import {
  dataImportCronKind,
  persistentVolumeClaimKind,
  volumeSnapshotKind,
} from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { useDenial } from '../../data/access.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormCheckboxField } from '../../ui/form-fields/FormCheckboxField.tsx'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormRadioField } from '../../ui/form-fields/FormRadioField.tsx'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { SizeField } from '../../ui/storage/SizeField.tsx'
import { StorageClassFields } from '../../ui/storage/StorageClassFields.tsx'
import { isImported, type ImageValues } from './image-form.ts'
import { ImageDefaultsFields } from './ImageDefaultsFields.tsx'

interface FieldsProps {
  form: UseFormReturn<ImageValues>
  values: ImageValues
  namespace: string
}

/** The fields of a new bootable volume; which there are follows from where it comes from. */
export function ImageFields({ form, values, namespace }: FieldsProps) {
  const { error } = useListOnce(volumeSnapshotKind, { namespace })
  const noSnapshots = error?.isNotFound
    ? 'The cluster has no snapshot API (snapshot.storage.k8s.io).'
    : undefined
  return (
    <>
      <FormTextField
        form={form}
        name="name"
        label="Name"
        isRequired
        help="What one chooses when a VM is made, such as fedora; it stays when a newer image comes."
      />
      <FormRadioField
        form={form}
        name="source"
        label="Image from"
        choices={[
          { value: 'url', label: 'URL' },
          { value: 'registry', label: 'Container registry' },
          { value: 'upload', label: 'Upload from this computer' },
          { value: 'claim', label: 'PersistentVolumeClaim' },
          { value: 'snapshot', label: 'VolumeSnapshot', reason: noSnapshots },
        ]}
      />
      <SourceFields form={form} values={values} namespace={namespace} />
      <ImageDefaultsFields form={form} namespace={namespace} />
    </>
  )
}

function SourceFields({ form, values, namespace }: FieldsProps) {
  switch (values.source) {
    case 'url':
    case 'registry':
      return <ImportFields form={form} values={values} namespace={namespace} />
    case 'claim':
      return <ClaimFields form={form} namespace={namespace} />
    case 'snapshot':
      return <SnapshotField form={form} namespace={namespace} />
    case 'upload':
      return null
  }
}

function ImportFields({ form, values, namespace }: FieldsProps) {
  const isRegistry = values.source === 'registry'
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="url"
          label="Address"
          isRequired
          placeholder={
            isRegistry
              ? 'docker://quay.io/containerdisks/fedora:42'
              : 'https://download.example/image.qcow2'
          }
          help={
            isRegistry
              ? 'A container disk: an image with one disk in /disk.'
              : 'qcow2, raw, VMDK, VDI or ISO; also compressed with gz or xz.'
          }
        />
        {isImported(values) && (
          <SizeField form={form} help="Of the disk inside the image, or more." />
        )}
      </FormPair>
      {isRegistry && <UpdateFields form={form} values={values} namespace={namespace} />}
      <StorageClassFields form={form} purpose="vm" />
    </>
  )
}

function UpdateFields({ form, values, namespace }: FieldsProps) {
  const denial = useDenial({
    verb: 'create',
    group: dataImportCronKind.group,
    resource: dataImportCronKind.plural,
    namespace,
  })
  return (
    <FormPair>
      <FormSelectField
        form={form}
        name="updates"
        label="Look for a newer image"
        choices={[
          { value: 'never', label: 'Never' },
          ...[
            { value: 'daily', label: 'Daily at 04:30 UTC' },
            { value: 'weekly', label: 'Mondays at 04:30 UTC' },
            { value: 'monthly', label: 'On the first of a month at 04:30 UTC' },
            { value: 'custom', label: 'By a schedule of my own' },
          ].map((choice) => ({ ...choice, isDisabled: denial !== undefined })),
        ]}
        help={
          denial !== undefined
            ? `Never, for you: ${denial}`
            : 'A newer one is imported beside the older, and new VMs start from it (DataImportCron).'
        }
      />
      {values.updates === 'custom' && (
        <FormTextField
          form={form}
          name="schedule"
          label="Schedule"
          isRequired
          help="Minute, hour, day, month, weekday (cron), in UTC."
        />
      )}
    </FormPair>
  )
}

function ClaimFields({ form, namespace }: Omit<FieldsProps, 'values'>) {
  const claims = useListOnce(persistentVolumeClaimKind, { namespace })
  return (
    <>
      <FormSearchField
        form={form}
        name="claim"
        label="Claim"
        isRequired
        isLoading={claims.isLoading}
        placeholder="Type to find one"
        emptyText={
          claims.error
            ? `Claims can’t be listed: ${claims.error.message}`
            : 'No claim of this namespace is bound.'
        }
        choices={claims.items
          .filter(({ status }) => String(status?.phase) === 'Bound')
          .map(({ metadata, spec, status }) => ({
            value: metadata.name,
            description: [
              formatQuantity(status?.capacity?.['storage']),
              spec?.storageClassName ?? '',
            ].join(' · '),
          }))}
      />
      <FormCheckboxField
        form={form}
        name="isCopied"
        label="Copy it first"
        help="Without a copy the claim itself is the image: what a VM writes to it is in all later VMs, and a claim in use can’t be cloned."
      />
    </>
  )
}

function SnapshotField({ form, namespace }: Omit<FieldsProps, 'values'>) {
  const snapshots = useListOnce(volumeSnapshotKind, { namespace })
  return (
    <FormSearchField
      form={form}
      name="snapshot"
      label="Snapshot"
      isRequired
      isLoading={snapshots.isLoading}
      placeholder="Type to find one"
      emptyText={
        snapshots.error
          ? `Snapshots can’t be listed: ${snapshots.error.message}`
          : 'No snapshot of this namespace is ready.'
      }
      choices={snapshots.items
        .filter(({ status }) => status?.readyToUse)
        .map(({ metadata, spec, status }) => ({
          value: metadata.name,
          description: `${formatQuantity(status?.restoreSize)} · of ${spec.source.persistentVolumeClaimName ?? 'a claim'}`,
        }))}
      help="The image is what the snapshot holds; the snapshot has to stay."
    />
  )
}
