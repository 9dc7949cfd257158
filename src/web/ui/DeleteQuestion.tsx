import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useId, useRef, useState, type ReactNode } from 'react'

/**
 * Asks before something is deleted, with what is to be known about it. A refusal stays on screen;
 * when it is done, `onClose` is told so.
 */
export function DeleteQuestion({
  title,
  action,
  isReady = true,
  onDelete,
  onClose,
  children,
}: {
  title: string
  /** The button's words. */
  action: string
  /** What is to be known is known. */
  isReady?: boolean
  /** Rejects with what the cluster says. */
  onDelete: () => Promise<void>
  onClose: (isDone: boolean) => void
  children: ReactNode
}) {
  const id = useId()
  const [problem, setProblem] = useState<string>()
  const [isUnderWay, setIsUnderWay] = useState(false)
  const hasBegun = useRef(false)

  async function run(): Promise<void> {
    if (hasBegun.current) return
    hasBegun.current = true
    setProblem(undefined)
    setIsUnderWay(true)
    try {
      await onDelete()
      onClose(true)
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause))
    } finally {
      hasBegun.current = false
      setIsUnderWay(false)
    }
  }

  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="medium"
      onClose={() => {
        if (!isUnderWay) onClose(false)
      }}
      elementToFocus={`[data-cancel="${id}"]`}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-body`}
    >
      <ModalHeader title={title} labelId={`${id}-title`} titleIconVariant="warning" />
      <ModalBody id={`${id}-body`} tabIndex={0} aria-label={title}>
        {children}
        {problem !== undefined && (
          <Alert isInline isLiveRegion variant="danger" title="The cluster refuses this">
            {problem}
          </Alert>
        )}
      </ModalBody>
      <ModalFooter>
        <Button
          variant="danger"
          onClick={() => void run()}
          isLoading={isUnderWay}
          isDisabled={isUnderWay || !isReady}
        >
          {action}
        </Button>
        <Button
          variant="link"
          data-cancel={id}
          onClick={() => onClose(false)}
          isDisabled={isUnderWay}
        >
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  )
}
