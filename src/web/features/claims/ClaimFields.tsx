import type { UseFormReturn } from 'react-hook-form'

import type { PersistentVolumeClaim, VolumeSnapshot } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { formatBytes, formatQuantity } from '../../../kube/quantity.ts'
import { shortAccessModes } from '../../../kube/storage-classes.ts'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormRadioField } from '../../ui/form-fields/FormRadioField.tsx'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { SizeField } from '../../ui/storage/SizeField.tsx'
import { StorageClassFields } from '../../ui/storage/StorageClassFields.tsx'
import { noSnapshotApi } from './claim-actions.ts'
import { sourceBytes, type ClaimValues } from './claim-form.ts'

interface ClaimFieldsProps {
  form: UseFormReturn<ClaimValues>
  values: ClaimValues
  /** The source isn't asked for. */
  isSourceFixed: boolean
  claims: readonly PersistentVolumeClaim[]
  snapshots: { items: readonly VolumeSnapshot[]; error: KubeError | null }
  /** The claim that is copied, or that the snapshot is of. */
  origin: PersistentVolumeClaim | undefined
  /** Of the origin's class: only it can copy. */
  provisioner: string | undefined
}

/** The fields of a new claim. */
export function ClaimFields(props: ClaimFieldsProps) {
  const { form, values, isSourceFixed, claims, snapshots, origin, provisioner } = props
  const least = sourceBytes(values, claims, snapshots.items)
  return (
    <>
      {!isSourceFixed && <SourceFields {...props} />}
      <FormPair>
        <FormTextField form={form} name="claimName" label="Name" isRequired />
        <SizeField
          form={form}
          help={least > 0 ? `At least ${formatBytes(least)}, as its source.` : undefined}
        />
      </FormPair>
      <StorageClassFields
        form={form}
        purpose="kubernetes"
        onlyProvisioner={provisioner}
        whyFixedMode={
          origin && values.source !== 'blank'
            ? `As its source: what a ${String(origin.spec?.volumeMode ?? 'Filesystem')} volume holds can’t be read as the other.`
            : undefined
        }
      />
    </>
  )
}

function SourceFields({ form, values, claims, snapshots }: ClaimFieldsProps) {
  const ready = snapshots.items.filter(({ status }) => status?.readyToUse)
  const noSnapshots = snapshots.error?.isNotFound
    ? noSnapshotApi
    : snapshots.error
      ? `Snapshots can’t be listed: ${snapshots.error.message}`
      : undefined
  return (
    <>
      <FormRadioField
        form={form}
        name="source"
        label="Begins with"
        choices={[
          { value: 'blank', label: 'Nothing: an empty volume' },
          { value: 'claim', label: 'A copy of another claim' },
          { value: 'snapshot', label: 'What a snapshot holds', reason: noSnapshots },
        ]}
      />
      {values.source === 'claim' && (
        <FormSearchField
          form={form}
          name="sourceClaim"
          label="Claim to copy"
          isRequired
          placeholder="Type to find one"
          emptyText="No claim of this namespace is bound."
          choices={claims
            .filter(({ status }) => String(status?.phase) === 'Bound')
            .map(({ metadata, spec, status }) => ({
              value: metadata.name,
              description: [
                formatQuantity(status?.capacity?.['storage']),
                spec?.storageClassName,
                shortAccessModes(spec?.accessModes),
              ]
                .filter(Boolean)
                .join(' · '),
            }))}
        />
      )}
      {values.source === 'snapshot' && (
        <FormSearchField
          form={form}
          name="sourceSnapshot"
          label="Snapshot"
          isRequired
          placeholder="Type to find one"
          emptyText="No snapshot of this namespace is ready."
          choices={ready.map(({ metadata, spec, status }) => ({
            value: metadata.name,
            description: `${formatQuantity(status?.restoreSize)} · of ${spec.source.persistentVolumeClaimName ?? 'a claim'}`,
          }))}
        />
      )}
    </>
  )
}
