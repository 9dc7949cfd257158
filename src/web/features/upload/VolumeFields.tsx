import type { UseFormReturn } from 'react-hook-form'

import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { SizeField } from '../../ui/storage/SizeField.tsx'
import { StorageClassFields } from '../../ui/storage/StorageClassFields.tsx'
import type { UploadValues } from './upload-form.ts'

/** The volume that is made for the image. */
export function VolumeFields({ form }: { form: UseFormReturn<UploadValues> }) {
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
        <SizeField form={form} help="Of the disk that the VM sees; at least that of the image." />
      </FormPair>
      <StorageClassFields form={form} purpose="vm" />
    </>
  )
}
