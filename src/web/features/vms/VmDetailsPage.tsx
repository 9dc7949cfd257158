import { useMemo } from 'react'

import {
  dataVolumeKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachine,
} from '../../../kube/kinds.ts'
import { vmStatus } from '../../../kube/vm-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useLiveObject, type LiveObject } from '../../data/live-object.ts'
import { MachineShell, type MachineTab } from '../../ui/MachineShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'

/** One VM with its VMI. The tabs come from the features they belong to. */
export function VmDetailsPage({ tabs }: { tabs: readonly MachineTab[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(virtualMachineKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={virtualMachineKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(vm) => <VmDetails vm={vm} live={live} tabs={tabs} />}
    </ObjectStates>
  )
}

function VmDetails({
  vm,
  live,
  tabs,
}: {
  vm: VirtualMachine
  live: LiveObject<VirtualMachine>
  tabs: readonly MachineTab[]
}) {
  const { namespace = '', name } = vm.metadata
  const {
    object: vmi,
    connection,
    error,
  } = useLiveObject(virtualMachineInstanceKind, {
    namespace,
    name,
  })
  const isWaitingForDisks = ['Provisioning', 'DataVolumeError'].includes(
    vm.status?.printableStatus ?? '',
  )
  // Only asked for when they are the reason; a cluster without CDI has none.
  const { items } = useLiveList(dataVolumeKind, { namespace, enabled: isWaitingForDisks })
  const dataVolumes = useMemo(() => {
    const names = new Set(
      (vm.spec.template.spec?.volumes ?? []).map(
        (volume) => volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName,
      ),
    )
    return items.filter((one) => names.has(one.metadata.name))
  }, [items, vm])

  const lost = live.connection === 'live' ? { connection, ...(error && { error }) } : live
  return (
    <MachineShell
      kind={virtualMachineKind}
      machine={{ namespace, name, vm, ...(vmi && { vmi }) }}
      tabs={tabs}
      status={vmStatus(vm, vmi, { dataVolumes })}
      connection={{
        connection: lost.connection,
        retry: live.retry,
        ...(lost.error && { error: lost.error }),
      }}
    />
  )
}
