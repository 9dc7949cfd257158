/** What can be done with a disk of a VM, and why not. */
import { situationOf } from '../../../kube/apply-time.ts'
import {
  storageClassKind,
  type PersistentVolumeClaim,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { whyNoGrowth } from '../../../kube/storage-classes.ts'
import { diskTypeOf, isHotpluggable } from '../../../kube/vm-devices.ts'
import { volumeMigrationOf, whyNotMovable } from '../../../kube/volume-migration.ts'
import { useDenial } from '../../data/access.ts'
import { useListOnce } from '../../data/list-once.ts'
import { openingAction, type MenuAction } from '../../ui/ActionMenu.tsx'
import type { DiskRow } from '../../ui/storage/disk-rows.ts'

export type OpenDialog =
  | { kind: 'attach' | 'boot-order' }
  | { kind: 'edit' | 'insert' | 'eject' | 'move' | 'keep' | 'detach'; row: DiskRow }
  | { kind: 'grow'; claim: PersistentVolumeClaim }

/** The actions of a row's menu. `reason`: why the VM can't be changed at all. */
export function useDiskActions({
  vm,
  vmi,
  config,
  reason,
  open,
}: {
  vm: VirtualMachine | undefined
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  reason: string | undefined
  open: (dialog: OpenDialog) => void
}): (row: DiskRow) => MenuAction[] {
  const namespace = vm?.metadata.namespace ?? ''
  const growDenial = useGrowDenial(namespace)
  const claimDenial = useDenial({
    verb: 'create',
    group: '',
    resource: 'persistentvolumeclaims',
    namespace,
  })
  const situation = situationOf(vm, vmi, config)
  const isMoving = volumeMigrationOf(vmi, []) !== undefined

  function moveRefusal(row: DiskRow): string | undefined {
    if (reason !== undefined) return reason
    if (situation.state !== 'running')
      return 'Data moves while the VM runs. Of a stopped one, clone the claim and attach the copy.'
    if (isMoving) return 'Volumes of this VM are being moved already.'
    return whyNotMovable(row.entry) ?? claimDenial
  }

  return (row) => {
    const { claim } = row
    const { disk, volume } = row.entry
    const gone = row.isLeaving
      ? 'It is already out of the VM and goes with the next restart.'
      : undefined
    const about = (kind: Exclude<OpenDialog, { claim: unknown }>['kind']) => () =>
      open({ kind, row } as OpenDialog)
    const isDrive = disk !== undefined && diskTypeOf(disk) === 'cdrom'
    const isOnlyRunning = row.isLeaving && isHotpluggable(volume) && !config.plugsDisks
    return [
      openingAction('edit', 'Edit', gone ?? reason, about('edit')),
      ...(isDrive
        ? [
            openingAction('insert', 'Insert medium', gone ?? reason, about('insert')),
            openingAction(
              'eject',
              'Eject medium',
              gone ?? reason ?? (volume ? undefined : 'The drive is empty.'),
              about('eject'),
            ),
          ]
        : []),
      openingAction(
        'grow',
        'Grow',
        growDenial(claim),
        () => claim && open({ kind: 'grow', claim }),
      ),
      openingAction('move', 'Move to other storage', gone ?? moveRefusal(row), about('move')),
      ...(isOnlyRunning ? [openingAction('keep', 'Make persistent', reason, about('keep'))] : []),
      openingAction('delete', 'Detach', gone ?? reason, about('detach')),
    ]
  }
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
    return whyNoGrowth(
      classes.items.find(({ metadata }) => metadata.name === name),
      name,
    )
  }
}
