import { Label } from '@patternfly/react-core'
import { ArrowRightIcon } from '@patternfly/react-icons'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-router'

import {
  podKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  virtualMachinePoolKind,
  type Pod,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { podStatus } from '../../../kube/pod-status.ts'
import { vmiStatus, vmStatus } from '../../../kube/vm-status.ts'
import { useLauncherPods } from '../../data/machine-events.ts'
import type { Machine } from '../../ui/MachineShell.tsx'
import { objectPagePath } from '../../ui/page-paths.ts'

interface ChainLink {
  kind: string
  name: ReactNode
  state: string
}

/** While a machine migrates it has two pods, which their nodes tell apart. */
function podWords(pod: Pod, hasOther: boolean, vmi: VirtualMachineInstance | undefined): string {
  if (!hasOther) return 'Pod'
  const node = pod.spec?.nodeName
  const isTarget = pod.metadata.name === vmi?.status?.migrationState?.targetPod
  return `Pod${node === undefined ? '' : ` on ${node}`}${isTarget ? ', target of the migration' : ''}`
}

/** What a machine is made of: VM, VMI, pods and node, each with its state. */
export function OwnerChain({ machine: { namespace, name, vm, vmi } }: { machine: Machine }) {
  const pods = useLauncherPods(vmi)
  const node = vmi?.status?.nodeName
  // Pools and replica sets make machines too; the console has no pages of the latter.
  const maker = (vm ?? vmi)?.metadata.ownerReferences?.find((owner) => owner.controller)
  const chain: ChainLink[] = [
    ...(maker && maker.kind !== virtualMachineKind.kind
      ? [
          {
            kind: maker.kind,
            name:
              maker.kind === virtualMachinePoolKind.kind ? (
                <Link to={objectPagePath(virtualMachinePoolKind, { namespace, name: maker.name })}>
                  {maker.name}
                </Link>
              ) : (
                maker.name
              ),
            state: '',
          },
        ]
      : []),
    ...(vm
      ? [
          {
            kind: 'VirtualMachine',
            name: (
              <Link to={objectPagePath(virtualMachineKind, { namespace, name: vm.metadata.name })}>
                {vm.metadata.name}
              </Link>
            ),
            state: vmStatus(vm, vmi).label,
          },
        ]
      : []),
    vmi
      ? {
          kind: 'VirtualMachineInstance',
          name: (
            <Link to={objectPagePath(virtualMachineInstanceKind, { namespace, name })}>{name}</Link>
          ),
          state: vmiStatus(vmi).label,
        }
      : { kind: 'VirtualMachineInstance', name: '–', state: 'none while stopped' },
    ...pods.items.map((pod) => ({
      kind: podWords(pod, pods.items.length > 1, vmi),
      name: (
        <Link to={objectPagePath(podKind, { namespace, name: pod.metadata.name })}>
          {pod.metadata.name}
        </Link>
      ),
      state: podStatus(pod).label,
    })),
    ...(pods.status === 'failed' && pods.items.length === 0
      ? [{ kind: 'Pod', name: '–', state: pods.error?.message ?? 'can’t be read' }]
      : []),
    ...(node === undefined ? [] : [{ kind: 'Node', name: node, state: '' }]),
  ]
  return (
    <ol className="kc-chain" aria-label="Owner chain">
      {chain.map((link, index) => (
        <Fragment key={`${link.kind} ${index}`}>
          <li>
            {index > 0 && <ArrowRightIcon className="kc-chain-arrow" />}
            <span>
              <span className="kc-chain-kind">{link.kind}</span>
              <span className="kc-chain-name">{link.name}</span>
            </span>
            {link.state !== '' && (
              <Label isCompact variant="outline">
                {link.state}
              </Label>
            )}
          </li>
        </Fragment>
      ))}
    </ol>
  )
}
