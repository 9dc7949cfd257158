import { virtualMachinePoolKind, type VirtualMachinePool } from '../../../kube/kinds.ts'
import { poolStatus } from '../../../kube/vm-pool.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { PoolActions } from './PoolActions.tsx'

/** What every tab of a pool's page is given. */
export interface PoolSubject {
  pool: VirtualMachinePool
}

/** One VirtualMachinePool. */
export function PoolDetailsPage({ tabs }: { tabs: readonly DetailsTab<PoolSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(virtualMachinePoolKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={virtualMachinePoolKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(pool) => (
        <DetailsShell
          kind={virtualMachinePoolKind}
          namespace={namespace}
          name={name}
          subject={{ pool }}
          tabs={tabs}
          status={poolStatus(pool)}
          connection={live}
          badge="Pool"
          actions={<PoolActions pool={pool} />}
        />
      )}
    </ObjectStates>
  )
}
