import {
  Alert,
  FileUpload,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
} from '@patternfly/react-core'
import { useState } from 'react'

import { inspectImage } from '../../../../kube/disk-image.ts'
import { useDenial } from '../../../data/access.ts'
import { askForUpload } from '../../../ui/upload-request.ts'
import { useDraft } from '../draft-context.ts'
import { bootSource, uploadedIso } from '../draft/boot-source.ts'
import type { Draft } from '../draft/draft.ts'

/** An ISO is a CD, and the system goes to an empty disk beside it; any other image is the disk itself. */
function withUpload(draft: Draft, dataVolume: string, isIso: boolean): Draft {
  return isIso
    ? uploadedIso.set(bootSource.set(draft, { kind: 'blank' }), dataVolume)
    : bootSource.set(uploadedIso.set(draft, ''), { kind: 'dataVolume', name: dataVolume })
}

async function isIsoImage(file: File): Promise<boolean> {
  const read = async (start: number, length: number) =>
    new Uint8Array(await file.slice(Math.max(0, start), start + length).arrayBuffer())
  const { format } = await inspectImage(file.size, read).catch(() => ({ format: 'raw' }))
  return format === 'iso'
}

/** A disk image or an installation CD of the user's, chosen or dropped here. */
export function UploadChoice() {
  const { draft, change, namespace } = useDraft()
  const [filename, setFilename] = useState('')
  const denial = useDenial(
    namespace === ''
      ? undefined
      : {
          verb: 'create',
          group: 'upload.cdi.kubevirt.io',
          resource: 'uploadtokenrequests',
          namespace,
        },
  )
  const reason = namespace === '' ? 'Choose a namespace first: the disk is made in one.' : denial
  const source = bootSource.get(draft)
  const iso = uploadedIso.get(draft)
  const uploaded = iso || (source.kind === 'dataVolume' ? source.name : '')

  async function take(file: File) {
    setFilename(file.name)
    const isIso = await isIsoImage(file)
    askForUpload({
      namespace,
      file,
      onStarted: (claim) => change((before) => withUpload(before, claim, isIso)),
    })
  }

  return (
    <FormGroup label="Disk image or installation CD" fieldId="start-upload-filename" isRequired>
      <FileUpload
        id="start-upload"
        filename={filename}
        filenameAriaLabel="Disk image or installation CD"
        filenamePlaceholder="Drop a file here, or choose one"
        browseButtonText="Choose file"
        hideDefaultPreview
        isDisabled={reason !== undefined}
        onFileInputChange={(_event, file) => void take(file)}
        onClearClick={() => setFilename('')}
        dropzoneProps={{ multiple: false }}
      />
      <FormHelperText>
        <HelperText>
          <HelperTextItem>
            {reason ??
              'An ISO becomes a CD beside an empty disk; qcow2, raw, VMDK, VDI or VHD become the disk.'}
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
      {uploaded !== '' && (
        <Alert
          isInline
          component="p"
          variant="success"
          title={
            iso === '' ? `The disk is DataVolume ${uploaded}` : `The CD is DataVolume ${uploaded}`
          }
        >
          The VM can be created at once: it starts when the upload is complete. This window has to
          stay open until then.
        </Alert>
      )}
    </FormGroup>
  )
}
