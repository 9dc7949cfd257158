import { List, ListItem } from '@patternfly/react-core'
import { useMemo } from 'react'

import { virtualMachineKind, type DataSource } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { imageUsers, projectVmReferences, type VmReferences } from '../../../kube/vm-references.ts'
import { useLiveList } from '../../data/live-list.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'

/** VMs with a disk that is, or is to be, cloned from a DataSource; of all namespaces if allowed. */
export function useImageUsers({ metadata }: DataSource): {
  users: readonly VmReferences[]
  isReady: boolean
  error: KubeError | undefined
} {
  const { namespace = '', name } = metadata
  const everywhere = useLiveList(virtualMachineKind, { project: projectVmReferences })
  const isDenied = everywhere.error?.isForbidden === true
  const here = useLiveList(virtualMachineKind, {
    namespace,
    project: projectVmReferences,
    enabled: isDenied,
  })
  const list = isDenied ? here : everywhere
  const users = useMemo(() => imageUsers(list.items), [list.items])
  return {
    users: users.get(`${namespace}/${name}`) ?? none,
    isReady: list.status === 'complete' || list.status === 'failed',
    error: list.error,
  }
}

const none: readonly never[] = []
const most = 50

export function ImageUserList({ users }: { users: readonly VmReferences[] }) {
  return (
    <List isPlain aria-label="VMs made from it">
      {users.slice(0, most).map(({ namespace, name }) => (
        <ListItem key={`${namespace}/${name}`}>
          <ObjectLink kind={virtualMachineKind} namespace={namespace} name={name} tab="storage" />{' '}
          <span className="kc-muted">in {namespace}</span>
        </ListItem>
      ))}
      {users.length > most && <ListItem>… {users.length - most} more</ListItem>}
    </List>
  )
}
