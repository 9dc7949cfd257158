import './session.css'
import { FormSelect, FormSelectOption } from '@patternfly/react-core'
import { useId, useState, useSyncExternalStore } from 'react'

import { KubeError } from '../../../../kube/kube-error.ts'
import { useAccess } from '../../../data/access.ts'
import { useKube } from '../../../data/host-context.tsx'
import type { MachineAction } from '../../../ui/machine-actions.ts'
import { showToast } from '../../../ui/toasts.tsx'
import { StepButton } from '../ConsoleMessage.tsx'
import type { ConsoleSession } from './console-session.ts'
import { holdableKeys, type HeldKey, type HoldableKey } from './held-key.ts'
import { startAndOpen } from './start-and-open.ts'

interface StartButtonProps {
  session: ConsoleSession
  namespace: string
  name: string
  startAction: MachineAction
  onStep: () => void
}

/** Starts a VM whose console is shown; paused at first where the user may set it going again. */
export function StartButton({ session, namespace, name, startAction, onStep }: StartButtonProps) {
  const client = useKube()
  const [isPending, setIsPending] = useState(false)
  const mayUnpause = useAccess({
    verb: 'update',
    group: 'subresources.kubevirt.io',
    resource: 'virtualmachineinstances',
    subresource: 'unpause',
    namespace,
  }).allowed

  async function start() {
    onStep()
    if (mayUnpause !== true) {
      session.connect()
      await startAction.run()
      return
    }
    setIsPending(true)
    try {
      await startAndOpen(client, { namespace, name }, session)
    } catch (error) {
      showToast({
        variant: 'danger',
        title: `Start ${name}: refused`,
        body: error instanceof KubeError ? error.message : String(error),
      })
    }
    setIsPending(false)
  }

  return (
    <StepButton
      label="Start and open"
      isPending={isPending || startAction.isPending}
      disabledReason={startAction.disabledReason}
      onClick={() => void start()}
    />
  )
}

/** Which key the guest's firmware is to find held. */
export function HeldKeyChoice({ heldKey }: { heldKey: HeldKey }) {
  const id = useId()
  const { chosen } = useSyncExternalStore(heldKey.subscribe, heldKey.getState)
  return (
    <div className="kc-held-key">
      <label htmlFor={id}>Hold a key while it starts</label>
      <FormSelect
        id={id}
        value={chosen ?? ''}
        onChange={(_event, value) =>
          heldKey.choose(value === '' ? undefined : (value as HoldableKey))
        }
      >
        <FormSelectOption value="" label="None" />
        {holdableKeys.map((key) => (
          <FormSelectOption key={key} value={key} label={key} />
        ))}
      </FormSelect>
    </div>
  )
}

/** Says that a key is being held, and how to stop it. */
export function HeldKeyNote({ heldKey, name }: { heldKey: HeldKey; name: string }) {
  const { chosen, isPressing } = useSyncExternalStore(heldKey.subscribe, heldKey.getState)
  if (!isPressing) return null
  return (
    <div className="kc-held-key-note" role="note">
      <span>
        {chosen} is pressed again and again while {name} starts.
      </span>
      <StepButton label={`Release ${chosen}`} isPrimary={false} onClick={() => heldKey.release()} />
    </div>
  )
}
