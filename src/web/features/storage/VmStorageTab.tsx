import { Alert, EmptyState, EmptyStateBody } from '@patternfly/react-core'
import { VolumeIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import { situationOf } from '../../../kube/apply-time.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  storageClassKind,
  type PersistentVolumeClaim,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { disksOf, templateSpec } from '../../../kube/vm-devices.ts'
import { useDenial } from '../../data/access.ts'
import { useKubeVirtConfig } from '../../data/kubevirt-config.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useChangeRefusal } from '../../data/vm-actions.ts'
import type { MenuAction } from '../../ui/ActionMenu.tsx'
import { DeviceListHead } from '../../ui/DeviceListHead.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { GrowClaimDialog } from '../../ui/storage/GrowClaimDialog.tsx'
import { askForUpload } from '../../ui/upload-request.ts'
import { AttachDiskDialog } from './AttachDiskDialog.tsx'
import { DetachDiskDialog } from './DetachDiskDialog.tsx'
import { diskRows, type DiskRow } from './disk-rows.ts'
import { DiskTable } from './DiskTable.tsx'

export interface VmStorageTabProps {
  vm?: VirtualMachine
  vmi?: VirtualMachineInstance
}

type OpenDialog =
  | { kind: 'attach' }
  | { kind: 'detach'; row: DiskRow }
  | { kind: 'grow'; claim: PersistentVolumeClaim }

/** What opens a dialog, or why it can't. */
function action(
  id: string,
  label: string,
  disabledReason: string | undefined,
  open: () => void,
): MenuAction {
  return {
    id,
    label,
    isPending: false,
    run: async () => open(),
    ...(disabledReason !== undefined && { disabledReason }),
  }
}

/** A VM's disks: what is wanted, what runs, the claims behind them, and the forms to change it. */
export function VmStorageTab({ vm, vmi }: VmStorageTabProps) {
  const config = useKubeVirtConfig()
  const [dialog, setDialog] = useState<OpenDialog>()
  const namespace = (vm ?? vmi)?.metadata.namespace ?? ''
  const claims = useLiveList(persistentVolumeClaimKind, { namespace, enabled: namespace !== '' })
  const hasDataVolume = [...disksOf(vm && templateSpec(vm)), ...disksOf(vmi?.spec)].some(
    ({ volume }) => volume?.dataVolume,
  )
  const dataVolumes = useLiveList(dataVolumeKind, { namespace, enabled: hasDataVolume })
  const reason = useChangeRefusal(vm)
  const growDenial = useGrowDenial(namespace)
  if (!vm && !vmi) return <LoadingLines label="Loading disks" />

  const rows = diskRows(vm, vmi, {
    claims: claims.items,
    dataVolumes: dataVolumes.items,
    config,
  })
  const close = () => setDialog(undefined)

  function actionsOf(row: DiskRow): MenuAction[] {
    const { claim } = row
    return [
      action('grow', 'Grow', growDenial(claim), () => claim && setDialog({ kind: 'grow', claim })),
      action(
        'delete',
        'Detach',
        row.isLeaving ? 'It is already out of the VM and goes with the next restart.' : reason,
        () => setDialog({ kind: 'detach', row }),
      ),
    ]
  }

  return (
    <>
      <DeviceListHead
        title="Disks"
        more={
          vm && action('upload', 'Upload disk image', undefined, () => askForUpload({ namespace }))
        }
        add={vm && action('attach', 'Attach disk', reason, () => setDialog({ kind: 'attach' }))}
      />
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
        <DiskTable rows={rows} {...(vm && { actionsOf })} />
      )}
      {vm && dialog?.kind === 'attach' && (
        <AttachDiskDialog vm={vm} vmi={vmi} config={config} claims={claims.items} onClose={close} />
      )}
      {vm && dialog?.kind === 'detach' && (
        <DetachDiskDialog vm={vm} vmi={vmi} config={config} row={dialog.row} onClose={close} />
      )}
      {dialog?.kind === 'grow' && (
        <GrowClaimDialog
          claim={dialog.claim}
          isRunning={situationOf(vm, vmi, config).state === 'running'}
          onClose={close}
        />
      )}
    </>
  )
}

/** Why a claim can't grow, apart from what only the cluster knows. */
function useGrowDenial(
  namespace: string,
): (claim: PersistentVolumeClaim | undefined) => string | undefined {
  const classes = useListOnce(storageClassKind)
  const denial = useDenial({
    verb: 'patch',
    group: '',
    resource: 'persistentvolumeclaims',
    namespace,
  })
  return (claim) => {
    if (!claim) return 'Only disks on a PersistentVolumeClaim can grow.'
    if (denial !== undefined) return denial
    if (claim.metadata.deletionTimestamp !== undefined) return 'The claim is being deleted.'
    if (String(claim.status?.phase) !== 'Bound') return 'The claim isn’t bound to a volume yet.'
    const name = claim.spec?.storageClassName
    if (!name) return 'It has no storage class that could grow it.'
    const storageClass = classes.items.find(({ metadata }) => metadata.name === name)
    if (!storageClass)
      return classes.isLoading || classes.error ? undefined : `Storage class ${name} doesn’t exist.`
    return storageClass.allowVolumeExpansion === true
      ? undefined
      : `Storage class ${name} doesn’t allow growing (allowVolumeExpansion).`
  }
}
