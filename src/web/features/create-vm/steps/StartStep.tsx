import { Alert, Form, FormGroup, Radio } from '@patternfly/react-core'
import { useEffect, useRef } from 'react'

import { namespaceKind } from '../../../../kube/kinds.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useDraft, useDraftField } from '../draft-context.ts'
import { bootSource, installIso } from '../draft/boot-source.ts'
import { field, type Field, type StartWay } from '../draft/draft.ts'
import { startWay } from '../draft/start-way.ts'
import { hasOwnName } from '../draft/template-start.ts'
import { vmName, vmNamespace } from '../draft/vm-fields.ts'
import { DraftTextField } from '../DraftTextField.tsx'
import { startFrom } from '../images.ts'
import { useProposedName } from '../use-proposed-name.ts'
import { ClaimChoice } from './ClaimChoice.tsx'
import { CloneChoice } from './CloneChoice.tsx'
import { ImageChoice } from './ImageChoice.tsx'
import { ManifestDrop } from './ManifestDrop.tsx'
import { ManyFields } from './ManyFields.tsx'
import { SnapshotChoice } from './SnapshotChoice.tsx'
import { TemplateChoice } from './TemplateChoice.tsx'
import { UploadChoice } from './UploadChoice.tsx'

const ways: Record<StartWay, string> = {
  image: 'An operating system',
  template: 'A template: a VM with blanks to fill in',
  clone: 'A VM or a snapshot of one: a clone of it',
  claim: 'A disk that is there: a PersistentVolumeClaim',
  snapshot: 'A copy of a disk as a VolumeSnapshot keeps it',
  upload: 'A file of mine: a disk image or an installation CD, uploaded',
  url: 'A disk image by URL',
  registry: 'A disk image from a container registry',
  containerDisk: 'A container disk, which forgets everything when the VM stops',
  blank: 'An empty disk and an installation CD',
  manifest: 'A manifest: YAML that is pasted or dropped',
}

/** The text of one kind of source; empty text takes the source away. */
function sourceText(kind: 'url' | 'registry' | 'containerDisk'): Field<string> {
  return field(
    (draft) => {
      const source = bootSource.get(draft)
      if (source.kind !== kind) return ''
      return source.kind === 'containerDisk' ? source.image : source.url
    },
    (draft, text) => {
      const chosen = kind === 'containerDisk' ? { kind, image: text } : { kind, url: text }
      return bootSource.set(draft, text === '' ? { kind: 'none' } : chosen)
    },
  )
}

const url = sourceText('url')
const registry = sourceText('registry')
const containerDisk = sourceText('containerDisk')

export function StartStep() {
  const { change, namespace, draft, problems } = useDraft()
  const source = bootSource.get(draft)
  const [way, setWay] = useDraftField(startWay)
  const choice = useRef<HTMLDivElement>(null)
  const shown = useRef(way)

  useProposedName()
  useEffect(() => {
    if (shown.current === way) return
    shown.current = way
    choice.current?.scrollIntoView?.({ block: 'nearest' })
  }, [way])

  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <FormGroup role="radiogroup" label="Start from" fieldId="start-from">
        <div className="kc-start-ways">
          {Object.entries(ways).map(([value, label]) => (
            <Radio
              key={value}
              id={`start-from-${value}`}
              name="start-from"
              label={label}
              isChecked={way === value}
              onChange={() => setWay(value as StartWay)}
            />
          ))}
        </div>
        <div ref={choice} className="kc-start-choice" />
      </FormGroup>
      {way === 'image' && (
        <ImageChoice
          namespace={namespace}
          chosen={source.kind === 'image' ? source : undefined}
          onChoose={(image) => change((before) => startFrom(before, image))}
        />
      )}
      {way === 'template' && <TemplateChoice namespace={namespace} />}
      {way === 'clone' && <CloneChoice namespace={namespace} />}
      {way === 'claim' && <ClaimChoice namespace={namespace} />}
      {way === 'snapshot' && <SnapshotChoice namespace={namespace} />}
      {way === 'upload' && <UploadChoice />}
      {way === 'url' && (
        <DraftTextField
          field={url}
          label="URL of the image"
          isRequired
          placeholder="https://…/disk.qcow2"
          help="The cluster fetches it into a new disk: qcow2, raw or vmdk, also compressed with gz or xz."
        />
      )}
      {way === 'registry' && (
        <DraftTextField
          field={registry}
          label="Image in the registry"
          isRequired
          placeholder="docker://quay.io/containerdisks/fedora:42"
          help="Copied into a new disk, so what is written to it stays."
        />
      )}
      {way === 'containerDisk' && (
        <DraftTextField
          field={containerDisk}
          label="Container disk image"
          isRequired
          placeholder="quay.io/containerdisks/fedora:42"
          help="Pulled to the node by each start."
        />
      )}
      {way === 'blank' && (
        <DraftTextField
          field={installIso}
          label="URL of the installation CD"
          placeholder="https://…/install.iso"
          help="Optional: an ISO image, or a claim with one, can be added under Disks too."
        />
      )}
      {way === 'manifest' && <ManifestDrop />}
      {problems.source && (
        <Alert isInline component="p" variant="info" title={problems.source.join(' ')} />
      )}
      {way === 'clone' ? (
        <NamespaceField />
      ) : (
        <NameFields isNamed={way !== 'template' || hasOwnName(draft)} />
      )}
    </Form>
  )
}

/** A template that isn't filled in yet, or that asks for the name itself, leaves none to be told. */
function NameFields({ isNamed }: { isNamed: boolean }) {
  return (
    <>
      {isNamed && (
        <DraftTextField
          field={vmName}
          name="name"
          label="Name"
          isRequired
          help="Lower-case letters, digits and dashes. It can’t be changed later."
        />
      )}
      <NamespaceField />
      <ManyFields />
    </>
  )
}

function NamespaceField() {
  const { items } = useListOnce(namespaceKind)
  return (
    <DraftTextField
      field={vmNamespace}
      name="namespace"
      label="Namespace"
      isRequired
      suggestions={items.map(({ metadata }) => metadata.name).toSorted()}
    />
  )
}
