/** Messages about actions that have no place of their own on the page. */
import { Alert, AlertActionCloseButton, AlertActionLink, AlertGroup } from '@patternfly/react-core'
import { useSyncExternalStore } from 'react'

export interface Toast {
  variant: 'danger' | 'warning' | 'info' | 'success'
  title: string
  body?: string
  action?: { label: string; onClick: () => void }
}

export type ShownToast = Toast & { id: number }

let toasts: readonly ShownToast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function setToasts(next: readonly ShownToast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Shows a message until it is closed; good news goes away by itself. Returns how to close it. */
export function showToast(toast: Toast): () => void {
  const id = (lastId += 1)
  // The same failure again replaces its older message.
  const others = toasts.filter((one) => one.title !== toast.title || one.body !== toast.body)
  setToasts([...others, { ...toast, id }])
  return () => closeToast(id)
}

/** Takes a message away; nothing if it is gone already. */
export function closeToast(id: number): void {
  setToasts(toasts.filter((toast) => toast.id !== id))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The messages to be shown now. */
export function useToasts(): readonly ShownToast[] {
  return useSyncExternalStore(subscribe, () => toasts)
}

/** Where toasts appear; once per page. */
export function Toasts() {
  const shown = useToasts()
  return (
    <AlertGroup isToast isLiveRegion aria-label="Messages">
      {shown.map(({ id, variant, title, body, action }) => (
        <Alert
          key={id}
          component="p"
          variant={variant}
          title={title}
          {...((variant === 'success' || variant === 'info') && {
            timeout: 6000,
            onTimeout: () => closeToast(id),
          })}
          {...(action && {
            actionLinks: <AlertActionLink onClick={action.onClick}>{action.label}</AlertActionLink>,
          })}
          actionClose={
            <AlertActionCloseButton aria-label={`Close: ${title}`} onClose={() => closeToast(id)} />
          }
        >
          {body}
        </Alert>
      ))}
    </AlertGroup>
  )
}
