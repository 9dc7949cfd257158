import { useEffect, useState, type ReactNode } from 'react'
import { useHref } from 'react-router'

import { useHost } from '../../../data/host-context.tsx'
import { confirm } from '../../../ui/confirm.tsx'
import type { MachineAction } from '../../../ui/machine-actions.ts'
import { StepButton, ConsoleMessage } from '../ConsoleMessage.tsx'
import type { ConnectOptions, ConsoleSession } from './console-session.ts'
import { nextStep, type ConsoleState } from './console-state.ts'
import type { GuestFacts } from './guest-facts.ts'
import type { HeldKey } from './held-key.ts'
import { HeldKeyChoice, StartButton } from './StartOffer.tsx'
import { stateWords } from './state-words.ts'

interface StateMessageProps {
  session: ConsoleSession
  state: ConsoleState
  guest: GuestFacts
  namespace: string
  name: string
  startAction: MachineAction | undefined
  /** Where a key can be held while the guest starts. */
  heldKey: HeldKey | undefined
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
  namespace,
  name,
  startAction,
  heldKey,
  onWatch,
  onStep,
}: StateMessageProps) {
  const { kind } = session
  const words = stateWords(state, { kind, name, guest })
  const step = nextStep(state)

  const href = useHref('/')
  const { keeper } = useHost()

  const connect = (options?: ConnectOptions) => {
    onStep()
    session.connect(options)
  }

  async function takeOver() {
    const screen = kind === 'vnc' ? 'screen' : 'serial console'
    const isConfirmed = await confirm({
      title: `Take over the ${screen} of ${name}?`,
      consequence: `Whoever has the ${screen} of ${name} open now loses it at once, without a word from the cluster.`,
      action: 'Take over',
      isDangerous: true,
    })
    if (isConfirmed) connect({ takeOver: true })
  }

  const isOnItsWay = state.name === 'guestOff' && (guest.starting || guest.stopping)
  const isBusy = step === 'wait' || (isOnItsWay && guest.obstacle === undefined)

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
          {kind === 'rdp' && state.name === 'connecting' && (
            <StepButton label="Cancel" isPrimary={false} onClick={() => session.disconnect()} />
          )}
          {step === 'takeOver' && (
            <>
              <StepButton label="Take over" onClick={() => void takeOver()} />
              {onWatch && <StepButton label="Watch" isPrimary={false} onClick={onWatch} />}
              {kind === 'vnc' && (
                <StepButton
                  label="Wait until it is free"
                  isPrimary={false}
                  onClick={() => session.connect({ wait: true })}
                />
              )}
            </>
          )}
          {state.name === 'waiting' && (
            <>
              {onWatch && <StepButton label="Watch" isPrimary={false} onClick={onWatch} />}
              <StepButton
                label="Stop waiting"
                isPrimary={false}
                onClick={() => session.disconnect()}
              />
            </>
          )}
          {step === 'retryNow' && <StepButton label="Try now" onClick={() => connect()} />}
          {step === 'signIn' && (
            <>
              {/* Not in place of this page, which would lose what the console shows. */}
              <StepButton
                label="Sign in again"
                onClick={() => (keeper ? keeper.ask() : window.open(href, '_blank'))}
              />
              <StepButton label="Try now" isPrimary={false} onClick={() => connect()} />
            </>
          )}
          {step === 'moveHere' && (
            <>
              <StepButton label="Move here" onClick={() => connect({ move: true })} />
              {kind === 'serial' && (
                <StepButton
                  label="Follow here"
                  isPrimary={false}
                  onClick={() => connect({ follow: true })}
                />
              )}
            </>
          )}
          {step === 'start' && !isOnItsWay && startAction && (
            <StartButton
              session={session}
              namespace={namespace}
              name={name}
              startAction={startAction}
              onStep={onStep}
            />
          )}
        </>
      }
      extra={step === 'start' && heldKey && <HeldKeyChoice heldKey={heldKey} />}
    >
      {words.body}
      {state.name === 'disconnected' && state.cause === 'network' && state.retryAt && (
        <span className="kc-console-countdown">
          <Countdown until={state.retryAt} />
        </span>
      )}
      {state.name === 'waiting' && (
        <span className="kc-console-countdown">
          <Waiting since={state.since} retryAt={state.retryAt} />
        </span>
      )}
    </ConsoleMessage>
  )
}

/** The time, twice a second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return now
}

function Countdown({ until }: { until: number }) {
  const seconds = Math.max(0, Math.ceil((until - useNow()) / 1000))
  return <>Next try in {seconds} s.</>
}

function Waiting({ since, retryAt }: { since: number; retryAt: number }): ReactNode {
  const seconds = Math.floor((useNow() - since) / 1000)
  const waited = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`
  return (
    <>
      Waiting for {waited}. <Countdown until={retryAt} />
    </>
  )
}
