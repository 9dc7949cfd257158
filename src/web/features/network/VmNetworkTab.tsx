import { EmptyState, EmptyStateBody } from '@patternfly/react-core'
import { NetworkIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { Nic } from '../../../kube/vm-devices.ts'
import { useKubeVirtConfig } from '../../data/kubevirt-config.ts'
import { useChangeRefusal } from '../../data/vm-actions.ts'
import { DeviceListHead } from '../../ui/DeviceListHead.tsx'
import { nicRows } from '../../ui/nics/nic-rows.ts'
import { NicTable } from '../../ui/nics/NicTable.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { NicDialog } from './NicDialog.tsx'
import { RemoveNicDialog } from './RemoveNicDialog.tsx'

export interface VmNetworkTabProps {
  vm?: VirtualMachine
  vmi?: VirtualMachineInstance
}

type OpenDialog = { kind: 'add' } | { kind: 'edit'; nic: Nic } | { kind: 'remove'; nic: Nic }

/** A VM's network interfaces: what is wanted, what runs, and the forms to change it. */
export function VmNetworkTab({ vm, vmi }: VmNetworkTabProps) {
  const config = useKubeVirtConfig()
  const [dialog, setDialog] = useState<OpenDialog>()
  const reason = useChangeRefusal(vm)
  const rows = nicRows(vm, vmi, config)
  if (!vm && !vmi) return <LoadingLines label="Loading network interfaces" />

  return (
    <>
      <DeviceListHead
        title="Network interfaces"
        add={
          vm && {
            id: 'add',
            label: 'Add network interface',
            isPending: false,
            run: async () => setDialog({ kind: 'add' }),
            ...(reason !== undefined && { disabledReason: reason }),
          }
        }
      />
      {rows.length === 0 ? (
        <EmptyState titleText="No network interfaces" icon={NetworkIcon} headingLevel="h3">
          <EmptyStateBody>
            This VM has no network interface: it reaches nothing and nothing reaches it, except
            through its console.
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <NicTable
          rows={rows}
          namespace={(vm ?? vmi)?.metadata.namespace ?? ''}
          {...(vm && {
            actions: {
              reason,
              onEdit: (nic: Nic) => setDialog({ kind: 'edit', nic }),
              onRemove: (nic: Nic) => setDialog({ kind: 'remove', nic }),
            },
          })}
        />
      )}
      {vm && dialog?.kind === 'remove' && (
        <RemoveNicDialog
          vm={vm}
          vmi={vmi}
          config={config}
          nic={dialog.nic}
          onClose={() => setDialog(undefined)}
        />
      )}
      {vm && dialog && dialog.kind !== 'remove' && (
        <NicDialog
          vm={vm}
          vmi={vmi}
          config={config}
          {...(dialog.kind === 'edit' && { nic: dialog.nic })}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}
