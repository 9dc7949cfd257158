import { useEffect, useState } from 'react'

import { confirm } from '../../../ui/confirm.tsx'
import type { MachineAction } from '../../../ui/machine-actions.ts'
import { StepButton, ConsoleMessage } from '../ConsoleMessage.tsx'
import type { ConsoleSession } from './console-session.ts'
import { nextStep, type ConsoleState } from './console-state.ts'
import type { GuestFacts } from './guest-facts.ts'
import { stateWords } from './state-words.ts'

interface StateMessageProps {
  session: ConsoleSession
  state: ConsoleState
  guest: GuestFacts
  name: string
  startAction: MachineAction | undefined
  /** Present where the user may look on without a session. */
  onWatch?: (() => void) | undefined
  /** The user took a step towards a connection and will want to type. */
  onStep: () => void
}

/** Why a session is not live, and the step that leads on. */
export function StateMessage({
  session,
  state,
  guest,
  name,
  startAction,
  onWatch,
  onStep,
}: StateMessageProps) {
  const { kind } = session
  const words = stateWords(state, { kind, name, guest })
  const step = nextStep(state)

  const connect = (options?: { takeOver?: boolean; move?: boolean }) => {
    onStep()
    session.connect(options)
  }

  async function takeOver() {
    const screen = kind === 'vnc' ? 'screen' : 'serial console'
    if (document.fullscreenElement) await document.exitFullscreen()
    const isConfirmed = await confirm({
      title: `Take over the ${screen} of ${name}?`,
      consequence: `Whoever has the ${screen} of ${name} open now loses it at once, without a word from the cluster.`,
      action: 'Take over',
      isDangerous: true,
    })
    if (isConfirmed) connect({ takeOver: true })
  }

  const isBusy =
    step === 'wait' || (state.name === 'guestOff' && (guest.starting || guest.stopping))

  return (
    <ConsoleMessage
      title={words.title}
      isBusy={isBusy}
      actions={
        <>
          {step === 'connect' && (
            <StepButton
              label={state.name === 'failed' || state.name === 'denied' ? 'Try again' : 'Connect'}
              onClick={() => connect()}
            />
          )}
          {step === 'takeOver' && (
            <>
              <StepButton label="Take over" onClick={() => void takeOver()} />
              {onWatch && <StepButton label="Watch" isPrimary={false} onClick={onWatch} />}
              {kind === 'vnc' && (
                <StepButton label="Try again" isPrimary={false} onClick={() => connect()} />
              )}
            </>
          )}
          {step === 'moveHere' && (
            <StepButton label="Move here" onClick={() => connect({ move: true })} />
          )}
          {step === 'start' && !isBusy && startAction && (
            <StepButton
              label="Start"
              isPending={startAction.isPending}
              disabledReason={startAction.disabledReason}
              onClick={() => {
                connect()
                void startAction.run()
              }}
            />
          )}
        </>
      }
    >
      {words.body}
      {state.name === 'disconnected' && state.cause === 'network' && state.retryAt && (
        <Countdown until={state.retryAt} />
      )}
    </ConsoleMessage>
  )
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return <> Next try in {seconds} s.</>
}
