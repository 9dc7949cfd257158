import { FormTextField } from '../form-fields/FormTextField.tsx'
import { DiskDeviceFields } from './DiskDeviceFields.tsx'
import { DiskSourceFields, type DiskSourceFieldsProps } from './DiskSourceFields.tsx'

/** A disk that is to come: what it holds, its name, and the device that the guest sees. */
export function NewDiskFields(props: DiskSourceFieldsProps) {
  const { form, values } = props
  return (
    <>
      <DiskSourceFields {...props} />
      <FormTextField
        form={form}
        name="name"
        label="Disk name"
        isRequired
        help="For the cluster; lower-case letters, digits and dashes."
      />
      <DiskDeviceFields form={form} values={values} isDrive={values.source === 'drive'} />
    </>
  )
}
