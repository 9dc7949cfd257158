import { useMemo } from 'react'

import {
  networkAttachmentDefinitionKind,
  nodeKind,
  type NetworkAttachmentDefinition,
  type Node,
} from '../../../kube/kinds.ts'
import { parseNad, type Nad } from '../../../kube/nad-config.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { useNetworkUsers, type NetworkUsers } from '../../data/machine-networks.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { nadWarnings } from './nad-warnings.ts'
import { networkStatus } from './network-rows.ts'
import { NetworkActions } from './NetworkActions.tsx'

/** What every tab of a network's page is given. */
export interface NetworkSubject {
  definition: NetworkAttachmentDefinition
  nad: Nad
  warnings: readonly string[]
  usage: NetworkUsers
  /** Undefined where nodes can't be read. */
  nodes: readonly Node[] | undefined
}

/** One NetworkAttachmentDefinition. */
export function NetworkDetailsPage({ tabs }: { tabs: readonly DetailsTab<NetworkSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(networkAttachmentDefinitionKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={networkAttachmentDefinitionKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(definition) => <NetworkDetails definition={definition} connection={live} tabs={tabs} />}
    </ObjectStates>
  )
}

function NetworkDetails({
  definition,
  connection,
  tabs,
}: {
  definition: NetworkAttachmentDefinition
  connection: Parameters<typeof DetailsShell>[0]['connection']
  tabs: readonly DetailsTab<NetworkSubject>[]
}) {
  const { namespace = '', name } = definition.metadata
  const usage = useNetworkUsers(namespace)
  const neighbours = useLiveList(networkAttachmentDefinitionKind, { namespace })
  const nodeList = useListOnce(nodeKind)
  const nodes = nodeList.isLoading || nodeList.error ? undefined : nodeList.items
  const others = useMemo(() => neighbours.items.map(parseNad), [neighbours.items])
  const nad = parseNad(definition)
  const warnings = nadWarnings(definition, { nodes, others })
  const count = usage.users.get(`${namespace}/${name}`)?.length ?? 0
  const isKnown = usage.isComplete && usage.onlyNamespace === undefined
  return (
    <DetailsShell
      kind={networkAttachmentDefinitionKind}
      namespace={namespace}
      name={name}
      subject={{ definition, nad, warnings, usage, nodes }}
      tabs={tabs}
      status={networkStatus(nad, warnings, isKnown || count > 0 ? count : undefined)}
      connection={connection}
      badge="NAD"
      subtitle={<span>{nad.description}</span>}
      actions={<NetworkActions definition={definition} />}
    />
  )
}
