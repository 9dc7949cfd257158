/** How a DaemonSet's pod is tied to its node. */
import type { Pod } from '../kubevirt/objects.ts'

/** https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/daemon/util/daemonset_util.go */
export const DAEMON_TOLERATIONS = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: name === 'not-ready' || name === 'unreachable' ? 'NoExecute' : 'NoSchedule',
}))

/** A DaemonSet's pods are bound to their node by the scheduler, which finds it in their affinity. */
export function boundTo(node: string): NodeBinding {
  const field = { key: 'metadata.name', operator: 'In', values: [node] }
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [field] }],
      },
    },
  }
}

/** The only node a pod may run on, if its affinity names one. */
export function boundNode({ spec }: Pod): string | undefined {
  const { nodeAffinity } = (spec['affinity'] ?? {}) as Partial<NodeBinding>
  const terms = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms?.[0]?.matchFields?.[0]?.values[0]
}

interface NodeBinding {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution?: {
      nodeSelectorTerms: { matchFields?: { key: string; operator: string; values: string[] }[] }[]
    }
  }
}
