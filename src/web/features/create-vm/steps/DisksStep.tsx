import { lazy, Suspense, useState } from 'react'

import { persistentVolumeClaimKind } from '../../../../kube/kinds.ts'
import { useKubeVirtConfig } from '../../../data/kubevirt-config.ts'
import { useListOnce } from '../../../data/list-once.ts'
import type { MenuAction } from '../../../ui/ActionMenu.tsx'
import { DeviceListHead } from '../../../ui/DeviceListHead.tsx'
import { DiskTable } from '../../../ui/storage/DiskTable.tsx'
import { useDraft } from '../draft-context.ts'
import { draftDisk, draftDiskRows, removeDisk } from '../draft/disks.ts'
import type { Draft } from '../draft/draft.ts'
import { templateSizeGiB } from '../draft/vm-fields.ts'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'

const AddDiskDialog = lazy(async () => ({
  default: (await import('../disks/AddDiskDialog.tsx')).AddDiskDialog,
}))
const EditDiskDialog = lazy(async () => ({
  default: (await import('../disks/EditDiskDialog.tsx')).EditDiskDialog,
}))

/** The disks the VM will have, by the table and the form of a VM's own page. */
export function DisksStep() {
  const { draft, change, namespace } = useDraft()
  const config = useKubeVirtConfig()
  const claims = useListOnce(persistentVolumeClaimKind, { namespace, enabled: namespace !== '' })
  const [opened, setOpened] = useState<'add' | { edit: string }>()
  const rows = draftDiskRows(draft, { claims: claims.items, config })
  const close = () => setOpened(undefined)
  const action = (id: string, label: string, run: () => void): MenuAction => ({
    id,
    label,
    isPending: false,
    run: async () => run(),
  })
  return (
    <>
      <FieldProblems name="disks" title="The cluster refuses these disks" />
      <DeviceListHead
        title="Disks"
        add={{
          ...action('add', 'Add disk', () => setOpened('add')),
          ...(namespace === '' && {
            disabledReason: 'Choose a namespace first: disks are made in it.',
          }),
        }}
      />
      {rows.length === 0 ? (
        <p>No disks yet: choose what to start from, or add one here.</p>
      ) : (
        <DiskTable
          rows={rows}
          namespace={namespace}
          sizeOf={({ name }) => templateSize(draft, name)}
          actionsOf={({ name }) => [
            action('edit', 'Edit', () => setOpened({ edit: name })),
            action('delete', 'Remove', () => change((before) => removeDisk(before, name))),
          ]}
        />
      )}
      <Suspense fallback={null}>
        {opened === 'add' && <AddDiskDialog onClose={close} />}
        {typeof opened === 'object' && <EditDiskDialog name={opened.edit} onClose={close} />}
      </Suspense>
    </>
  )
}

/** The size of a claim that is made with the VM; undefined for what has a size of its own. */
function templateSize(draft: Draft, disk: string) {
  const claim = draftDisk(draft, disk)?.template?.metadata?.name
  if (claim === undefined) return undefined
  return (
    <div className="kc-cell-field">
      <DraftTextField
        field={templateSizeGiB(claim)}
        label={`Size of ${disk}`}
        unit="GiB"
        placeholder="as its source"
      />
    </div>
  )
}
