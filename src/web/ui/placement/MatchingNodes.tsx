import { Alert } from '@patternfly/react-core'

import { podKind, type Node } from '../../../kube/kinds.ts'
import {
  isAboutPods,
  nodeMismatch,
  type Mismatch,
  type Placement,
} from '../../../kube/node-match.ts'
import { useListOnce } from '../../data/list-once.ts'

interface MatchingNodesProps {
  placement: Placement
  nodes: readonly Node[]
  namespace: string
  /** Of the VM's pod. */
  ownLabels: Record<string, string>
}

const words: Record<Mismatch, (many: boolean) => string> = {
  kubevirt: () => 'for no VMs at all',
  labels: (many) => `${many ? 'lack' : 'lacks'} a label`,
  affinity: (many) => `${many ? 'aren’t' : 'isn’t'} as the rules for nodes ask`,
  taints: (many) => `${many ? 'have taints' : 'has a taint'} that isn’t tolerated`,
  devices: (many) => `${many ? 'haven’t' : 'hasn’t'} the devices`,
  pods: (many) => `${many ? 'aren’t' : 'isn’t'} where the other pods allow`,
}

/** Up to so many nodes are named. */
const mostNames = 4

/** On how many of the nodes a VM may run by its rules, and what is in the way on the others. */
export function MatchingNodes({ placement, nodes, namespace, ownLabels }: MatchingNodesProps) {
  const needsPods = isAboutPods(placement) && namespace !== ''
  const pods = useListOnce(podKind, { namespace, enabled: needsPods })
  if (nodes.length === 0 || (needsPods && pods.isLoading)) return undefined
  const around = { nodes, pods: pods.items, ownLabels }
  const found = nodes.map((node) => ({
    name: node.metadata.name,
    why: nodeMismatch(placement, node, around),
  }))
  const matching = found.filter(({ why }) => why === undefined).length
  const reasons = (Object.keys(words) as Mismatch[]).flatMap((why) => {
    const names = found.filter((one) => one.why === why).map(({ name }) => name)
    if (names.length === 0) return []
    const who = names.length > mostNames ? `${names.length} nodes` : names.join(', ')
    return [`${who} ${words[why](names.length > 1)}`]
  })
  const title =
    matching === 0
      ? `No node matches, so the VM wouldn’t start`
      : `Matches ${matching} of ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`
  return (
    <div aria-live="polite">
      <Alert isInline component="p" variant={matching === 0 ? 'warning' : 'info'} title={title}>
        {reasons.length > 0 && `${reasons.join('; ')}.`}
        {pods.error && ` Pods can’t be listed, so rules about them aren’t counted.`}
      </Alert>
    </div>
  )
}
