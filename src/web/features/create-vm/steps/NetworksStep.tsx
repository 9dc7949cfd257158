import { useState } from 'react'

import { removeNicPatch } from '../../../../kube/nic-patch.ts'
import type { Nic } from '../../../../kube/vm-devices.ts'
import { useKubeVirtConfig } from '../../../data/kubevirt-config.ts'
import { DeviceListHead } from '../../../ui/DeviceListHead.tsx'
import { nicRows } from '../../../ui/nics/nic-rows.ts'
import { NicTable } from '../../../ui/nics/NicTable.tsx'
import { useDraft } from '../draft-context.ts'
import { vmOf, withPatch } from '../draft/nics.ts'
import { FieldProblems } from '../FieldProblems.tsx'
import { DraftNicDialog } from './DraftNicDialog.tsx'

/** The NICs the VM will have, by the table and the form of a VM's own page. */
export function NetworksStep() {
  const { draft, change, namespace } = useDraft()
  const config = useKubeVirtConfig()
  const [dialog, setDialog] = useState<{ nic?: Nic }>()
  const rows = nicRows(vmOf(draft), undefined, config)
  return (
    <>
      <FieldProblems name="networks" title="The cluster refuses these networks" />
      <DeviceListHead
        title="Network interfaces"
        add={{
          id: 'add',
          label: 'Add network interface',
          isPending: false,
          run: async () => setDialog({}),
        }}
      />
      {rows.length === 0 ? (
        <p>Without an interface the VM has no network.</p>
      ) : (
        <NicTable
          rows={rows}
          namespace={namespace}
          isDraft
          actions={{
            reason: undefined,
            onEdit: (nic) => setDialog({ nic }),
            onRemove: ({ iface: { name } }) =>
              change((before) => withPatch(before, removeNicPatch(vmOf(before), name))),
          }}
        />
      )}
      {dialog && (
        <DraftNicDialog config={config} {...dialog} onClose={() => setDialog(undefined)} />
      )}
    </>
  )
}
