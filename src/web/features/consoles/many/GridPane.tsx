import { Button, Checkbox, Label } from '@patternfly/react-core'
import { CompressIcon, ExpandIcon, GripVerticalIcon, KeyboardIcon } from '@patternfly/react-icons'
import { useEffect, type DragEvent } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../../kube/kinds.ts'
import { vmiStatus, vmStatus } from '../../../../kube/vm-status.ts'
import { useMachine } from '../../../data/machine.ts'
import { ActionMenu, type MenuAction } from '../../../ui/ActionMenu.tsx'
import { objectPagePath, type ConsoleRef } from '../../../ui/page-paths.ts'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { StatusIcon } from '../../../ui/StatusLabel.tsx'
import { consoleLabels } from '../console-offers.ts'
import { StepButton, ConsoleMessage } from '../ConsoleMessage.tsx'
import { ConsolePane } from '../ConsolePane.tsx'
import { consoleKinds } from '../session/console-state.ts'
import type { OpenConsole } from '../session/use-console-session.ts'
import { usualCombinations } from '../vnc/key-combinations.ts'
import type { Broadcast, BroadcastMember } from './broadcast.ts'

/** A fieldset wouldn't shrink below what it holds. */
const paneRole = { role: 'group' }

interface GridPaneProps {
  console: ConsoleRef
  id: string
  /** `web-1 VNC` */
  label: string
  place: number
  count: number
  isMaximised: boolean
  /** Another one has all the room. */
  isHidden: boolean
  broadcast: Broadcast
  /** Whether the user types to several consoles. */
  isTyping: boolean
  member: BroadcastMember | undefined
  /** Something else is being dragged. */
  isDropTarget: boolean
  onDrag: (id: string | undefined) => void
  onDrop: () => void
  onMove: (to: number) => void
  onMaximise: () => void
  onKind: (kind: ConsoleRef['kind']) => void
  onRemove: () => void
}

/** One of several consoles: a line that says which, and its screen. */
export function GridPane(props: GridPaneProps) {
  const { console: ref, id, label, isHidden, broadcast, isTyping, member, onRemove } = props
  const { namespace, name, kind } = ref
  const { vm, vmi, isLoading, error } = useMachine({ namespace, name })
  const receives = isTyping && member?.isChosen === true
  const isMissing = !isLoading && !vm && !vmi
  return (
    <div
      {...paneRole}
      aria-label={`${label} in ${namespace}`}
      className="kc-pane"
      data-console={id}
      data-receives={receives}
      hidden={isHidden}
      {...(props.isDropTarget && dropTarget(props.onDrop))}
    >
      {isLoading && <LoadingLines label={`Loading ${name}`} count={2} />}
      {isMissing && (
        <ConsoleMessage
          title={error ? `${name} can’t be shown` : `There is no VM ${name} in ${namespace}`}
          actions={<StepButton label="Remove from here" onClick={onRemove} />}
        >
          {error?.message}
        </ConsoleMessage>
      )}
      {!isLoading && !isMissing && (
        <ConsolePane
          {...(vm && { vm })}
          {...(vmi && { vmi })}
          namespace={namespace}
          name={name}
          kind={kind}
          onKind={props.onKind}
          compact={{
            heading: (
              <PaneHeading
                {...props}
                status={vm ? vmStatus(vm, vmi) : vmi && vmiStatus(vmi)}
                path={objectPagePath(
                  vm ? virtualMachineKind : virtualMachineInstanceKind,
                  { namespace, name: vm?.metadata.name ?? name },
                  'console',
                )}
              />
            ),
            controls: (open) => (
              <>
                {open && open.kind === kind && (
                  <Seat broadcast={broadcast} id={id} label={label} open={open} />
                )}
                <PaneControls {...props} open={open} />
              </>
            ),
          }}
        />
      )}
    </div>
  )
}

function dropTarget(onDrop: () => void) {
  return {
    'data-drop': true,
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop(event: DragEvent) {
      event.preventDefault()
      onDrop()
    },
  }
}

/** Takes its console's seat among those that can be typed to. */
function Seat({
  broadcast,
  id,
  label,
  open: { session },
}: {
  broadcast: Broadcast
  id: string
  label: string
  open: OpenConsole
}) {
  useEffect(() => broadcast.join(id, label, session), [broadcast, id, label, session])
  return null
}

interface PaneHeadingProps extends GridPaneProps {
  status: ReturnType<typeof vmiStatus> | undefined
  path: string
}

function PaneHeading({
  console: { namespace, name },
  id,
  label,
  status,
  path,
  broadcast,
  isTyping,
  member,
  onDrag,
}: PaneHeadingProps) {
  const isChosen = member?.isChosen === true
  return (
    <div
      className="kc-pane-heading"
      draggable
      onDragStart={({ dataTransfer }) => {
        dataTransfer.effectAllowed = 'move'
        dataTransfer.setData('text/plain', id)
        onDrag(id)
      }}
      onDragEnd={() => onDrag(undefined)}
    >
      <GripVerticalIcon className="kc-pane-grip" />
      {isTyping && (
        // What is disabled tells the pointer nothing by itself.
        <span {...(member?.reason !== undefined && { 'data-hint': member.reason })}>
          <Checkbox
            id={`type-to-${id}`}
            aria-label={`Type to ${label}`}
            isChecked={isChosen}
            isDisabled={member === undefined || member.reason !== undefined}
            onChange={(_event, isChecked) => broadcast.choose(id, isChecked)}
          />
        </span>
      )}
      {status && (
        <span data-hint={status.label}>
          <StatusIcon label={status.label} tone={status.tone} />
          <span className="pf-v6-screen-reader">{status.label}</span>
        </span>
      )}
      <span className="kc-truncate kc-pane-name" title={`${name} in ${namespace}`}>
        <Link className="kc-name" to={path} draggable={false}>
          {name}
        </Link>{' '}
        <span className="kc-muted">{namespace}</span>
      </span>
      {isTyping && isChosen && (
        <Label isCompact color="orange" variant="filled" icon={<KeyboardIcon />}>
          Receives typing
        </Label>
      )}
    </div>
  )
}

interface PaneControlsProps extends GridPaneProps {
  open: OpenConsole | undefined
}

function PaneControls(props: PaneControlsProps) {
  const { label, isMaximised, onMaximise, count } = props
  function useActions() {
    return paneActions(props)
  }
  return (
    <div className="kc-pane-controls">
      {count > 1 && (
        <Button
          variant="plain"
          aria-label={isMaximised ? 'Show all consoles' : `Maximise ${label}`}
          data-hint={isMaximised ? 'Show all consoles' : 'Maximise'}
          icon={isMaximised ? <CompressIcon /> : <ExpandIcon />}
          onClick={onMaximise}
        />
      )}
      <ActionMenu isKebab label={`Actions for ${label}`} useActions={useActions} />
    </div>
  )
}

function paneActions({
  open,
  place,
  count,
  isMaximised,
  console: { kind },
  onMove,
  onKind,
  onRemove,
}: PaneControlsProps): MenuAction[] {
  const action = (
    id: string,
    label: string,
    run: () => void,
    disabledReason?: string,
  ): MenuAction => ({
    id,
    label,
    isPending: false,
    ...(disabledReason !== undefined && { disabledReason }),
    run() {
      if (disabledReason === undefined) run()
      return Promise.resolve()
    },
  })
  const isLive = open?.session.getState().name === 'live'
  const alone = isMaximised ? 'It has all the room now.' : undefined
  return [
    action(
      'left',
      'Move left',
      () => onMove(place - 1),
      alone ?? (place === 0 ? 'It is the first.' : undefined),
    ),
    action(
      'right',
      'Move right',
      () => onMove(place + 1),
      alone ?? (place === count - 1 ? 'It is the last.' : undefined),
    ),
    // In a narrow pane they are here only.
    ...consoleKinds
      .filter((one) => one !== kind)
      .map((one) => action(one, `Show ${consoleLabels[one]}`, () => onKind(one))),
    ...(open?.kind === 'vnc'
      ? usualCombinations.slice(0, 1).map(({ label, keys }) =>
          action(
            'keys',
            `Send ${label}`,
            () => {
              open.session.display?.sendKeys(keys)
              open.session.display?.focus()
            },
            isLive ? undefined : 'It is not connected.',
          ),
        )
      : []),
    ...(open
      ? [
          isLive
            ? action('disconnect', 'Disconnect', () => open.session.disconnect())
            : action('connect', 'Connect', () => open.session.connect()),
        ]
      : []),
    action('remove', 'Remove from here', onRemove),
  ]
}
