import { Alert, EmptyState, EmptyStateBody } from '@patternfly/react-core'
import { VolumeIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import { situationOf } from '../../../kube/apply-time.ts'
import { owningDataVolume } from '../../../kube/claim-status.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { disksOf, templateSpec } from '../../../kube/vm-devices.ts'
import { useKubeVirtConfig } from '../../data/kubevirt-config.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useChangeRefusal } from '../../data/vm-actions.ts'
import { ActionButton, openingAction } from '../../ui/ActionMenu.tsx'
import { DeviceListHead } from '../../ui/DeviceListHead.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { diskRows } from '../../ui/storage/disk-rows.ts'
import { DiskTable } from '../../ui/storage/DiskTable.tsx'
import { GrowClaimDialog } from '../../ui/storage/GrowClaimDialog.tsx'
import { useUploadAction } from '../../ui/UploadButton.tsx'
import { AttachDiskDialog } from './AttachDiskDialog.tsx'
import { BootOrderDialog } from './BootOrderDialog.tsx'
import { DetachDiskDialog } from './DetachDiskDialog.tsx'
import { useDiskActions, type OpenDialog } from './disk-actions.ts'
import { EditDiskDialog } from './EditDiskDialog.tsx'
import { KeepDiskDialog } from './KeepDiskDialog.tsx'
import { EjectMediumDialog, InsertMediumDialog } from './MediumDialogs.tsx'
import { MoveDiskDialog } from './MoveDiskDialog.tsx'
import { VolumeMigrationNote } from './VolumeMigrationNote.tsx'

export interface VmStorageTabProps {
  vm?: VirtualMachine
  vmi?: VirtualMachineInstance
}

/** A VM's disks: what is wanted, what runs, the claims behind them, and the forms to change it. */
export function VmStorageTab({ vm, vmi }: VmStorageTabProps) {
  const config = useKubeVirtConfig()
  const [dialog, setDialog] = useState<OpenDialog>()
  const namespace = (vm ?? vmi)?.metadata.namespace ?? ''
  const claims = useLiveList(persistentVolumeClaimKind, { namespace, enabled: namespace !== '' })
  const volumes = [...disksOf(vm && templateSpec(vm)), ...disksOf(vmi?.spec)]
  const hasDataVolume =
    volumes.some(({ volume }) => volume?.dataVolume) ||
    claims.items.some((claim) => owningDataVolume(claim) !== undefined)
  const dataVolumes = useLiveList(dataVolumeKind, { namespace, enabled: hasDataVolume })
  const reason = useChangeRefusal(vm)
  const upload = useUploadAction(namespace)
  const actionsOf = useDiskActions({ vm, vmi, config, reason, open: setDialog })
  if (!vm && !vmi) return <LoadingLines label="Loading disks" />

  const rows = diskRows(vm, vmi, {
    claims: claims.items,
    areClaimsKnown: claims.status === 'complete',
    dataVolumes: dataVolumes.items,
    config,
  })
  return (
    <>
      <DeviceListHead
        title="Disks"
        more={vm && upload}
        add={
          vm && openingAction('attach', 'Attach disk', reason, () => setDialog({ kind: 'attach' }))
        }
      />
      {vm && <VolumeMigrationNote vm={vm} vmi={vmi} reason={reason} />}
      {claims.error && (
        <Alert isInline variant="warning" title="Sizes and storage classes are missing">
          The PersistentVolumeClaims can’t be listed: {claims.error.message}
        </Alert>
      )}
      {rows.length === 0 ? (
        <EmptyState titleText="No disks" icon={VolumeIcon} headingLevel="h3">
          <EmptyStateBody>This VM has no disk: it has nothing to start from.</EmptyStateBody>
        </EmptyState>
      ) : (
        <DiskTable rows={rows} namespace={namespace} {...(vm && { actionsOf })} />
      )}
      {vm && rows.length > 0 && (
        <div>
          <ActionButton
            variant="link"
            action={openingAction('boot-order', 'Change boot order', reason, () =>
              setDialog({ kind: 'boot-order' }),
            )}
          >
            Change boot order
          </ActionButton>
        </div>
      )}
      {vm && dialog && (
        <DiskDialog
          dialog={dialog}
          about={{ vm, vmi, config, onClose: () => setDialog(undefined) }}
          claims={claims.items}
          dataVolumes={dataVolumes.items}
        />
      )}
    </>
  )
}

type Lists = Pick<Parameters<typeof InsertMediumDialog>[0], 'claims'> &
  Pick<Parameters<typeof DetachDiskDialog>[0], 'dataVolumes'>

function DiskDialog({
  dialog,
  about,
  claims,
  dataVolumes,
}: {
  dialog: OpenDialog
  about: Parameters<typeof BootOrderDialog>[0]
} & Lists) {
  switch (dialog.kind) {
    case 'attach':
      return <AttachDiskDialog {...about} claims={claims} />
    case 'boot-order':
      return <BootOrderDialog {...about} />
    case 'edit':
      return <EditDiskDialog {...about} row={dialog.row} />
    case 'insert':
      return <InsertMediumDialog {...about} row={dialog.row} claims={claims} />
    case 'eject':
      return <EjectMediumDialog {...about} row={dialog.row} />
    case 'move':
      return <MoveDiskDialog {...about} row={dialog.row} claims={claims} />
    case 'keep':
      return <KeepDiskDialog {...about} row={dialog.row} />
    case 'detach':
      return <DetachDiskDialog {...about} row={dialog.row} dataVolumes={dataVolumes} />
    case 'grow':
      return (
        <GrowClaimDialog
          claim={dialog.claim}
          isRunning={situationOf(about.vm, about.vmi, about.config).state === 'running'}
          onClose={about.onClose}
        />
      )
  }
}
