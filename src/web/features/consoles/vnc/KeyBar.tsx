import { Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core'
import { KeyboardIcon } from '@patternfly/react-icons'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

import {
  keyOfCode,
  keysOfCharacter,
  modifierKeys,
  modifierNames,
  type Key,
  type ModifierName,
} from './keyboard-keys.ts'
import type { HeldModifiers } from './sticky-modifiers.ts'
import { typedChange } from './typed-change.ts'
import type { VncDisplay } from './vnc-display.ts'

interface KeyBarProps {
  display: VncDisplay | undefined
  held: HeldModifiers
  /** Why no keys can be sent. */
  disabledReason: string | undefined
}

const arrows: [code: string, sign: string, name: string][] = [
  ['ArrowLeft', '←', 'Left'],
  ['ArrowUp', '↑', 'Up'],
  ['ArrowDown', '↓', 'Down'],
  ['ArrowRight', '→', 'Right'],
]

/** Keys for those without a keyboard, or with one hand; above the screen, where no on-screen keyboard covers it. */
export function KeyBar({ display, held, disabledReason }: KeyBarProps) {
  const [areFunctionKeysShown, setAreFunctionKeysShown] = useState(false)
  const isDisabled = disabledReason !== undefined

  /** A button takes no focus from the screen; whoever has it nowhere wants it there. */
  function returnFocus() {
    if (document.activeElement === document.body) display?.focus()
  }

  function keyButton(code: string, face?: string, label?: string): ReactNode {
    const key = keyOfCode(code)
    if (!key) return null
    return (
      <Button
        key={code}
        variant="control"
        size="sm"
        aria-label={label ?? key.name}
        isAriaDisabled={isDisabled}
        onClick={() => {
          display?.sendKeys([key])
          returnFocus()
        }}
      >
        {face ?? key.name}
      </Button>
    )
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keeps the focus where it is
    <fieldset
      aria-label="Key bar"
      className="kc-vnc-key-bar"
      data-hint={disabledReason}
      onMouseDown={(event) => {
        if (!(event.target instanceof HTMLTextAreaElement)) event.preventDefault()
      }}
    >
      <ToggleGroup aria-label="Hold" isCompact>
        {modifierNames.map((name) => (
          <ModifierItem
            key={name}
            name={name}
            how={held[name]}
            isDisabled={isDisabled}
            onToggle={() => {
              display?.toggleModifier(name)
              returnFocus()
            }}
          />
        ))}
      </ToggleGroup>
      {keyButton('Escape')}
      {keyButton('Tab')}
      {areFunctionKeysShown
        ? Array.from({ length: 12 }, (_, index) => keyButton(`F${index + 1}`))
        : arrows.map(([code, sign, name]) => keyButton(code, sign, name))}
      <Button
        variant="control"
        size="sm"
        aria-label="Function keys"
        aria-pressed={areFunctionKeysShown}
        onClick={() => setAreFunctionKeysShown(!areFunctionKeysShown)}
      >
        F1–F12
      </Button>
      <OnScreenKeyboard isDisabled={isDisabled} onKeys={(keys) => display?.sendKeys(keys)} />
    </fieldset>
  )
}

function ModifierItem({
  name,
  how,
  isDisabled,
  onToggle,
}: {
  name: ModifierName
  how: HeldModifiers[ModifierName]
  isDisabled: boolean
  onToggle: () => void
}) {
  return (
    <ToggleGroupItem
      text={
        <>
          {name}
          {how === 'locked' && <span className="kc-vnc-locked"> locked</span>}
        </>
      }
      buttonId={`hold-${name}`}
      isSelected={how !== undefined}
      isDisabled={isDisabled}
      onChange={onToggle}
    />
  )
}

/** Typed into it is what on-screen keyboards report; so much of it is kept that words can be corrected. */
const keptCharacters = 100
/** A backspace at the start of an empty field is reported by no event. */
const filler = ' '.repeat(20)

/** Raises the on-screen keyboard, which needs a field to type into, and passes on what is typed. */
function OnScreenKeyboard({
  isDisabled,
  onKeys,
}: {
  isDisabled: boolean
  onKeys: (keys: readonly Key[]) => void
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  const typed = useRef(filler)
  const [isRaised, setIsRaised] = useState(false)

  function handleInput({ value }: HTMLTextAreaElement, isComposing: boolean) {
    const { removed, inserted } = typedChange(typed.current, value)
    const backspace = keyOfCode('Backspace')
    for (let count = 0; count < removed && backspace; count += 1) onKeys([backspace])
    for (const character of inserted) onKeys(keysOfCharacter(character))
    typed.current = value
    // What is being composed is the keyboard's: a change from here would end it.
    const isOff = value.length > filler.length + keptCharacters || value.length < filler.length / 2
    if (isOff && !isComposing) reset()
  }

  function reset() {
    typed.current = filler
    if (field.current) {
      field.current.value = filler
      field.current.setSelectionRange(filler.length, filler.length)
    }
  }

  function handleKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    const key = keyOfCode(event.code)
    // Characters come as input; on-screen keyboards name no other key but these.
    const isShortcut = event.ctrlKey || event.altKey || event.metaKey
    if (!key || key.code in modifierCodes || (event.key.length === 1 && !isShortcut)) return
    event.preventDefault()
    const pressed = {
      Ctrl: event.ctrlKey,
      Alt: event.altKey,
      Shift: event.shiftKey,
      Win: event.metaKey,
    }
    onKeys([
      ...modifierNames.filter((name) => pressed[name]).map((name) => modifierKeys[name]),
      key,
    ])
  }

  return (
    <>
      <Button
        variant="control"
        size="sm"
        icon={<KeyboardIcon />}
        aria-label="On-screen keyboard"
        aria-pressed={isRaised}
        isAriaDisabled={isDisabled}
        onClick={() => {
          if (isRaised) field.current?.blur()
          else field.current?.focus()
        }}
      />
      <textarea
        ref={field}
        className="kc-vnc-typing"
        aria-label="Typing goes to the guest"
        tabIndex={-1}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        defaultValue={filler}
        onFocus={() => {
          setIsRaised(true)
          reset()
        }}
        onBlur={() => setIsRaised(false)}
        onInput={(event) =>
          handleInput(event.currentTarget, (event.nativeEvent as InputEvent).isComposing)
        }
        onKeyDown={handleKeyDown}
      />
    </>
  )
}

const modifierCodes: Record<string, true> = Object.fromEntries(
  modifierNames.map((name) => [modifierKeys[name].code, true] as const),
)
