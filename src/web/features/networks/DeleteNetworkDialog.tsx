import { Alert, Content, List, ListItem, Stack } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import {
  networkAttachmentDefinitionKind,
  type NetworkAttachmentDefinition,
} from '../../../kube/kinds.ts'
import { useKube } from '../../data/host-context.tsx'
import { useNetworkUsers, type NetworkUsers } from '../../data/machine-networks.ts'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { NetworkUserList } from './NetworkUserLinks.tsx'

const nobody: readonly never[] = []

/** Deletes a network, after saying who is on it and what becomes of them. */
export function DeleteNetworkDialog({
  definition,
  onClose,
}: {
  definition: NetworkAttachmentDefinition
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name, uid } = definition.metadata
  const usage = useNetworkUsers(namespace)
  const users = usage.users.get(`${namespace}/${name}`) ?? nobody
  const isReady = usage.isComplete || usage.error !== undefined
  const page = objectPagePath(networkAttachmentDefinitionKind, { namespace, name })

  return (
    <DeleteQuestion
      title={`Delete network ${name}?`}
      action={users.length > 0 ? 'Delete it all the same' : 'Delete network'}
      isReady={isReady}
      onDelete={() => client.delete(networkAttachmentDefinitionKind, { namespace, name }, { uid })}
      onClose={(isDone) => {
        onClose()
        if (isDone && window.location.pathname.includes(page))
          void navigate(listPath(networkAttachmentDefinitionKind, namespace))
      }}
    >
      {!isReady ? (
        <LoadingLines label="Finding out who uses it" count={3} />
      ) : users.length > 0 ? (
        <Stack hasGutter>
          <Content component="p">
            {users.length === 1 ? 'One VM is' : `${users.length} VMs are`} on this network:
          </Content>
          <NetworkUserList users={users} namespace={namespace} />
          <List>
            <ListItem>Guests that run keep their NIC until they stop or migrate.</ListItem>
            <ListItem>
              The next start or migration fails: the pod stays in ContainerCreating, with Multus’
              message “cannot find a network-attachment-definition ({name}) in namespace (
              {namespace})”, until there is a network of this name or the VM no longer names it.
            </ListItem>
          </List>
        </Stack>
      ) : (
        <Content component="p">
          {usage.onlyNamespace === undefined && !usage.error
            ? 'No VM and no running instance names it.'
            : `No VM that you can list names it.`}
        </Content>
      )}
      <UsersProblem usage={usage} />
    </DeleteQuestion>
  )
}

/** Who else might use it, where not all can be told. */
export function UsersProblem({ usage: { error, onlyNamespace } }: { usage: NetworkUsers }) {
  if (!error && onlyNamespace === undefined) return null
  return (
    <Alert
      isInline
      isPlain
      component="p"
      variant="warning"
      title={
        error
          ? `Who uses it can’t be told: ${error.message}`
          : `You can list the VMs of ${onlyNamespace} only; others may use it as ${onlyNamespace}/….`
      }
    />
  )
}
