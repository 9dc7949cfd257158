import { Alert, Button, Flex, List, ListItem, Progress, Title } from '@patternfly/react-core'
import { useEffect, useRef } from 'react'
import { Link, useNavigate } from 'react-router'

import { progressPercent } from '../../../kube/data-volume-status.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  storageClassKind,
  virtualMachineKind,
  type DataVolume,
  type VirtualMachine,
} from '../../../kube/kinds.ts'
import { claimNameOf, templateSpec } from '../../../kube/vm-devices.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveList } from '../../data/live-list.ts'
import { useMachineEvents } from '../../data/machine-events.ts'
import { useMachine } from '../../data/machine.ts'
import { ActionButton } from '../../ui/ActionMenu.tsx'
import { useMachineActions } from '../../ui/machine-actions.ts'
import { createVmPath, objectPagePath } from '../../ui/page-paths.ts'
import { creationProblems } from './creation-problems.ts'
import { creationStages, isKeptOff } from './creation-stages.ts'
import { StageList } from './StageList.tsx'

/** What becomes of a VM that was just created, until its guest runs and its console opens. */
export function CreationProgress({ namespace, name }: { namespace: string; name: string }) {
  const navigate = useNavigate()
  const { vm, vmi, isLoading } = useMachine({ namespace, name })
  const { dataVolumes, claims, classes } = useDisks(namespace, vm)
  const events = useMachineEvents({ namespace, name, vm, vmi }).items
  const problems = creationProblems({ vm, vmi, dataVolumes, claims, classes, events })
  const told = new Set(problems.map(({ detail }) => detail))
  const warnings = events
    .filter(({ isWarning, message }) => isWarning && !told.has(message))
    .slice(0, 3)
  const stages = creationStages(vm, vmi, dataVolumes, events[0]?.message)
  const isRunning = vmi?.status?.phase === 'Running'
  const consolePath = objectPagePath(virtualMachineKind, { namespace, name }, 'console')
  const hasOpened = useRef(false)

  useEffect(() => {
    if (!isRunning || hasOpened.current) return
    hasOpened.current = true
    void navigate(consolePath, { replace: true })
  }, [isRunning, navigate, consolePath])

  const isOff = isKeptOff(vm) && vmi === undefined
  const start = useMachineActions(vm, vmi).find(({ id }) => id === 'start')
  return (
    <Flex direction={{ default: 'column' }} spaceItems={{ default: 'spaceItemsLg' }}>
      <Title headingLevel="h1">{name}</Title>
      <p>
        {isLoading || vm
          ? isOff
            ? 'It was created and is off. Once it is started, its console opens here as soon as its guest runs.'
            : 'It was created. Its console opens here as soon as its guest runs.'
          : `There is no VM ${name} in namespace ${namespace} any more.`}
      </p>
      <StageList stages={stages} />
      <ImportBars dataVolumes={dataVolumes} />
      {problems.map(({ title, detail, nextStep }) => (
        <Alert key={title} isInline isLiveRegion component="p" variant="warning" title={title}>
          {detail} {nextStep}
        </Alert>
      ))}
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
        {isOff && start && (
          <ActionButton action={start} variant="primary" label={`Start ${name}`}>
            Start
          </ActionButton>
        )}
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

/** What stands behind the VM's disks. */
function useDisks(namespace: string, vm: VirtualMachine | undefined) {
  const volumes = vm ? (templateSpec(vm).volumes ?? []) : []
  const filled = new Set(volumes.flatMap(({ dataVolume }) => dataVolume?.name ?? []))
  const used = new Set(volumes.map(claimNameOf))
  const dataVolumes = useLiveList(dataVolumeKind, { namespace, enabled: filled.size > 0 })
  const claims = useLiveList(persistentVolumeClaimKind, { namespace, enabled: used.size > 0 })
  const classes = useListOnce(storageClassKind, { enabled: used.size > 0 })
  return {
    dataVolumes: dataVolumes.items.filter(({ metadata }) => filled.has(metadata.name)),
    claims: claims.items.filter(({ metadata }) => used.has(metadata.name)),
    classes: classes.isLoading || classes.error ? undefined : classes.items,
  }
}

function ImportBars({ dataVolumes }: { dataVolumes: readonly DataVolume[] }) {
  return dataVolumes
    .filter(({ status }) => status?.phase !== 'Succeeded')
    .flatMap((dataVolume) => {
      const { name } = dataVolume.metadata
      const percent = progressPercent(dataVolume)
      if (percent === undefined) return []
      return <Progress key={name} value={percent} title={name} label={`${percent} %`} size="sm" />
    })
}
