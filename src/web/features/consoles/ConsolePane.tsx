import './consoles.css'
import './rdp/rdp.css'
import { Button, Title, Tooltip } from '@patternfly/react-core'
import { UnpluggedIcon } from '@patternfly/react-icons'
import { useEffect, useRef, useState, type ReactNode } from 'react'

import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { useMachineActions } from '../../ui/machine-actions.ts'
import { bestKind, useCanWatch, useConsoleOffers } from './console-offers.ts'
import { ConsoleMessage } from './ConsoleMessage.tsx'
import { ConsoleStrips } from './ConsoleStrips.tsx'
import { ConsoleTypeToggle } from './ConsoleTypeToggle.tsx'
import { FullscreenButton } from './FullscreenButton.tsx'
import { KeyboardHint } from './KeyboardHint.tsx'
import { AddBesideButton } from './many/AddBesideButton.tsx'
import { NewWindowButton } from './NewWindowButton.tsx'
import { OtherClients } from './rdp/OtherClients.tsx'
import { rdpAvailability } from './rdp/rdp-availability.ts'
import { RdpControls } from './rdp/RdpControls.tsx'
import { RdpSignIn } from './rdp/RdpSignIn.tsx'
import { SerialControls } from './serial/SerialControls.tsx'
import { SerialPanels } from './serial/SerialPanels.tsx'
import { findConsoleSession } from './session/console-sessions.ts'
import type { ConsoleKind } from './session/console-state.ts'
import { guestFacts } from './session/guest-facts.ts'
import { heldKeyOf } from './session/held-key.ts'
import { SessionScreen } from './session/SessionScreen.tsx'
import { HeldKeyNote } from './session/StartOffer.tsx'
import { stateTone, stateWords } from './session/state-words.ts'
import { StateMessage } from './session/StateMessage.tsx'
import { useOpenConsole, useSessionState, type OpenConsole } from './session/use-console-session.ts'
import { ScreenMarks } from './vnc/ScreenMarks.tsx'
import { VncControls } from './vnc/VncControls.tsx'
import { VncStrips } from './vnc/VncStrips.tsx'
import { WatchScreen } from './vnc/WatchScreen.tsx'

export interface Machine {
  /** Absent for a standalone instance. */
  vm?: VirtualMachine
  /** Absent while the VM is off. */
  vmi?: VirtualMachineInstance
  namespace: string
  name: string
}

interface ConsolePaneProps extends Machine {
  /** Undefined: the best there is. */
  kind: ConsoleKind | undefined
  onKind: (kind: ConsoleKind) => void
  /** The console has a window of its own. */
  standalone?: boolean
  /** At the end of the bar: what there is beside the console. */
  beside?: ReactNode
  /** The console is one of several: which one it is, and what the bar offers instead of the usual. */
  compact?: { heading: ReactNode; controls: (open: OpenConsole | undefined) => ReactNode }
}

/** One console of one guest: a bar, and the screen in the rest of the room there is. */
export function ConsolePane({
  vm,
  vmi,
  namespace,
  name,
  kind: asked,
  onKind,
  standalone = false,
  beside,
  compact,
}: ConsolePaneProps) {
  const isWhole = compact === undefined
  const target = { namespace, name }
  const offers = useConsoleOffers({ vm, vmi, namespace })
  const kind = asked ?? bestKind(offers)
  const offer = offers[kind]

  // A session that is there says itself what has become of it, and keeps what it shows.
  const isOpenable = offer.reason === undefined || findConsoleSession(kind, target) !== undefined
  const open = useOpenConsole(
    isOpenable ? kind : undefined,
    target,
    vm ? virtualMachineKind : virtualMachineInstanceKind,
  )
  const state = useSessionState(open?.session)
  const heldKey = open?.kind === 'vnc' ? heldKeyOf(open.session) : undefined
  const vncState = useSessionState(findConsoleSession('vnc', target))
  const serialState = useSessionState(findConsoleSession('serial', target))
  const rdpState = useSessionState(findConsoleSession('rdp', target))

  const guest = guestFacts(vmi, vm)
  const actions = useMachineActions(vm, vmi)
  const unpause = actions.find(({ id }) => id === 'unpause')
  const canWatch = useCanWatch(namespace)
  const [isWatching, setIsWatching] = useState(false)
  const isLive = state?.name === 'live'
  const mayWatch = canWatch && kind === 'vnc' && guest.running
  const [areOtherClientsShown, setOtherClientsShown] = useState(false)
  const availability = rdpAvailability(vm, vmi)
  const otherClients = kind === 'rdp' && offer.reason === undefined && vmi && (
    <OtherClients
      {...target}
      vmi={vmi}
      warning={availability.warning}
      note={open ? undefined : rdpNeedsGateway}
    />
  )
  const isWatchShown = isWatching && mayWatch && !isLive

  // Whoever chose a console, or pressed a button in the middle of it, wants to type there.
  const wantsFocus = useRef(false)
  useEffect(() => {
    if (!isLive) return
    if (wantsFocus.current) open?.session.display?.focus()
    wantsFocus.current = false
  }, [isLive, open])

  const root = useRef<HTMLDivElement>(null)
  // On a phone what stands above it on the page leaves it little room.
  const isPartOfPage = isWhole && !standalone
  useEffect(() => {
    if (isPartOfPage && window.matchMedia('(max-width: 30rem)').matches)
      root.current?.scrollIntoView({ block: 'start' })
  }, [isPartOfPage])

  // One of several says whose it is.
  const region = isWhole ? consoleRegions[kind] : `${consoleRegions[kind]} of ${name}`
  const words = state && stateWords(state, { kind: open?.kind ?? 'vnc', name, guest })
  const isOpening = state !== undefined && stateTone(state) === 'busy'

  const screen = open && state && (
    <SessionScreen
      key={kind}
      session={open.session}
      state={state}
      label={region}
      marks={open.kind === 'vnc' && <ScreenMarks session={open.session} />}
      note={heldKey && <HeldKeyNote heldKey={heldKey} name={name} />}
      onFocus={() => {
        wantsFocus.current = true
        open.session.display?.focus()
      }}
    >
      {isWatchShown && <WatchScreen {...target} onStop={() => setIsWatching(false)} />}
      {open.kind === 'rdp' && state.name === 'signIn' && (
        <RdpSignIn
          {...target}
          session={open.session}
          problem={state.problem}
          doubt={availability.doubt}
          warning={availability.warning}
          onStep={() => {
            wantsFocus.current = true
          }}
        />
      )}
      {!isLive && !isWatchShown && state.name !== 'signIn' && (
        <StateMessage
          session={open.session}
          state={state}
          guest={guest}
          {...target}
          heldKey={heldKey}
          startAction={vm && actions.find(({ id }) => id === 'start')}
          onWatch={mayWatch ? () => setIsWatching(true) : undefined}
          onStep={() => {
            wantsFocus.current = true
            setIsWatching(false)
          }}
        />
      )}
    </SessionScreen>
  )

  return (
    <div ref={root} className="kc-consoles" data-standalone={standalone} data-compact={!isWhole}>
      <div className="kc-console-bar">
        {compact?.heading}
        {standalone && (
          <Title headingLevel="h1" size="md">
            {name}
          </Title>
        )}
        <ConsoleTypeToggle
          offers={offers}
          selected={kind}
          tones={{
            vnc: stateTone(vncState),
            serial: stateTone(serialState),
            rdp: stateTone(rdpState),
          }}
          onSelect={(next) => {
            wantsFocus.current = true
            onKind(next)
          }}
        />
        <output className="kc-console-word">
          {words?.word ?? (offer.reason === undefined ? '' : 'Not available')}
        </output>
        <div className="kc-console-controls">
          {compact?.controls(open)}
          {isWhole && open?.kind === 'vnc' && (
            <VncControls session={open.session} isLive={isLive} {...target} />
          )}
          {isWhole && open?.kind === 'rdp' && (
            <RdpControls
              session={open.session}
              isLive={isLive}
              areOthersShown={areOtherClientsShown}
              onShowOthers={setOtherClientsShown}
            />
          )}
          {isWhole && open?.kind === 'serial' && (
            <SerialControls session={open.session} isLive={isLive} name={name} />
          )}
          {isWhole && <FullscreenButton container={root} />}
          {isWhole && !standalone && open && (
            <>
              <AddBesideButton console={{ ...target, kind }} />
              <NewWindowButton
                target={target}
                kind={kind}
                onOpened={() => open.session.disconnect('moved')}
              />
            </>
          )}
          {isWhole && open && (
            <Tooltip content="Disconnect">
              <Button
                variant="plain"
                icon={<UnpluggedIcon />}
                aria-label="Disconnect"
                isAriaDisabled={!isLive && !isOpening}
                onClick={() => open.session.disconnect()}
              />
            </Tooltip>
          )}
          {beside}
        </div>
      </div>

      {isWhole && open?.kind === 'vnc' && <VncStrips session={open.session} isLive={isLive} />}

      {open && state && (
        <ConsoleStrips
          session={open.session}
          state={state}
          isGuestPaused={guest.paused}
          unpause={unpause}
        />
      )}

      {offer.reason !== undefined && !open && (
        <section aria-label={region} className="kc-console-screen">
          <div className="kc-console-overlay">
            <ConsoleMessage title={unavailableTitles[kind]}>{offer.reason}</ConsoleMessage>
          </div>
        </section>
      )}
      {!open && otherClients && (
        <section aria-label={consoleRegions.rdp} className="kc-rdp-region">
          {otherClients}
        </section>
      )}
      {open?.kind === 'serial' && (
        <SerialPanels session={open.session} isLive={isLive} name={name} />
      )}
      {open?.kind === 'rdp' ? (
        <div className="kc-rdp-region">
          {screen}
          {areOtherClientsShown && otherClients}
        </div>
      ) : (
        screen
      )}
      {isWhole && open && (
        <KeyboardHint kind={open.kind} live={state?.name === 'live' ? state : undefined} />
      )}
    </div>
  )
}

const consoleRegions: Record<ConsoleKind, string> = {
  vnc: 'VNC console',
  serial: 'Serial console',
  rdp: 'RDP console',
}

const rdpNeedsGateway =
  'Here the desktop opens in a client of your own: showing it in the page takes the gateway of the stand-alone console.'

const unavailableTitles: Record<ConsoleKind, string> = {
  vnc: "The VNC console can't be used",
  serial: "The serial console can't be used",
  rdp: "RDP can't be used",
}
