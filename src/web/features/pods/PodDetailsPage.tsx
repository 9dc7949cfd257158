import { useState, type ReactNode } from 'react'
import { Link } from 'react-router'

import {
  podKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type Pod,
} from '../../../kube/kinds.ts'
import { podStatus } from '../../../kube/pod-status.ts'
import { owningVmName } from '../../../kube/vm-facts.ts'
import { useLiveObject, type LiveObject } from '../../data/live-object.ts'
import { DetailsShell, type Crumb, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'

/** What every tab of a pod's page is given. */
export interface PodSubject {
  pod: Pod
  /** It has been deleted; `pod` is what was last known of it. */
  isGone: boolean
}

/** One pod: mostly a virt-launcher, which a VMI runs in, but any other opens as well. */
export function PodDetailsPage({ tabs }: { tabs: readonly DetailsTab<PodSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(podKind, { namespace, name })
  return (
    <LastKnown key={`${namespace}/${name}`} live={live}>
      {(known, isGone) => (
        <ObjectStates
          kind={podKind}
          namespace={namespace}
          name={name}
          live={known}
          back={
            <Link to={listPath(virtualMachineInstanceKind, namespace)}>
              VirtualMachineInstances in {namespace}
            </Link>
          }
        >
          {(pod) => <PodDetails pod={pod} isGone={isGone} live={live} tabs={tabs} />}
        </ObjectStates>
      )}
    </LastKnown>
  )
}

/** A pod goes when its machine ends, which is when its last words are wanted: they stay on screen. */
function LastKnown({
  live,
  children,
}: {
  live: LiveObject<Pod>
  children: (live: LiveObject<Pod>, isGone: boolean) => ReactNode
}) {
  const [last, setLast] = useState<Pod>()
  if (live.object && live.object !== last) setLast(live.object)
  const isGone = live.status === 'missing' && last !== undefined
  return children(isGone ? { ...live, status: 'present', object: last } : live, isGone)
}

function PodDetails({
  pod,
  isGone,
  live,
  tabs,
}: {
  pod: Pod
  isGone: boolean
  live: LiveObject<Pod>
  tabs: readonly DetailsTab<PodSubject>[]
}) {
  const { namespace = '', name } = pod.metadata
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)
  const isLauncher = owner?.kind === virtualMachineInstanceKind.kind
  const { object: vmi } = useLiveObject(
    virtualMachineInstanceKind,
    isLauncher ? { namespace, name: owner.name } : undefined,
  )
  const vmName = vmi && owningVmName(vmi)
  return (
    <DetailsShell
      kind={podKind}
      namespace={namespace}
      name={name}
      subject={{ pod, isGone }}
      tabs={tabs}
      status={
        isGone
          ? {
              label: 'Deleted',
              tone: 'neutral',
              reason: 'The pod is gone. What was last known of it is shown.',
            }
          : podStatus(pod)
      }
      connection={live}
      crumbs={podCrumbs(namespace, owner)}
      badge="Pod"
      subtitle={
        <span>
          {isLauncher && (
            <>
              Runs VirtualMachineInstance{' '}
              <Link
                to={objectPagePath(virtualMachineInstanceKind, { namespace, name: owner.name })}
              >
                {owner.name}
              </Link>
              {vmName !== undefined && (
                <>
                  {' '}
                  of VirtualMachine{' '}
                  <Link to={objectPagePath(virtualMachineKind, { namespace, name: vmName })}>
                    {vmName}
                  </Link>
                </>
              )}{' '}
            </>
          )}
          {pod.spec?.nodeName === undefined ? 'on no node yet' : `on node ${pod.spec.nodeName}`}
        </span>
      }
    />
  )
}

function podCrumbs(
  namespace: string,
  owner: { kind: string; name: string } | undefined,
): readonly Crumb[] {
  switch (owner?.kind) {
    case virtualMachineInstanceKind.kind:
      return [
        {
          title: 'VirtualMachineInstances',
          path: listPath(virtualMachineInstanceKind, namespace),
        },
        {
          title: owner.name,
          path: objectPagePath(virtualMachineInstanceKind, { namespace, name: owner.name }),
        },
      ]
    // Disks plugged into a running machine come in pods of its virt-launcher.
    case podKind.kind:
      return [
        { title: 'Pods' },
        { title: owner.name, path: objectPagePath(podKind, { namespace, name: owner.name }) },
      ]
    default:
      return [{ title: 'Pods' }, ...(owner ? [{ title: `${owner.kind} ${owner.name}` }] : [])]
  }
}
