import { Button, Flex, List, ListItem, Title } from '@patternfly/react-core'
import { useEffect } from 'react'
import { Link } from 'react-router'

import {
  virtualMachineKind,
  virtualMachinePoolKind,
  type VirtualMachine,
} from '../../../kube/kinds.ts'
import { vmStatus, type PlainStatus } from '../../../kube/vm-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import type { Creation } from './creation.ts'
import { forgetDraft } from './draft/stored-draft.ts'
import type { SendOnce } from './send-once.ts'
import { useManyCreation, type MadeOne } from './use-many-creation.ts'

interface ManyProgressProps {
  namespace: string
  creations: readonly Creation[]
  /** The one creation is a pool, which makes its VMs itself. */
  isPool: boolean
  send: SendOnce
  onBack: () => void
}

interface LiveVm {
  name: string
  pool: string | undefined
  status: PlainStatus
}

function projectVm(vm: VirtualMachine): LiveVm {
  const owner = vm.metadata.ownerReferences?.find(({ controller }) => controller === true)
  return {
    name: vm.metadata.name,
    pool: owner?.kind === 'VirtualMachinePool' ? owner.name : undefined,
    status: vmStatus(vm, undefined),
  }
}

const states: Record<MadeOne['state'], PlainStatus> = {
  waiting: { label: 'Waiting', tone: 'neutral' },
  creating: { label: 'Creating', tone: 'progress' },
  created: { label: 'Created', tone: 'success' },
  failed: { label: 'Failed', tone: 'danger' },
}

/** Several VMs being made: how far each is, what failed in the cluster's words, and trying that again. */
export function ManyProgress({ namespace, creations, isPool, send, onBack }: ManyProgressProps) {
  const { made, created, failed, isGoing, retry } = useManyCreation(creations, send)
  const { items } = useLiveList(virtualMachineKind, { namespace, project: projectVm })
  const live = new Map(items.map((vm) => [vm.name, vm.status]))
  const isDone = !isGoing && failed === 0
  const consoleOf = (name: string) =>
    objectPagePath(virtualMachineKind, { namespace, name }, 'console')
  useEffect(() => {
    if (isDone) forgetDraft()
  }, [isDone])
  const members = isPool
    ? items
        .filter(({ pool }) => pool === creations[0]?.name)
        .toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
    : []
  return (
    <Flex direction={{ default: 'column' }} spaceItems={{ default: 'spaceItemsLg' }}>
      <Title headingLevel="h1">
        {isPool ? `Pool ${creations[0]?.name ?? ''}` : `${creations.length} VirtualMachines`}
      </Title>
      <output aria-live="polite">
        {summary({ isPool, all: made.length, created, failed, isGoing })}
      </output>
      <List isPlain aria-label={isPool ? 'The pool' : 'Virtual machines being made'}>
        {made.map((one) => (
          <ListItem key={one.name}>
            <Line
              name={one.name}
              status={(one.state === 'created' && live.get(one.name)) || states[one.state]}
              {...(one.state === 'created' && {
                to: isPool
                  ? objectPagePath(virtualMachinePoolKind, { namespace, name: one.name })
                  : consoleOf(one.name),
              })}
            />
            {one.problems.map((problem) => (
              <div key={problem}>{problem}</div>
            ))}
          </ListItem>
        ))}
      </List>
      {members.length > 0 && (
        <List isPlain aria-label="VMs of the pool">
          {members.map(({ name, status }) => (
            <ListItem key={name}>
              <Line name={name} status={status} to={consoleOf(name)} />
            </ListItem>
          ))}
        </List>
      )}
      <Flex>
        {failed > 0 && !isGoing && (
          <>
            <Button variant="primary" onClick={retry}>
              Try the failed again
            </Button>
            <Button variant="secondary" onClick={onBack}>
              Back to the form
            </Button>
          </>
        )}
        <Link to={listPath(virtualMachineKind, namespace)}>VirtualMachines</Link>
      </Flex>
    </Flex>
  )
}

interface Counts {
  isPool: boolean
  all: number
  created: number
  failed: number
  isGoing: boolean
}

function summary({ isPool, all, created, failed, isGoing }: Counts): string {
  if (isPool && created > 0) return 'The pool is created. It makes its VMs itself.'
  const count = `${created} of ${all} created`
  if (isGoing) return `${count}. Leaving this page ends it.`
  return failed === 0 ? `${count}.` : `${count}, ${failed} failed.`
}

function Line({ name, status, to }: { name: string; status: PlainStatus; to?: string }) {
  return (
    <Flex spaceItems={{ default: 'spaceItemsSm' }}>
      <StatusLabel status={status} />
      {to === undefined ? <span>{name}</span> : <Link to={to}>{name}</Link>}
    </Flex>
  )
}
