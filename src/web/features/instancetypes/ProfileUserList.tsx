import { List, ListItem } from '@patternfly/react-core'

import { controllerRevisionKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { revisionGeneration, type ProfileUser } from '../../../kube/vm-references.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'

const most = 50

function copyWords({ revision }: ProfileUser, generation: number | undefined): string {
  if (revision === undefined) return 'no copy yet: it is read when the VM is first looked at'
  const kept = revisionGeneration(revision)
  if (kept === undefined) return `by ${controllerRevisionKind.kind} ${revision}`
  return generation !== undefined && kept < generation
    ? `keeps its copy of generation ${kept}, now ${generation}`
    : `by its copy of generation ${kept}`
}

/** VMs that have an instance type or preference, and by which copy of it. */
export function ProfileUserList({
  users,
  generation,
}: {
  users: readonly ProfileUser[]
  /** Of the object as it is now. */
  generation: number | undefined
}) {
  return (
    <List isPlain aria-label="VMs that have it">
      {users.slice(0, most).map((user) => (
        <ListItem key={`${user.namespace}/${user.name}`}>
          <ObjectLink kind={virtualMachineKind} namespace={user.namespace} name={user.name} />{' '}
          <span className="kc-muted" {...(user.revision !== undefined && { title: user.revision })}>
            in {user.namespace}, {copyWords(user, generation)}
          </span>
        </ListItem>
      ))}
      {users.length > most && <ListItem>… {users.length - most} more</ListItem>}
    </List>
  )
}
