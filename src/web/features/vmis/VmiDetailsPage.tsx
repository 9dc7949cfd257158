import { Link } from 'react-router'

import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { owningVmName } from '../../../kube/vm-facts.ts'
import { vmiStatus } from '../../../kube/vm-status.ts'
import { useLiveObject, type LiveObject } from '../../data/live-object.ts'
import { MachineShell, type MachineTab } from '../../ui/MachineShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { objectPagePath } from '../../ui/page-paths.ts'

/** One VMI, with the VM that owns it if there is one. */
export function VmiDetailsPage({ tabs }: { tabs: readonly MachineTab[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(virtualMachineInstanceKind, { namespace, name })
  // A stopped VM has no instance; whoever looks for it is led there.
  const { object: stopped } = useLiveObject(
    virtualMachineKind,
    live.status === 'missing' ? { namespace, name } : undefined,
  )
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={virtualMachineInstanceKind}
      namespace={namespace}
      name={name}
      live={live}
      {...(stopped && {
        back: (
          <>
            The VirtualMachine{' '}
            <Link to={objectPagePath(virtualMachineKind, { namespace, name })}>{name}</Link> is
            there; it has an instance only while it runs.
          </>
        ),
      })}
    >
      {(vmi) => <VmiDetails vmi={vmi} live={live} tabs={tabs} />}
    </ObjectStates>
  )
}

function VmiDetails({
  vmi,
  live,
  tabs,
}: {
  vmi: VirtualMachineInstance
  live: LiveObject<VirtualMachineInstance>
  tabs: readonly MachineTab[]
}) {
  const { namespace = '', name } = vmi.metadata
  const owner = owningVmName(vmi)
  const { object: vm } = useLiveObject(
    virtualMachineKind,
    owner === undefined ? undefined : { namespace, name: owner },
  )
  return (
    <MachineShell
      kind={virtualMachineInstanceKind}
      machine={{ namespace, name, vmi, ...(vm && { vm }) }}
      tabs={tabs}
      status={vmiStatus(vmi)}
      connection={live}
      {...(owner === undefined && { badge: 'standalone' })}
      {...(owner !== undefined && {
        subtitle: (
          <span>
            Instance of VirtualMachine{' '}
            <Link to={objectPagePath(virtualMachineKind, { namespace, name: owner })}>{owner}</Link>
          </span>
        ),
      })}
    />
  )
}
