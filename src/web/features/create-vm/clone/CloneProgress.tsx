import { Alert, Button, Flex, Title } from '@patternfly/react-core'
import { Link, useNavigate } from 'react-router'

import {
  virtualMachineCloneKind,
  virtualMachineKind,
  virtualMachineRestoreKind,
  virtualMachineSnapshotKind,
} from '../../../../kube/kinds.ts'
import { useLiveObject } from '../../../data/live-object.ts'
import { useMachine } from '../../../data/machine.ts'
import { ActionButton } from '../../../ui/ActionMenu.tsx'
import { useMachineActions } from '../../../ui/machine-actions.ts'
import { ObjectLink } from '../../../ui/ObjectLink.tsx'
import { createVmPath, listPath, objectPagePath } from '../../../ui/page-paths.ts'
import { StageList } from '../StageList.tsx'
import { cloneProblem, cloneStages, restoreProblem } from './clone-stages.ts'

/** What becomes of a VirtualMachineClone, until its VM is there and can be started. */
export function CloneProgress({ namespace, name }: { namespace: string; name: string }) {
  const {
    object: clone,
    status,
    error,
  } = useLiveObject(virtualMachineCloneKind, {
    namespace,
    name,
  })
  const restoreName = clone?.status?.restoreName
  const restore = useLiveObject(
    virtualMachineRestoreKind,
    restoreName === undefined ? undefined : { namespace, name: restoreName },
  )
  if (!clone)
    return (
      <Flex direction={{ default: 'column' }}>
        <Title headingLevel="h1">Clone</Title>
        <p>
          {status === 'loading'
            ? 'Loading the clone…'
            : (error?.message ??
              `There is no VirtualMachineClone ${name} in namespace ${namespace} any more: it goes with the VM that it made.`)}
        </p>
        <Link to={listPath(virtualMachineKind, namespace)}>VirtualMachines</Link>
      </Flex>
    )
  const { source, target } = clone.spec
  const targetName = clone.status?.targetName ?? target?.name ?? name
  const problem = cloneProblem(clone)
  const refusal = restoreProblem(restore.object)
  return (
    <Flex direction={{ default: 'column' }} spaceItems={{ default: 'spaceItemsLg' }}>
      <Title headingLevel="h1">{targetName}</Title>
      <p>
        A clone of{' '}
        {source.kind === 'VirtualMachine' ? (
          <ObjectLink kind={virtualMachineKind} namespace={namespace} name={source.name} />
        ) : (
          <>
            snapshot{' '}
            <ObjectLink
              kind={virtualMachineSnapshotKind}
              namespace={namespace}
              name={source.name}
            />
          </>
        )}
        . The cluster goes on with it also when this page is left.
      </p>
      <StageList stages={cloneStages(clone)} />
      {problem && (
        <Alert
          isInline
          isLiveRegion
          component="p"
          variant={problem.isFinal ? 'danger' : 'warning'}
          title={problem.title}
        >
          {problem.words}. {problem.advice}
        </Alert>
      )}
      {refusal !== undefined && (
        <Alert
          isInline
          isLiveRegion
          component="p"
          variant="danger"
          title="The disks can’t be put back"
        >
          {refusal}
        </Alert>
      )}
      {clone.status?.phase === 'Succeeded' && <Ready namespace={namespace} name={targetName} />}
      <CloneAnother namespace={namespace} />
    </Flex>
  )
}

/** The clone is off at first. */
function Ready({ namespace, name }: { namespace: string; name: string }) {
  const { vm, vmi } = useMachine({ namespace, name })
  const start = useMachineActions(vm, vmi).find(({ id }) => id === 'start')
  if (!vm) return null
  return (
    <Flex>
      {start && (
        <ActionButton action={start} variant="primary" label={`Start ${name}`}>
          Start
        </ActionButton>
      )}
      <Link to={objectPagePath(virtualMachineKind, { namespace, name })}>Go to the VM</Link>
      <Link to={objectPagePath(virtualMachineKind, { namespace, name }, 'console')}>Console</Link>
    </Flex>
  )
}

function CloneAnother({ namespace }: { namespace: string }) {
  const navigate = useNavigate()
  return (
    <Button
      variant="link"
      isInline
      onClick={() => void navigate(createVmPath(namespace), { replace: true })}
    >
      Create another VM
    </Button>
  )
}
