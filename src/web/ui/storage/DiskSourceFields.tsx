import { Alert, Button } from '@patternfly/react-core'
import { useEffect } from 'react'
import type { UseFormReturn } from 'react-hook-form'

import {
  dataSourceKind,
  volumeSnapshotKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { formatQuantity, gib, parseQuantity } from '../../../kube/quantity.ts'
import { useAccess } from '../../data/access.ts'
import { useClaimUsers } from '../../data/claim-users.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormCheckboxField } from '../form-fields/FormCheckboxField.tsx'
import { FormPair } from '../form-fields/FormPair.tsx'
import { FormSearchField } from '../form-fields/FormSearchField.tsx'
import { FormSelectField } from '../form-fields/FormSelectField.tsx'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import { askForUpload } from '../upload-request.ts'
import { claimChoices, describeClaim } from './claim-choices.ts'
import type { DiskValues } from './disk-form.ts'
import { neededObject, sourceWords, type SourceType } from './disk-source.ts'
import { NamedObjectField } from './NamedObjectField.tsx'
import { SizeField } from './SizeField.tsx'
import { StorageClassFields } from './StorageClassFields.tsx'

interface FieldsProps {
  form: UseFormReturn<DiskValues>
  values: DiskValues
}

export interface DiskSourceFieldsProps extends FieldsProps {
  namespace: string
  /** Of the namespace. */
  claims: readonly PersistentVolumeClaim[]
  /** Those that the VM has already. */
  ownClaims: readonly (string | undefined)[]
}

/** What a new disk holds: a choice, and what that choice needs to know. */
export function DiskSourceFields(props: DiskSourceFieldsProps) {
  const { form, values } = props
  const denials = useSourceDenials(props.namespace)
  const denial = denials[neededObject(values)]
  return (
    <>
      <FormSelectField
        form={form}
        name="source"
        label="Source"
        choices={Object.entries(sourceWords).map(([value, label]) => ({
          value,
          label,
          isDisabled:
            denials[neededObject({ source: value as SourceType, isPreallocated: false })] !==
            undefined,
        }))}
        help={denial ?? denials.claim ?? denials.dataVolume}
        onChosen={(source) => {
          if (source !== 'drive') return
          form.setValue('type', 'cdrom')
          form.setValue('bus', 'sata')
        }}
      />
      <SourceDetails {...props} />
      {neededObject(values) !== 'none' && <NewClaimFields form={form} values={values} />}
    </>
  )
}

/** Why new claims can't be made, by what makes them. */
function useSourceDenials(namespace: string) {
  const claim = useAccess({
    verb: 'create',
    group: '',
    resource: 'persistentvolumeclaims',
    namespace,
  })
  const dataVolume = useAccess({
    verb: 'create',
    group: 'cdi.kubevirt.io',
    resource: 'datavolumes',
    namespace,
  })
  return {
    none: undefined,
    claim: claim.allowed === false ? (claim.reason ?? 'You may not create claims.') : undefined,
    dataVolume:
      dataVolume.allowed === false
        ? (dataVolume.reason ?? 'You may not create DataVolumes.')
        : undefined,
  }
}

function SourceDetails(props: DiskSourceFieldsProps) {
  const { form, values, namespace, claims } = props
  switch (values.source) {
    case 'existing':
      return <ExistingClaimField {...props} />
    case 'clone':
      return (
        <FormSearchField
          form={form}
          name="sourceClaim"
          label="Copied PersistentVolumeClaim"
          isRequired
          choices={claimChoices(claims, new Map())}
          placeholder="Type to find one"
          emptyText="No PersistentVolumeClaim in this namespace."
          help="Guests that write to it meanwhile leave the copy as after a power cut."
        />
      )
    case 'snapshot':
      return <SnapshotField form={form} namespace={namespace} />
    case 'dataSource':
      return <DataSourceField form={form} />
    case 'registry':
    case 'containerDisk':
      return (
        <FormTextField
          form={form}
          name="image"
          label="Image"
          isRequired
          placeholder="quay.io/containerdisks/fedora:42"
          help={
            values.source === 'registry'
              ? 'Its disk is copied into a claim of the VM’s own.'
              : 'Read from the image; what the guest writes is gone when the VM stops.'
          }
        />
      )
    case 'url':
      return (
        <FormTextField
          form={form}
          name="url"
          label="URL"
          isRequired
          placeholder="https://example.com/disk.qcow2"
          help="The cluster fetches it: qcow2, raw, ISO, VMDK, VHD, also packed with gz or xz."
        />
      )
    case 'upload':
      return <UploadField form={form} values={values} namespace={namespace} />
    case 'emptyDisk':
      return <SizeField form={form} />
    case 'configMap':
    case 'secret':
    case 'serviceAccount':
      return <NamedObjectField form={form} kind={values.source} namespace={namespace} />
    default:
      return null
  }
}

/** The upload has a dialog of its own, which outlives this one. */
function UploadField({ form, values, namespace }: FieldsProps & { namespace: string }) {
  return (
    <div>
      <Button
        variant="secondary"
        onClick={() =>
          askForUpload({
            namespace,
            onStarted: (claimName) =>
              form.setValue('existingClaim', claimName, {
                shouldDirty: true,
                shouldValidate: true,
              }),
          })
        }
      >
        Choose a file to upload
      </Button>
      {values.existingClaim !== '' && (
        <p>It goes to PersistentVolumeClaim {values.existingClaim}, which is attached.</p>
      )}
    </div>
  )
}

function ExistingClaimField({ form, values, namespace, claims, ownClaims }: DiskSourceFieldsProps) {
  const users = useClaimUsers(namespace)
  const own = new Set(ownClaims)
  const chosen = claims.find(({ metadata }) => metadata.name === values.existingClaim)
  const usedBy = users.get(values.existingClaim) ?? []
  const isShared = chosen?.spec?.accessModes?.some((mode) => String(mode).endsWith('Many'))
  return (
    <>
      <FormSearchField
        form={form}
        name="existingClaim"
        label="PersistentVolumeClaim"
        isRequired
        choices={claimChoices(
          claims.filter(({ metadata }) => !own.has(metadata.name)),
          users,
        )}
        placeholder="Type to find one"
        emptyText="No other PersistentVolumeClaim in this namespace."
        help={chosen && describeClaim(chosen, [])}
      />
      {usedBy.length > 0 && (
        <Alert isInline isPlain variant="warning" title={`In use by ${usedBy.join(', ')}`}>
          {isShared
            ? 'Two guests that write to one disk destroy its file system, unless that is made for sharing.'
            : 'Its access mode lets only one node use it, so only one of these VMs may be able to run.'}
        </Alert>
      )}
    </>
  )
}

function SnapshotField({
  form,
  namespace,
}: {
  form: UseFormReturn<DiskValues>
  namespace: string
}) {
  const snapshots = useListOnce(volumeSnapshotKind, { namespace })
  return (
    <FormSearchField
      form={form}
      name="sourceSnapshot"
      label="Volume snapshot"
      isRequired
      isLoading={snapshots.isLoading}
      choices={snapshots.items.map(({ metadata, spec, status }) => ({
        value: metadata.name,
        description: [
          status?.readyToUse === true ? formatQuantity(status.restoreSize) : 'not ready yet',
          spec.source.persistentVolumeClaimName && `of ${spec.source.persistentVolumeClaimName}`,
        ]
          .filter(Boolean)
          .join(' · '),
      }))}
      placeholder="Type to find one"
      emptyText={
        snapshots.error
          ? `Snapshots can’t be listed: ${snapshots.error.message}`
          : 'No volume snapshot in this namespace.'
      }
    />
  )
}

function DataSourceField({ form }: { form: UseFormReturn<DiskValues> }) {
  const sources = useListOnce(dataSourceKind)
  return (
    <FormSearchField
      form={form}
      name="dataSource"
      label="DataSource"
      isRequired
      isLoading={sources.isLoading}
      choices={sources.items.map(({ metadata, status }) => {
        const ready = status?.conditions?.find(({ type }) => type === 'Ready')
        return {
          value: `${metadata.namespace ?? ''}/${metadata.name}`,
          description: ready?.status === 'True' ? 'ready' : (ready?.message ?? 'not ready yet'),
        }
      })}
      placeholder="Type to find one"
      emptyText={
        sources.error
          ? `DataSources can’t be listed: ${sources.error.message}`
          : 'No DataSource in this cluster.'
      }
      help="From another namespace, its owner must let you clone from there (datavolumes/source)."
    />
  )
}

function NewClaimFields({ form, values }: FieldsProps) {
  return (
    <>
      <FormPair>
        <FormTextField form={form} name="claimName" label="PVC name" isRequired />
        <SizeField form={form} />
      </FormPair>
      <StorageClassFields form={form} purpose="vm" />
      <FormCheckboxField
        form={form}
        name="isPreallocated"
        label="Write all of it beforehand"
        help={
          values.isPreallocated
            ? 'CDI fills the whole volume, which takes a while and all of its space (preallocation).'
            : 'Faster first writes, and the space is sure; takes longer now (preallocation).'
        }
      />
    </>
  )
}

/** A copy is at least as large as what it is from. */
export function useSizeOfSource(
  form: UseFormReturn<DiskValues>,
  values: DiskValues,
  claims: readonly PersistentVolumeClaim[],
  namespace: string,
): void {
  const snapshots = useListOnce(volumeSnapshotKind, {
    namespace,
    enabled: values.source === 'snapshot',
  })
  const claim = claims.find(({ metadata }) => metadata.name === values.sourceClaim)
  const snapshot = snapshots.items.find(({ metadata }) => metadata.name === values.sourceSnapshot)
  const size =
    values.source === 'clone'
      ? (claim?.status?.capacity?.storage ?? claim?.spec?.resources?.requests?.storage)
      : values.source === 'snapshot'
        ? snapshot?.status?.restoreSize
        : undefined
  const bytes = parseQuantity(size as string | undefined)
  useEffect(() => {
    if (bytes !== undefined)
      form.setValue('sizeGiB', String(Math.ceil((bytes / gib) * 1000) / 1000))
  }, [form, bytes])
}
