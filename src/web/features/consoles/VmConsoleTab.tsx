import './consoles.css'
import { Button, Title, Tooltip } from '@patternfly/react-core'
import { CompressIcon, ExpandIcon, ExternalLinkAltIcon } from '@patternfly/react-icons'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useHref, useSearchParams } from 'react-router'

import {
  virtualMachineInstanceKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { useMachineActions } from '../../ui/machine-actions.ts'
import { consoleWindowPath } from '../../ui/page-paths.ts'
import { useStoredChoice } from '../../ui/stored-choice.ts'
import { showToast } from '../../ui/toasts.tsx'
import { chosenType, useCanWatch, useConsoleOffers, type ConsoleType } from './console-types.ts'
import { StepButton, ConsoleMessage } from './ConsoleMessage.tsx'
import { ConsoleTypeToggle } from './ConsoleTypeToggle.tsx'
import { rdpAvailability } from './rdp/rdp-availability.ts'
import { RdpConsole } from './rdp/RdpConsole.tsx'
import { findConsoleSession } from './session/console-sessions.ts'
import { guestFacts } from './session/guest-facts.ts'
import { SessionScreen } from './session/SessionScreen.tsx'
import { stateTone, stateWords } from './session/state-words.ts'
import { StateMessage } from './session/StateMessage.tsx'
import { useOpenConsole, useSessionNews, useSessionState } from './session/use-console-session.ts'
import type { VncScale } from './vnc/vnc-display.ts'
import { VncControls } from './vnc/VncControls.tsx'
import { WatchScreen } from './vnc/WatchScreen.tsx'

interface VmConsoleTabProps {
  /** Absent for a standalone instance. */
  vm?: VirtualMachine
  /** Absent while the VM is off. */
  vmi?: VirtualMachineInstance
  namespace: string
  name: string
  /** The console has a window of its own. */
  standalone?: boolean
}

/** The consoles of a VM: one bar, and the screen in the rest of the window. */
export function VmConsoleTab({ vm, vmi, namespace, name, standalone = false }: VmConsoleTabProps) {
  const target = { namespace, name }
  const [search, setSearch] = useSearchParams()
  const offers = useConsoleOffers({ vm, vmi, namespace })
  const type = chosenType(search.get('type'), offers)
  const offer = offers[type]

  const open = useOpenConsole(
    type === 'rdp' || offer.reason !== undefined ? undefined : type,
    target,
  )
  const state = useSessionState(open?.session)
  // The page watches the same object, so this asks the cluster nothing more.
  const { connection } = useLiveObject(virtualMachineInstanceKind, target)
  const isReconnecting = connection !== 'live'
  useSessionNews('vnc', target, vmi, offers.vnc.allowed, isReconnecting)
  useSessionNews('serial', target, vmi, offers.serial.allowed, isReconnecting)
  const vncState = useSessionState(findConsoleSession('vnc', target))
  const serialState = useSessionState(findConsoleSession('serial', target))

  const [storedScale, storeScale] = useStoredChoice('console-scale')
  const scale: VncScale = storedScale === 'actual' ? 'actual' : 'fit'
  const vncDisplay = open?.kind === 'vnc' ? open.session.display : undefined
  useEffect(() => vncDisplay?.setScale(scale), [vncDisplay, scale])

  const guest = guestFacts(vmi)
  const actions = useMachineActions(vm, vmi)
  const unpause = actions.find(({ id }) => id === 'unpause')
  const canWatch = useCanWatch(namespace)
  const [isWatching, setIsWatching] = useState(false)
  const isLive = state?.name === 'live'
  const mayWatch = canWatch && type === 'vnc' && guest.running
  const isWatchShown = isWatching && mayWatch && !isLive

  // Whoever chose a console, or pressed a button in the middle of it, wants to type there.
  const wantsFocus = useRef(false)
  useEffect(() => {
    if (!isLive) return
    if (wantsFocus.current) open?.session.display?.focus()
    wantsFocus.current = false
  }, [isLive, open])

  const root = useRef<HTMLDivElement>(null)

  const words = state && stateWords(state, { kind: open?.kind ?? 'vnc', name, guest })
  const isOpening = state !== undefined && stateTone(state) === 'busy'

  return (
    <div ref={root} className="kc-consoles" data-standalone={standalone}>
      <div className="kc-console-bar">
        {standalone && (
          <Title headingLevel="h1" size="md">
            {name}
          </Title>
        )}
        <ConsoleTypeToggle
          offers={offers}
          selected={type}
          tones={{ vnc: stateTone(vncState), serial: stateTone(serialState), rdp: 'idle' }}
          onSelect={(next) => {
            wantsFocus.current = true
            search.set('type', next)
            setSearch(search, { replace: true })
          }}
        />
        <output className="kc-console-word">
          {words?.word ?? (offer.reason === undefined ? '' : 'Not available')}
        </output>
        <div className="kc-console-controls">
          {open?.kind === 'vnc' && (
            <VncControls
              session={open.session}
              isLive={isLive}
              name={name}
              scale={scale}
              onScale={storeScale}
            />
          )}
          <FullscreenButton container={root} />
          {!standalone && open && (
            <NewWindowButton
              target={target}
              type={type}
              onOpened={() => open.session.disconnect('moved')}
            />
          )}
          {open && (
            <Button
              variant="secondary"
              isAriaDisabled={!isLive && !isOpening}
              onClick={() => open.session.disconnect()}
            >
              Disconnect
            </Button>
          )}
        </div>
      </div>

      {guest.paused && unpause && open && (
        <div className="kc-console-strip" role="note">
          <span>{name} is paused: nothing moves, and keys wait.</span>
          <StepButton
            label="Unpause"
            isPrimary={false}
            isPending={unpause.isPending}
            disabledReason={unpause.disabledReason}
            onClick={() => void unpause.run()}
          />
        </div>
      )}

      {offer.reason !== undefined && (
        <section aria-label={consoleRegions[type]} className="kc-console-screen">
          <div className="kc-console-overlay">
            <ConsoleMessage title={unavailableTitles[type]}>{offer.reason}</ConsoleMessage>
          </div>
        </section>
      )}
      {offer.reason === undefined && type === 'rdp' && vmi && (
        <RdpConsole
          vmi={vmi}
          namespace={namespace}
          name={name}
          warning={rdpAvailability(vm, vmi).warning}
        />
      )}
      {open && state && (
        <SessionScreen
          key={type}
          session={open.session}
          state={state}
          label={consoleRegions[type]}
          onFocus={() => {
            wantsFocus.current = true
            open.session.display?.focus()
          }}
        >
          {isWatchShown && <WatchScreen {...target} onStop={() => setIsWatching(false)} />}
          {!isLive && !isWatchShown && (
            <StateMessage
              session={open.session}
              state={state}
              guest={guest}
              name={name}
              startAction={vm && actions.find(({ id }) => id === 'start')}
              onWatch={mayWatch ? () => setIsWatching(true) : undefined}
              onStep={() => {
                wantsFocus.current = true
                setIsWatching(false)
              }}
            />
          )}
        </SessionScreen>
      )}
      {open && <KeyboardHint kind={open.kind} isLive={isLive} />}
    </div>
  )
}

const consoleRegions: Record<ConsoleType, string> = {
  vnc: 'VNC console',
  serial: 'Serial console',
  rdp: 'RDP console',
}

const unavailableTitles: Record<ConsoleType, string> = {
  vnc: "The VNC console can't be used",
  serial: "The serial console can't be used",
  rdp: "RDP can't be used",
}

/** How the keyboard gets in and out; which half shows depends on where the focus is. */
function KeyboardHint({ kind, isLive }: { kind: 'vnc' | 'serial'; isLive: boolean }) {
  return (
    // Hidden it keeps its height, so that the screen does not change size with the connection.
    <div className="kc-console-hint" data-hidden={!isLive}>
      <span className="kc-console-hint-outside">
        {kind === 'vnc' ? 'Click the screen to type.' : 'Click the terminal to type.'}
      </span>
      <span className="kc-console-hint-inside">
        {kind === 'vnc'
          ? 'Every key goes to the guest, Tab included. Ctrl+Alt gives the keyboard back.'
          : 'Every key goes to the guest, Tab included. Ctrl+Alt gives the keyboard back; Ctrl+Shift+C copies, Ctrl+Shift+V pastes.'}
      </span>
    </div>
  )
}

function FullscreenButton({ container }: { container: RefObject<HTMLElement | null> }) {
  const [isFullscreen, setIsFullscreen] = useState(false)
  useEffect(() => {
    const update = () => setIsFullscreen(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', update)
    return () => document.removeEventListener('fullscreenchange', update)
  }, [])
  const label = isFullscreen ? 'Leave fullscreen' : 'Fullscreen'
  return (
    <Tooltip content={isFullscreen ? label : `${label}; Esc leaves it`}>
      <Button
        variant="plain"
        icon={isFullscreen ? <CompressIcon /> : <ExpandIcon />}
        aria-label={label}
        onClick={() => {
          // A refusal (an iframe without the permission) leaves the page as it is.
          if (isFullscreen) void document.exitFullscreen()
          else container.current?.requestFullscreen().catch(() => undefined)
        }}
      />
    </Tooltip>
  )
}

interface NewWindowButtonProps {
  target: { namespace: string; name: string }
  type: ConsoleType
  /** The window is there; the session is to be its own. */
  onOpened: () => void
}

function NewWindowButton({ target, type, onOpened }: NewWindowButtonProps) {
  const href = useHref(`${consoleWindowPath(target, virtualMachineInstanceKind)}?type=${type}`)
  return (
    <Tooltip content="Open in new window">
      <Button
        variant="plain"
        icon={<ExternalLinkAltIcon />}
        aria-label="Open in new window"
        onClick={() => {
          const opened = window.open(href, '_blank', 'popup,width=1100,height=800')
          if (opened) onOpened()
          else {
            showToast({
              variant: 'warning',
              title: 'The browser did not open a window',
              body: 'Allow pop-up windows for this page and try again.',
            })
          }
        }}
      />
    </Tooltip>
  )
}
