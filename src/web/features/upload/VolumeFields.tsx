import type { UseFormReturn } from 'react-hook-form'

import { storageClassKind, type StorageClass } from '../../../kube/kinds.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import type { UploadValues } from './upload-form.ts'

const isDefault = ({ metadata }: StorageClass) =>
  metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'

/** The volume that is made for the image. */
export function VolumeFields({ form }: { form: UseFormReturn<UploadValues> }) {
  const classes = useListOnce(storageClassKind)
  const names = classes.items.map(({ metadata }) => metadata.name).toSorted()
  const standard = classes.items.find(isDefault)?.metadata.name
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="name"
          label="Name"
          isRequired
          help="Of the DataVolume and its PersistentVolumeClaim."
        />
        <FormTextField
          form={form}
          name="sizeGiB"
          label="Size"
          unit="GiB"
          inputMode="decimal"
          isRequired
          help="Of the disk that the VM sees; at least that of the image."
        />
      </FormPair>
      <FormSelectField
        form={form}
        name="storageClass"
        label="Storage class"
        choices={[
          {
            value: '',
            label: standard ? `Default of the cluster (${standard})` : 'Default of the cluster',
          },
          ...names.map((name) => ({ value: name, label: name })),
        ]}
        help={classes.error && `The storage classes can’t be listed: ${classes.error.message}`}
      />
      <FormPair>
        <FormSelectField
          form={form}
          name="accessMode"
          label="Access mode"
          choices={[
            { value: '', label: 'As its storage profile says' },
            { value: 'ReadWriteOnce', label: 'One node writes (ReadWriteOnce)' },
            { value: 'ReadWriteMany', label: 'Many nodes write (ReadWriteMany)' },
            { value: 'ReadOnlyMany', label: 'Many nodes read (ReadOnlyMany)' },
          ]}
          help="Live migration of a VM needs ReadWriteMany."
        />
        <FormSelectField
          form={form}
          name="volumeMode"
          label="Volume mode"
          choices={[
            { value: '', label: 'As its storage profile says' },
            { value: 'Filesystem', label: 'Filesystem' },
            { value: 'Block', label: 'Block' },
          ]}
        />
      </FormPair>
    </>
  )
}
