import { MenuToggle, Popper, Radio, Switch } from '@patternfly/react-core'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'

import type { VncDisplay, VncScreen } from './vnc-display.ts'
import type { Picture, VncScale, VncView } from './vnc-view.ts'

interface ViewMenuProps {
  display: VncDisplay | undefined
  screen: VncScreen | undefined
  /** Of the machine. */
  name: string
  view: VncView
  onView: (part: Partial<VncView>) => void
  isKeyBarShown: boolean
  onKeyBar: (isShown: boolean) => void
}

const scales: Record<VncScale, string> = { fit: 'Fit', actual: '1:1' }

const pictures: Record<Picture, string> = {
  best: 'Best picture',
  balanced: 'Balanced',
  slow: 'Slow link',
}

/** How the screen is shown, and what is shown beside it. Not a menu: several choices are made at once. */
export function ViewMenu(props: ViewMenuProps) {
  const [isOpen, setIsOpen] = useState(false)
  const toggle = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!isOpen) return
    const abort = new AbortController()
    const { signal } = abort
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || !panel.current?.contains(document.activeElement)) return
        setIsOpen(false)
        toggle.current?.focus()
      },
      { signal },
    )
    // In the capture phase: noVNC keeps clicks on the screen to itself.
    document.addEventListener(
      'pointerdown',
      ({ target }) => {
        const isInside = [toggle, panel].some(({ current }) => current?.contains(target as Node))
        if (!isInside) setIsOpen(false)
      },
      { signal, capture: true },
    )
    return () => abort.abort()
  }, [isOpen])

  return (
    <Popper
      isVisible={isOpen}
      triggerRef={toggle}
      position="start"
      preventOverflow
      popperRef={panel}
      trigger={
        <MenuToggle
          ref={toggle}
          isExpanded={isOpen}
          aria-haspopup="dialog"
          onClick={() => setIsOpen(!isOpen)}
        >
          View
        </MenuToggle>
      }
      popper={
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a dialog element is hidden until opened
        <div ref={panel} role="dialog" aria-label="View" className="kc-vnc-view">
          <ViewChoices {...props} />
        </div>
      }
    />
  )
}

function ViewChoices({
  display,
  screen,
  name,
  view,
  onView,
  isKeyBarShown,
  onKeyBar,
}: ViewMenuProps) {
  return (
    <>
      <Choices
        label="Size"
        choices={scales}
        chosen={view.scale}
        onChoose={(scale) => onView({ scale })}
      />
      {view.scale === 'actual' && (
        <Choice
          label="Drag to move the screen"
          help={
            screen?.overflows
              ? 'The mouse and the wheel then stay here.'
              : 'All of the screen is in view.'
          }
          isOn={screen?.isPanning ?? false}
          isDisabled={!screen?.overflows}
          onChange={(isOn) => display?.setPanning(isOn)}
        />
      )}
      <Choice
        label="Resize the guest’s screen with the window"
        help={followHelp(name, screen, view)}
        isOn={view.followsWindow}
        onChange={(followsWindow) => onView({ followsWindow })}
      />
      <Choices
        label="Picture"
        choices={pictures}
        chosen={view.picture}
        onChoose={(picture) => onView({ picture })}
      />
      <Choice
        label="View only"
        help="Neither keys nor the mouse go to the guest."
        isOn={screen?.isViewOnly ?? false}
        isDisabled={!display}
        onChange={(isOn) => display?.setViewOnly(isOn)}
      />
      <Choice
        label="Key bar"
        help="Keys to hold or to touch, above the screen."
        isOn={isKeyBarShown}
        onChange={onKeyBar}
      />
      <Choice
        label="Connection"
        help="How quick it is, measured while it is shown."
        isOn={screen?.isConnectionShown ?? false}
        isDisabled={!display}
        onChange={(isOn) => display?.showConnection(isOn)}
      />
    </>
  )
}

function followHelp(name: string, screen: VncScreen | undefined, view: VncView): string {
  if (!view.followsWindow) return 'Where the guest’s display driver can.'
  if (screen?.isViewOnly) return 'Not while it is view only.'
  if (screen?.followsWindow === true) return `${name} follows.`
  if (screen?.followsWindow === false) {
    const { width, height } = screen.size ?? { width: 0, height: 0 }
    return `${name} keeps ${width} × ${height}: its display or driver doesn’t follow.`
  }
  return 'Asked.'
}

interface ChoicesProps<Value extends string> {
  label: string
  choices: Record<Value, string>
  chosen: Value
  onChoose: (value: Value) => void
}

function Choices<Value extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: ChoicesProps<Value>): ReactNode {
  const id = useId()
  return (
    <div role="radiogroup" aria-labelledby={id} className="kc-vnc-view-choices">
      <div id={id} className="kc-vnc-view-title">
        {label}
      </div>
      {(Object.keys(choices) as Value[]).map((value) => (
        <Radio
          key={value}
          id={`${id}-${value}`}
          name={id}
          label={choices[value]}
          isChecked={value === chosen}
          onChange={() => onChoose(value)}
        />
      ))}
    </div>
  )
}

interface ChoiceProps {
  label: string
  help: string
  isOn: boolean
  isDisabled?: boolean
  onChange: (isOn: boolean) => void
}

function Choice({ label, help, isOn, isDisabled = false, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div>
      <Switch
        label={label}
        isChecked={isOn}
        isDisabled={isDisabled}
        aria-describedby={id}
        onChange={(_event, checked) => onChange(checked)}
      />
      <div id={id} className="kc-vnc-view-help">
        {help}
      </div>
    </div>
  )
}
