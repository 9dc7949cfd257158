/**
 * The leases by which the replicas of a component agree who works. They change hands as in a
 * cluster, but are not renewed every two seconds.
 */
import type { KubeObject, NewObject } from '../api/cluster.ts'
import { hasCondition, timestamp } from '../kubevirt/conditions.ts'
import { keys, type Pod } from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'

/**
 * The label that the component's pods share. Leases have the components' names:
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/leaderelectionconfig/config.go
 */
const COMPONENT_LABEL = 'kubevirt.io'
const COMPONENTS = ['virt-operator', 'virt-controller']

interface Lease extends KubeObject {
  spec: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    leaseTransitions?: number
    acquireTime?: string
    renewTime?: string
  }
}

export function startLeaderElection(context: ControllerContext): void {
  const { store } = context.cluster
  const queue = createWorkQueue(context, 'leader-election', elect)

  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ object }) => {
      const component = object.metadata.labels?.[COMPONENT_LABEL]
      if (component !== undefined && COMPONENTS.includes(component)) {
        queue.add(`${object.metadata.namespace ?? ''}/${component}`)
      }
    }),
  )

  function elect(namespace: string, component: string): void {
    const candidates = store
      .list<Pod>(keys.pod, namespace)
      .filter(
        ({ metadata, status }) =>
          metadata.labels?.[COMPONENT_LABEL] === component &&
          !metadata.deletionTimestamp &&
          hasCondition(status?.conditions, 'Ready'),
      )
      .map(({ metadata }) => metadata.name)
    const lease = store.get<Lease>(keys.lease, namespace, component)
    const [next] = candidates
    // Without a candidate the lease keeps the name of who had it, and runs out.
    if (next === undefined || candidates.includes(lease?.spec.holderIdentity ?? '')) return
    const now = `${timestamp().slice(0, -1)}.000000Z`
    const spec = {
      holderIdentity: next,
      leaseDurationSeconds: 15,
      leaseTransitions: lease ? (lease.spec.leaseTransitions ?? 0) + 1 : 0,
      acquireTime: now,
      renewTime: now,
    }
    if (lease) {
      store.update<Lease>(keys.lease, namespace, component, (draft) => {
        draft.spec = spec
      })
    } else {
      store.create(keys.lease, leaseObject(namespace, component, spec))
    }
  }
}

function leaseObject(namespace: string, name: string, spec: Lease['spec']): NewObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace },
    spec,
  }
}
