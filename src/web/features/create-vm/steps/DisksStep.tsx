import { Button, Form } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { lazy, Suspense, useState } from 'react'

import { busWords } from '../../../ui/storage/disk-words.ts'
import { useDraft } from '../draft-context.ts'
import { draftDisks, removeDisk, type DraftDisk } from '../draft/disks.ts'
import { templateSizeGiB } from '../draft/vm-fields.ts'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'

const AddDiskDialog = lazy(async () => ({
  default: (await import('../disks/AddDiskDialog.tsx')).AddDiskDialog,
}))
const EditDiskDialog = lazy(async () => ({
  default: (await import('../disks/EditDiskDialog.tsx')).EditDiskDialog,
}))

export function DisksStep() {
  const { draft, namespace } = useDraft()
  const [opened, setOpened] = useState<'add' | { edit: string }>()
  const disks = draftDisks(draft)
  const close = () => setOpened(undefined)
  const why = namespace === '' ? 'Choose a namespace first: disks are made in it.' : undefined
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <FieldProblems name="disks" title="The cluster refuses these disks" />
      {disks.length === 0 ? (
        <p>No disks yet: choose what to start from, or add one here.</p>
      ) : (
        <Table aria-label="Disks" variant="compact" gridBreakPoint="grid-lg">
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
            {disks.map((disk) => (
              <DiskRow key={disk.name} disk={disk} onEdit={(edit) => setOpened({ edit })} />
            ))}
          </Tbody>
        </Table>
      )}
      <div>
        <Button
          variant="secondary"
          isAriaDisabled={why !== undefined}
          {...(why !== undefined && { 'data-hint': why })}
          onClick={() => why === undefined && setOpened('add')}
        >
          Add disk
        </Button>
      </div>
      <Suspense fallback={null}>
        {opened === 'add' && <AddDiskDialog onClose={close} />}
        {typeof opened === 'object' && <EditDiskDialog name={opened.edit} onClose={close} />}
      </Suspense>
    </Form>
  )
}

const typeWords: Record<string, string> = { disk: 'Disk', cdrom: 'CD-ROM', lun: 'LUN' }

function DiskRow({
  disk: { name, type, bus, source, bootOrder, dataVolume },
  onEdit,
}: {
  disk: DraftDisk
  onEdit: (name: string) => void
}) {
  const { change } = useDraft()
  const facts = [
    typeWords[type],
    bus === undefined ? undefined : (busWords[bus] ?? bus),
    bootOrder === undefined ? undefined : `boot order ${bootOrder}`,
  ]
  return (
    <Tr>
      <Td dataLabel="Name" modifier="breakWord">
        {name}
      </Td>
      <Td dataLabel="Source" modifier="breakWord">
        {source}
      </Td>
      <Td dataLabel="Type">{facts.filter(Boolean).join(', ')}</Td>
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
        <Button variant="link" aria-label={`Edit disk ${name}`} onClick={() => onEdit(name)}>
          Edit
        </Button>
        <Button
          variant="link"
          aria-label={`Remove disk ${name}`}
          onClick={() => change((before) => removeDisk(before, name))}
        >
          Remove
        </Button>
      </Td>
    </Tr>
  )
}
