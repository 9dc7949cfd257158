import { Alert, Button, Label, List, ListItem } from '@patternfly/react-core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { isChangedMeanwhile } from '../../kube/admission-fields.ts'
import { virtualMachineKind, type VirtualMachine } from '../../kube/kinds.ts'
import { KubeError } from '../../kube/kube-error.ts'
import type { PendingChange } from '../../kube/pending-changes.ts'
import { condition, isTrue } from '../../kube/vm-facts.ts'
import { useKube } from '../data/host-context.tsx'
import { putInLiveCache } from '../data/live-cache.ts'
import { usePendingChanges } from '../data/pending-changes.ts'
import { useChangeRefusal } from '../data/vm-actions.ts'
import { ActionButton } from './ActionMenu.tsx'
import { useMachineActions } from './machine-actions.ts'
import type { Machine } from './MachineShell.tsx'

import './pending-changes.css'

/** Says which changes the running VM still lacks, offers what applies them, and takes single ones back. */
export function PendingChanges({ machine: { vm, vmi } }: { machine: Machine }) {
  const changes = usePendingChanges(vm, vmi)
  const [isOpen, setOpen] = useState(false)
  const actions = useMachineActions(vm, vmi)
  const needsRestart =
    isTrue(vm, 'RestartRequired') || changes.some(({ effect }) => effect.when === 'restart')
  if (!vm || (!needsRestart && changes.length === 0)) return null
  const apply = actions.find(({ id }) => id === (needsRestart ? 'restart' : 'migrate'))
  return (
    <section className="kc-pending" aria-label="Pending changes">
      <div className="kc-strip">
        <Alert
          isInline
          isPlain
          component="p"
          variant="info"
          title={title(vm, changes, needsRestart)}
        />
        {changes.length > 0 && (
          <Button variant="link" isInline aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide' : 'Show'}
          </Button>
        )}
        {apply && (
          <ActionButton action={apply} variant="link">
            {needsRestart ? 'Restart now' : 'Migrate now'}
          </ActionButton>
        )}
      </div>
      {isOpen && changes.length > 0 && (
        <List isPlain isBordered aria-label="Pending changes">
          {changes.map((change) => (
            <ListItem key={change.key}>
              <Change vm={vm} change={change} />
            </ListItem>
          ))}
        </List>
      )}
    </section>
  )
}

function title(vm: VirtualMachine, changes: readonly PendingChange[], needsRestart: boolean) {
  const what = needsRestart ? 'a restart' : 'a live migration'
  if (changes.length === 0)
    return `Changes wait for a restart: ${condition(vm, 'RestartRequired')?.message ?? ''}`
  return changes.length === 1
    ? `1 change waits for ${what}`
    : `${changes.length} changes wait for ${what}`
}

function Change({ vm, change }: { vm: VirtualMachine; change: PendingChange }) {
  const client = useKube()
  const refusal = useChangeRefusal(vm)
  const { mutate, isPending, error } = useMutation<VirtualMachine, Error>({
    mutationFn: () => client.patch(virtualMachineKind, refOf(vm), change.revert),
    onSuccess: (object) => putInLiveCache(client, virtualMachineKind, object),
  })
  return (
    <div className="kc-pending-change">
      <div>
        {change.title}{' '}
        <Label isCompact status="warning" title={change.effect.sentence}>
          {change.effect.when === 'migration' ? 'on live migration' : 'on restart'}
        </Label>
        {change.details.map((line) => (
          <code key={line} className="kc-pending-detail">
            {line}
          </code>
        ))}
        {error && (
          <Alert
            isInline
            isPlain
            isLiveRegion
            component="p"
            variant="danger"
            title={whyNotReverted(error)}
          />
        )}
      </div>
      <Button
        variant="secondary"
        size="sm"
        aria-label={`Revert: ${change.title}`}
        isLoading={isPending}
        isDisabled={isPending}
        isAriaDisabled={refusal !== undefined}
        {...(refusal !== undefined && { 'data-hint': refusal })}
        onClick={() => {
          if (refusal === undefined) mutate()
        }}
      >
        Revert
      </Button>
    </div>
  )
}

function refOf({ metadata: { name, namespace } }: VirtualMachine) {
  return namespace === undefined ? { name } : { name, namespace }
}

function whyNotReverted(error: Error): string {
  if (error instanceof KubeError && isChangedMeanwhile(error))
    return 'Not reverted: somebody else changed this VM at the same moment. What is shown here is up to date again.'
  return `Not reverted: ${error.message}`
}
