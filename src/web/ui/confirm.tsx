/** Questions before what can't be undone. */
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useSyncExternalStore } from 'react'

export interface Question {
  title: string
  /** What will happen, naming the object. */
  consequence: string
  /** The button's word for it. */
  action: string
  isDangerous?: boolean
}

type OpenQuestion = Question & { answer(isConfirmed: boolean): void }

let open: OpenQuestion | undefined
const listeners = new Set<() => void>()

function setOpen(question: OpenQuestion | undefined): void {
  open = question
  for (const listener of listeners) listener()
}

/** Asks, and resolves to whether the action was confirmed. A newer question declines an open one. */
export function confirm(question: Question): Promise<boolean> {
  open?.answer(false)
  return new Promise((resolve) => {
    setOpen({
      ...question,
      answer(isConfirmed) {
        setOpen(undefined)
        resolve(isConfirmed)
      },
    })
  })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where questions appear; once per page. */
export function ConfirmDialog() {
  const question = useSyncExternalStore(subscribe, () => open)
  if (!question) return null
  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="small"
      onClose={() => question.answer(false)}
      elementToFocus={question.isDangerous ? '#confirm-cancel' : '#confirm-action'}
      aria-labelledby="confirm-title"
      aria-describedby="confirm-body"
    >
      <ModalHeader
        title={question.title}
        labelId="confirm-title"
        {...(question.isDangerous && { titleIconVariant: 'warning' })}
      />
      <ModalBody id="confirm-body">{question.consequence}</ModalBody>
      <ModalFooter>
        <Button
          id="confirm-action"
          variant={question.isDangerous ? 'danger' : 'primary'}
          onClick={() => question.answer(true)}
        >
          {question.action}
        </Button>
        <Button id="confirm-cancel" variant="link" onClick={() => question.answer(false)}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  )
}
