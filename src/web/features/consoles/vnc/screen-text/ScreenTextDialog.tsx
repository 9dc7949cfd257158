import './screen-text.css'
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useMemo, useState } from 'react'

import { copyToClipboard } from '../../../../ui/clipboard.ts'
import { glyphTables } from './glyph-table.ts'
import { readScreen, type Pixels, type ScreenReading } from './read-screen.ts'

interface ScreenTextDialogProps {
  pixels: Pixels
  /** Of the machine. */
  name: string
  onClose: () => void
}

/** The text that is on a screen, to be selected and copied. */
export function ScreenTextDialog({ pixels, name, onClose }: ScreenTextDialogProps) {
  const reading = useMemo(() => readScreen(pixels, glyphTables()), [pixels])
  const [copied, setCopied] = useState<'copied' | 'refused'>()
  const text = reading.kind === 'text' ? screenText(reading.lines) : undefined

  async function copy() {
    setCopied((await copyToClipboard(text ?? '')) ? 'copied' : 'refused')
  }

  return (
    <Modal
      isOpen
      variant="large"
      className="kc-dialog"
      aria-labelledby="screen-text-title"
      aria-describedby="screen-text-body"
      onClose={onClose}
    >
      <ModalHeader
        title={`Text on the screen of ${name}`}
        labelId="screen-text-title"
        description={text !== undefined && 'Select what you need, or copy all of it.'}
      />
      <ModalBody id="screen-text-body" className="kc-screen-text">
        <Doubt reading={reading} />
        {text !== undefined && (
          <section aria-label="Text on the screen">
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls by keyboard too */}
            <pre tabIndex={0}>{text}</pre>
          </section>
        )}
        {copied === 'refused' && (
          <Alert
            isInline
            isLiveRegion
            variant="warning"
            title="The browser keeps the clipboard to itself here: select the text and press Ctrl+C."
          />
        )}
      </ModalBody>
      <ModalFooter>
        {text !== undefined && (
          <Button variant="primary" onClick={() => void copy()}>
            {copied === 'copied' ? 'Copied' : 'Copy all'}
          </Button>
        )}
        <Button variant={text === undefined ? 'primary' : 'link'} onClick={onClose}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  )
}

/** What was not read, if anything. */
function Doubt({ reading }: { reading: ScreenReading }) {
  if (reading.kind === 'empty')
    return <Alert isInline variant="info" title="The screen is empty: it shows one colour only." />
  if (reading.kind === 'unreadable')
    return (
      <Alert isInline variant="info" title="This screen is not text, or in a font that isn’t known">
        {reading.unknown} of the {reading.cells} cells that are not empty show no known character.
        Text is read from text modes and from consoles with fonts of 8 × 16 pixels.
      </Alert>
    )
  if (reading.unknown === 0) return undefined
  return (
    <Alert
      isInline
      variant="warning"
      title={
        reading.unknown === 1
          ? '1 cell shows a character that isn’t known'
          : `${reading.unknown} cells show characters that aren’t known`
      }
    >
      They have the sign {'\ufffd'} below. All others are exact.
    </Alert>
  )
}

/** Without the empty lines at the end. */
function screenText(lines: string[]): string {
  return `${lines.join('\n').trimEnd()}\n`
}
