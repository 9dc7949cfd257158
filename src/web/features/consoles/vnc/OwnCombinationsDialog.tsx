import {
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core'
import { useState, type KeyboardEvent } from 'react'

import { combinationLabel } from './key-combinations.ts'
import {
  keyOfCode,
  modifierKeys,
  modifierNames,
  modifierOfCode,
  namedKeys,
  type ModifierName,
} from './keyboard-keys.ts'
import { useOwnCombinations } from './own-combinations.ts'

interface Draft {
  modifiers: readonly ModifierName[]
  /** KeyboardEvent.code; '' for modifiers alone. */
  code: string
}

function draftCodes({ modifiers, code }: Draft): string[] {
  const held = modifierNames.filter((name) => modifiers.includes(name))
  return [...held.map((name) => modifierKeys[name].code), ...(code === '' ? [] : [code])]
}

/** The combinations the user has made: shows, deletes and adds them. */
export function OwnCombinationsDialog({ onClose }: { onClose: () => void }) {
  const [combinations, save] = useOwnCombinations()
  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="small"
      onClose={onClose}
      aria-labelledby="own-combinations-title"
    >
      <ModalHeader
        title="Own key combinations"
        labelId="own-combinations-title"
        description="Kept in this browser, for all machines."
      />
      <ModalBody className="kc-vnc-own">
        {combinations.length > 0 && (
          <ul aria-label="Saved combinations">
            {combinations.map(({ name, codes }) => (
              <li key={name}>
                <span>{name}</span>
                {name !== combinationLabel(codes) && <kbd>{combinationLabel(codes)}</kbd>}
                <Button
                  variant="link"
                  isInline
                  aria-label={`Delete ${name}`}
                  onClick={() => save(combinations.filter((one) => one.name !== name))}
                >
                  Delete
                </Button>
              </li>
            ))}
          </ul>
        )}
        <NewCombination
          takenNames={combinations.map(({ name }) => name)}
          onAdd={(name, codes) => save([...combinations, { name, codes }])}
        />
      </ModalBody>
      <ModalFooter>
        <Button variant="secondary" onClick={onClose}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  )
}

interface NewCombinationProps {
  takenNames: readonly string[]
  onAdd: (name: string, codes: string[]) => void
}

function NewCombination({ takenNames, onAdd }: NewCombinationProps) {
  const [draft, setDraft] = useState<Draft>({ modifiers: [], code: '' })
  const [typedName, setTypedName] = useState('')
  const codes = draftCodes(draft)
  const label = combinationLabel(codes)
  const name = typedName.trim() || label
  const isTaken = takenNames.includes(name)

  function record(event: KeyboardEvent) {
    // Tab alone leads on, and Esc alone closes: choose them below.
    const isAlone = !event.ctrlKey && !event.altKey && !event.metaKey
    if (isAlone && (event.key === 'Tab' || event.key === 'Escape')) return
    event.preventDefault()
    event.stopPropagation()
    const modifiers = modifierNames.filter((modifier) => {
      const pressed = { Ctrl: event.ctrlKey, Alt: event.altKey, Shift: event.shiftKey }
      return modifier === 'Win' ? event.metaKey : pressed[modifier]
    })
    const isModifier = modifierOfCode(event.code) !== undefined
    if (isModifier || keyOfCode(event.code))
      setDraft({ modifiers, code: isModifier ? '' : event.code })
  }

  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault()
        if (codes.length === 0 || isTaken) return
        onAdd(name, codes)
        setDraft({ modifiers: [], code: '' })
        setTypedName('')
      }}
    >
      <FormGroup label="Press the keys" fieldId="combination-recorded">
        <TextInput
          id="combination-recorded"
          value={label}
          placeholder="Press a combination here"
          onKeyDown={record}
          // What is pressed is shown by its name, whatever it types.
          onChange={() => undefined}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem>
              What the browser or the desktop keeps for itself does not arrive: choose it below.
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- PatternFly's group is a div */}
      <FormGroup role="group" label="Or choose them" fieldId="combination-modifiers" isInline>
        {modifierNames.map((modifier) => (
          <Checkbox
            key={modifier}
            id={`combination-${modifier}`}
            label={modifier}
            isChecked={draft.modifiers.includes(modifier)}
            onChange={(_event, isChecked) =>
              setDraft({
                ...draft,
                modifiers: isChecked
                  ? [...draft.modifiers, modifier]
                  : draft.modifiers.filter((one) => one !== modifier),
              })
            }
          />
        ))}
      </FormGroup>
      <FormGroup label="Key" fieldId="combination-key">
        <FormSelect
          id="combination-key"
          value={draft.code}
          onChange={(_event, code) => setDraft({ ...draft, code })}
        >
          <FormSelectOption value="" label="None" />
          {namedKeys.map((key) => (
            <FormSelectOption key={key.code} value={key.code} label={key.name} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label="Name" fieldId="combination-name">
        <TextInput
          id="combination-name"
          value={typedName}
          placeholder={label}
          onChange={(_event, value) => setTypedName(value)}
          {...(isTaken && { validated: 'error' as const, 'aria-describedby': 'combination-taken' })}
        />
        {isTaken && (
          <FormHelperText>
            <HelperText>
              <HelperTextItem id="combination-taken" variant="error">
                There is a combination of this name.
              </HelperTextItem>
            </HelperText>
          </FormHelperText>
        )}
      </FormGroup>
      <div>
        <Button type="submit" isAriaDisabled={codes.length === 0 || isTaken}>
          Save combination
        </Button>
      </div>
    </Form>
  )
}
