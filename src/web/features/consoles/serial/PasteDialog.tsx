import {
  Button,
  Checkbox,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextArea,
} from '@patternfly/react-core'
import { useState } from 'react'

import {
  countControls,
  countLines,
  restoreControls,
  showControls,
  withoutPictures,
} from './paste-check.ts'

interface PasteDialogProps {
  text: string
  name: string
  /** With the text to paste; undefined to paste nothing. */
  onAnswer: (text: string | undefined) => void
}

/** Shows what is about to be pasted, to be looked at and changed. */
export function PasteDialog({ text, name, onAnswer }: PasteDialogProps) {
  const controls = countControls(text)
  const [shown, setShown] = useState(() => showControls(text))
  const [isCleaned, setIsCleaned] = useState(true)
  const lines = countLines(shown)

  function result(): string {
    if (controls === 0) return shown
    return isCleaned ? withoutPictures(shown) : restoreControls(shown)
  }

  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="medium"
      aria-labelledby="paste-title"
      aria-describedby="paste-body"
      elementToFocus="#paste-cancel"
      onClose={() => onAnswer(undefined)}
    >
      <ModalHeader
        labelId="paste-title"
        titleIconVariant="warning"
        title={lines > 1 ? `Paste ${lines} lines into ${name}?` : `Paste this into ${name}?`}
      />
      <ModalBody id="paste-body">
        <p className="kc-serial-paste-words">
          {lines > 1 && 'A shell runs each line as it comes. '}
          {controls > 0 &&
            `The text has ${controls === 1 ? 'a control character' : `${controls} control characters`}, shown as ␛ and the like; they act like keys that are pressed.`}
        </p>
        <TextArea
          className="kc-serial-paste"
          aria-label="Text to paste"
          rows={Math.min(12, Math.max(3, lines))}
          resizeOrientation="vertical"
          spellCheck={false}
          value={shown}
          onChange={(_event, value) => setShown(value)}
        />
        {controls > 0 && (
          <Checkbox
            id="paste-clean"
            label="Leave the control characters out"
            isChecked={isCleaned}
            onChange={(_event, isChecked) => setIsCleaned(isChecked)}
          />
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={() => onAnswer(result())}>
          Paste
        </Button>
        <Button id="paste-cancel" variant="link" onClick={() => onAnswer(undefined)}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  )
}
