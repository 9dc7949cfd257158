import { Alert, Button, Flex, List, ListItem, Title } from '@patternfly/react-core'
import { useEffect, useRef } from 'react'
import { Link, useNavigate } from 'react-router'

import { dataVolumeKind, virtualMachineKind } from '../../../kube/kinds.ts'
import { templateSpec } from '../../../kube/vm-devices.ts'
import { vmStatus } from '../../../kube/vm-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useMachineEvents } from '../../data/machine-events.ts'
import { useMachine } from '../../data/machine.ts'
import { createVmPath, objectPagePath } from '../../ui/page-paths.ts'
import { creationStages } from './creation-stages.ts'
import { StageList } from './StageList.tsx'

/** What becomes of a VM that was just created, until its guest runs and its console opens. */
export function CreationProgress({ namespace, name }: { namespace: string; name: string }) {
  const navigate = useNavigate()
  const { vm, vmi, isLoading } = useMachine({ namespace, name })
  const claims = new Set(
    (vm ? (templateSpec(vm).volumes ?? []) : []).flatMap(
      ({ dataVolume }) => dataVolume?.name ?? [],
    ),
  )
  const { items } = useLiveList(dataVolumeKind, { namespace, enabled: claims.size > 0 })
  const dataVolumes = items.filter(({ metadata }) => claims.has(metadata.name))
  const events = useMachineEvents({ namespace, name, vm, vmi }).items
  const warnings = events.filter(({ isWarning }) => isWarning).slice(0, 3)
  const status = vmStatus(vm, vmi, { dataVolumes: dataVolumes as never })
  const stages = creationStages(vm, vmi, dataVolumes)
  const isRunning = vmi?.status?.phase === 'Running'
  const consolePath = objectPagePath(virtualMachineKind, { namespace, name }, 'console')
  const hasOpened = useRef(false)

  useEffect(() => {
    if (!isRunning || hasOpened.current) return
    hasOpened.current = true
    void navigate(consolePath, { replace: true })
  }, [isRunning, navigate, consolePath])

  const isWrong = status.tone === 'danger' || status.tone === 'warning'
  const isOff = vm?.spec.runStrategy === 'Halted' || vm?.spec.runStrategy === 'Manual'
  return (
    <Flex direction={{ default: 'column' }} spaceItems={{ default: 'spaceItemsLg' }}>
      <Title headingLevel="h1">{name}</Title>
      <p>
        {isLoading || vm
          ? isOff
            ? 'It was created and stays off until it is started.'
            : 'It was created. Its console opens here as soon as its guest runs.'
          : `There is no VM ${name} in namespace ${namespace} any more.`}
      </p>
      <StageList stages={stages} />
      {isWrong && vm && (
        <Alert isInline isLiveRegion component="p" variant="warning" title={status.label}>
          {status.reason} {status.nextStep}
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert isInline component="p" variant="info" title="What the cluster warned of">
          <List isPlain>
            {warnings.map(({ uid, about, message }) => (
              <ListItem key={uid}>
                {about}: {message}
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      <Flex>
        <Link to={objectPagePath(virtualMachineKind, { namespace, name })}>Go to the VM</Link>
        <Link to={objectPagePath(virtualMachineKind, { namespace, name }, 'events')}>Events</Link>
        <Button
          variant="link"
          isInline
          onClick={() => void navigate(createVmPath(namespace), { replace: true })}
        >
          Create another
        </Button>
      </Flex>
    </Flex>
  )
}
