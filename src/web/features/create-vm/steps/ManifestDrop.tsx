import { Alert, FileUpload, FormGroup } from '@patternfly/react-core'
import { useState } from 'react'

import { useDraft } from '../draft-context.ts'
import { readDraft } from '../draft/draft-text.ts'
import type { Draft } from '../draft/draft.ts'
import { vmNamespace } from '../draft/vm-fields.ts'

/** Takes manifests as text or as a file; one of the documents is the VM, all of them are created. */
export function ManifestDrop() {
  const { change, namespace } = useDraft()
  const [text, setText] = useState('')
  const [filename, setFilename] = useState('')
  const read = text.trim() === '' ? undefined : readDraft(text)

  function take(next: string) {
    setText(next)
    const parsed = readDraft(next)
    if (!('draft' in parsed)) return
    const draft: Draft = { ...parsed.draft, start: 'manifest' }
    change(() => (vmNamespace.get(draft) === '' ? vmNamespace.set(draft, namespace) : draft))
  }

  return (
    <FormGroup label="Manifest" fieldId="manifest-text">
      <FileUpload
        id="manifest-text"
        type="text"
        value={text}
        filename={filename}
        filenamePlaceholder="Drop a file here, or paste below"
        aria-label="Manifest"
        browseButtonText="Choose a file"
        allowEditingUploadedText
        onFileInputChange={(_event, file) => setFilename(file.name)}
        onDataChange={(_event, next) => take(next)}
        onTextChange={(_event, next) => take(next)}
        onClearClick={() => {
          setText('')
          setFilename('')
        }}
      />
      {read && 'problems' in read && (
        <Alert isInline component="p" variant="danger" title="This can’t be read as a VM">
          {read.problems[0]?.message}
        </Alert>
      )}
      {read && 'draft' in read && (
        <Alert isInline component="p" variant="success" title="The steps now show this manifest">
          What they don’t show is kept and created as it is written.
        </Alert>
      )}
    </FormGroup>
  )
}
