import { List, ListItem } from '@patternfly/react-core'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import type { NetworkUser } from '../../../kube/machine-nics.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'

function stateWords({ isInSpec, isRunning, isStandalone }: NetworkUser): string {
  if (!isRunning) return 'stopped; its next start needs it'
  if (isInSpec || isStandalone) return 'running on it'
  return 'running on it until its restart; its VM no longer names it'
}

/** Machines on a network, each a link to its NICs, with how they are on it. */
export function NetworkUserList({
  users,
  namespace,
}: {
  users: readonly NetworkUser[]
  /** Of the network: that of others is said. */
  namespace: string
}) {
  return (
    <List isPlain aria-label="VMs on this network">
      {users.map((user) => (
        <ListItem key={`${user.namespace}/${user.name}`}>
          <ObjectLink
            kind={user.isStandalone ? virtualMachineInstanceKind : virtualMachineKind}
            namespace={user.namespace}
            name={user.name}
            tab="network"
          />{' '}
          <span className="kc-muted">
            {user.namespace !== namespace && `in ${user.namespace}, `}
            {user.nics.length === 1 ? 'NIC' : 'NICs'} {user.nics.join(', ')}, {stateWords(user)}
          </span>
        </ListItem>
      ))}
    </List>
  )
}
