import { Checkbox, FileUpload } from '@patternfly/react-core'
import { useState } from 'react'

import { configMapKind, secretKind, type KubeObject } from '../../../../kube/kinds.ts'
import { useKubeVirtConfig } from '../../../data/kubevirt-config.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { FormField } from '../../../ui/form-fields/FormField.tsx'
import type { Choice } from '../../../ui/form-fields/PlainSelectField.tsx'
import { useDraft, useDraftField } from '../draft-context.ts'
import {
  answerFiles,
  answerText,
  driversImage,
  isAnswerFile,
  sysprepSource,
  tpm,
} from '../draft/windows.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'

const fileHelp = {
  'autounattend.xml': 'Read by Windows Setup, where Windows is installed from its CD.',
  'unattend.xml': 'Read at the first boot of an image that sysprep has generalized.',
}

function holders(kind: string, objects: readonly (KubeObject & { data?: object })[]): Choice[] {
  return objects
    .filter(({ data = {} }) => Object.keys(data).some(isAnswerFile))
    .map(({ metadata: { name } }) => ({ value: `${kind}/${name}`, label: name, group: `${kind}s` }))
}

/** What Windows is installed and set up with, all of it optional. */
export function WindowsFields() {
  const { draft, namespace } = useDraft()
  const scope = { namespace, enabled: namespace !== '' }
  const secrets = useListOnce(secretKind, scope)
  const configMaps = useListOnce<KubeObject>(configMapKind, scope)
  const isNew = sysprepSource.get(draft) === 'new'
  const denied = secrets.error ?? configMaps.error
  return (
    <>
      <DraftSelectField
        field={sysprepSource}
        label="Answer file"
        choices={[
          { value: '', label: 'None: Windows asks' },
          { value: 'new', label: 'A new one, typed or dropped here' },
          ...holders('ConfigMap', configMaps.items),
          ...holders('Secret', secrets.items),
        ]}
        help={
          denied
            ? `Not all that there are can be offered: ${denied.message}`
            : 'On a CD (sysprep) that Windows looks for by itself.'
        }
      />
      {isNew && answerFiles.map((file) => <AnswerFile key={file} file={file} />)}
      <FieldProblems name="sysprep" title="The answer file needs mending" />
      <Drivers />
      <DraftSelectField
        field={tpm}
        name="tpm"
        label="TPM"
        choices={[
          { value: '', label: 'As the preference says, or else none' },
          { value: 'transient', label: 'Yes, empty at each start' },
          { value: 'persistent', label: 'Yes, and what it holds stays: for BitLocker' },
          { value: 'off', label: 'No' },
        ]}
        help="Windows 11 asks for one. What stays needs a storage class for VM state in the cluster."
      />
    </>
  )
}

function AnswerFile({ file }: { file: (typeof answerFiles)[number] }) {
  const [text, setText] = useDraftField(answerText(file))
  const [filename, setFilename] = useState('')
  const id = `answer-${file}`
  return (
    <FormField id={id} label={file} problems={[]} help={fileHelp[file]}>
      <FileUpload
        id={id}
        type="text"
        value={text}
        filename={filename}
        filenamePlaceholder="Drop a file here, or paste below"
        aria-label={file}
        browseButtonText="Choose a file"
        allowEditingUploadedText
        onFileInputChange={(_event, chosen) => setFilename(chosen.name)}
        onDataChange={(_event, next) => setText(next)}
        onTextChange={(_event, next) => setText(next)}
        onClearClick={() => {
          setText('')
          setFilename('')
        }}
      />
    </FormField>
  )
}

function Drivers() {
  const [image, setImage] = useDraftField(driversImage)
  const { virtioDriversImage } = useKubeVirtConfig()
  return (
    <>
      <Checkbox
        id="virtio-drivers"
        label="CD with virtio drivers"
        description="Windows sees virtio disks and networks with these only. Setup offers to load them."
        isChecked={image !== ''}
        onChange={(_event, checked) => setImage(checked ? virtioDriversImage : '')}
      />
      {image !== '' && (
        <DraftTextField
          field={driversImage}
          label="Image of the drivers"
          help="A container disk, pulled to the node by each start."
        />
      )}
    </>
  )
}
