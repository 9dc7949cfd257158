import {
  FileUpload,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
} from '@patternfly/react-core'

import { imageWords, type DiskImage } from '../../../kube/disk-image.ts'
import { formatBytes } from '../../../kube/quantity.ts'

import './image-field.css'

interface ImageFieldProps {
  file: File | undefined
  /** What the file is, once it has been looked at. */
  image: DiskImage | undefined
  /** Shown when nothing is wrong with the file itself. */
  problem: string | undefined
  onFile: (file: File | undefined) => void
}

/** A disk image of the user's, chosen or dropped. */
export function ImageField({ file, image, problem, onFile }: ImageFieldProps) {
  const wrong = image?.problem ?? problem
  return (
    <FormGroup
      className="kc-image-field"
      label="Disk image"
      fieldId="field-file-filename"
      isRequired
    >
      <FileUpload
        id="field-file"
        filename={file?.name ?? ''}
        filenameAriaLabel="Disk image"
        filenamePlaceholder="Drop a file here, or choose one"
        browseButtonText="Choose file"
        browseButtonAriaDescribedby="field-file-help"
        hideDefaultPreview
        validated={wrong === undefined ? 'default' : 'error'}
        onFileInputChange={(_event, chosen) => onFile(chosen)}
        onClearClick={() => onFile(undefined)}
        dropzoneProps={{ multiple: false }}
      />
      <FormHelperText>
        <HelperText id="field-file-help" aria-live="polite">
          {wrong !== undefined ? (
            <HelperTextItem variant="error">{wrong}</HelperTextItem>
          ) : (
            <HelperTextItem>{file ? factsOf(file, image) : fileHelp}</HelperTextItem>
          )}
          {wrong === undefined && image?.caution !== undefined && (
            <HelperTextItem variant="warning">{image.caution}</HelperTextItem>
          )}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  )
}

const fileHelp =
  'qcow2, raw, ISO, VMDK, VDI, VHD or VHDX; raw ones also compressed with gzip, xz or zstd.'

function factsOf(file: File, image: DiskImage | undefined): string {
  const size = formatBytes(file.size)
  if (!image) return `${size}, looking at it…`
  const disk =
    image.virtualBytes === undefined
      ? 'the size of its disk shows only when it is unpacked'
      : `a disk of ${formatBytes(image.virtualBytes)}`
  return `${imageWords(image)} · ${size} to send · ${disk}`
}
