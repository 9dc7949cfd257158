import type { UseFormReturn } from 'react-hook-form'

import { dataVolumeKind } from '../../../kube/kinds.ts'
import { dataVolumeUpload } from '../../../kube/upload-state.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import type { UploadValues } from './upload-form.ts'

/** A new volume or one that waits for an upload; nothing where none waits. */
export function IntoField({
  form,
  namespace,
  onChosen,
}: {
  form: UseFormReturn<UploadValues>
  namespace: string
  onChosen: (into: string) => void
}) {
  const { items } = useListOnce(dataVolumeKind, { namespace, mustBeFresh: true })
  const waiting = items
    .filter((volume) => dataVolumeUpload(volume).is === 'ready')
    .map(({ metadata }) => metadata.name)
    .toSorted()
  if (waiting.length === 0 && form.getValues('into') === '') return null
  return (
    <FormSelectField
      form={form}
      name="into"
      label="Upload into"
      onChosen={onChosen}
      choices={[
        { value: '', label: 'A new volume' },
        ...waiting.map((name) => ({
          value: `DataVolume/${name}`,
          label: `DataVolume ${name}, which waits for an upload`,
        })),
      ]}
    />
  )
}
