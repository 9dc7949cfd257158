import {
  Alert,
  Button,
  Flex,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  TextInput,
} from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { useState } from 'react'

import { persistentVolumeClaimKind } from '../../../../kube/kinds.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useDraft } from '../draft-context.ts'
import { addDisk, draftDisks, removeDisk, type NewDisk } from '../draft/disks.ts'
import { templateSizeGiB } from '../draft/vm-fields.ts'
import { DraftTextField } from '../DraftTextField.tsx'

export function DisksStep() {
  const { draft, change, problems } = useDraft()
  const disks = draftDisks(draft)
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      {problems.disks && (
        <Alert isInline component="p" variant="danger" title="The cluster refuses these disks">
          {problems.disks.join(' ')}
        </Alert>
      )}
      {disks.length === 0 ? (
        <p>No disks yet: choose what to start from, or add one here.</p>
      ) : (
        <Table aria-label="Disks" variant="compact">
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>Source</Th>
              <Th>Type</Th>
              <Th>Size</Th>
              <Th screenReaderText="Actions" />
            </Tr>
          </Thead>
          <Tbody>
            {disks.map(({ name, type, bus, source, dataVolume }) => (
              <Tr key={name}>
                <Td dataLabel="Name">{name}</Td>
                <Td dataLabel="Source">{source}</Td>
                <Td dataLabel="Type">{[type, bus].filter(Boolean).join(', ')}</Td>
                <Td dataLabel="Size">
                  {dataVolume !== undefined && (
                    <DraftTextField
                      field={templateSizeGiB(dataVolume)}
                      label={`Size of ${name}`}
                      unit="GiB"
                      placeholder="as its source"
                    />
                  )}
                </Td>
                <Td isActionCell>
                  <Button
                    variant="link"
                    aria-label={`Remove disk ${name}`}
                    onClick={() => change((before) => removeDisk(before, name))}
                  >
                    Remove
                  </Button>
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      <AddDisk />
    </Form>
  )
}

const sources = {
  blank: 'Empty disk',
  claim: 'PersistentVolumeClaim that is there',
  url: 'Image by URL',
}

function AddDisk() {
  const { change, namespace } = useDraft()
  const [values, setValues] = useState<NewDisk>({
    source: 'blank',
    from: '',
    sizeGiB: 20,
    type: 'disk',
  })
  const [sizeText, setSizeText] = useState('20')
  const { source, from, type } = values
  const claims = useListOnce(persistentVolumeClaimKind, {
    namespace,
    enabled: namespace !== '' && source === 'claim',
  })
  const why =
    source !== 'blank' && from.trim() === ''
      ? source === 'claim'
        ? 'Name the claim first.'
        : 'Give the URL first.'
      : source !== 'claim' && !(Number(sizeText) > 0)
        ? 'Give a size in GiB above 0.'
        : undefined

  function add() {
    change((before) => addDisk(before, { ...values, from: from.trim(), sizeGiB: Number(sizeText) }))
    setValues({ ...values, from: '' })
  }

  return (
    <FormGroup label="Add a disk" fieldId="add-disk">
      <Flex>
        <FormSelect
          id="add-disk"
          className="kc-wizard-short"
          value={source}
          onChange={(_event, next) => setValues({ ...values, source: next as NewDisk['source'] })}
        >
          {Object.entries(sources).map(([value, label]) => (
            <FormSelectOption key={value} value={value} label={label} />
          ))}
        </FormSelect>
        <FormSelect
          aria-label="Type"
          className="kc-wizard-short"
          value={type}
          onChange={(_event, next) => setValues({ ...values, type: next as NewDisk['type'] })}
        >
          <FormSelectOption value="disk" label="Disk" />
          <FormSelectOption value="cdrom" label="CD-ROM" />
        </FormSelect>
        {source !== 'blank' && (
          <TextInput
            aria-label={source === 'claim' ? 'PersistentVolumeClaim' : 'URL'}
            className="kc-wizard-short"
            value={from}
            list="add-disk-claims"
            onChange={(_event, next) => setValues({ ...values, from: next })}
          />
        )}
        <datalist id="add-disk-claims">
          {source === 'claim' &&
            claims.items.map(({ metadata: { name } }) => <option key={name}>{name}</option>)}
        </datalist>
        {source !== 'claim' && (
          <TextInput
            aria-label="Size in GiB"
            className="kc-wizard-number"
            value={sizeText}
            onChange={(_event, next) => setSizeText(next)}
          />
        )}
        <Button
          variant="secondary"
          isAriaDisabled={why !== undefined}
          {...(why !== undefined && { 'data-hint': why })}
          onClick={() => why === undefined && add()}
        >
          Add disk
        </Button>
      </Flex>
    </FormGroup>
  )
}
