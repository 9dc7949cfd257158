import { Button, Spinner, Title } from '@patternfly/react-core'
import type { ReactNode } from 'react'

interface ConsoleMessageProps {
  title: string
  children?: ReactNode
  actions?: ReactNode
  /** Below the actions: what they do besides. */
  extra?: ReactNode
  isBusy?: boolean
}

/** In the middle of a console that shows no guest: what is the matter, and the next step. */
export function ConsoleMessage({
  title,
  children,
  actions,
  extra,
  isBusy = false,
}: ConsoleMessageProps) {
  return (
    <div className="kc-console-message" data-busy={isBusy}>
      {isBusy && <Spinner size="lg" aria-label={title} />}
      <Title headingLevel="h2" size="lg">
        {title}
      </Title>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className="kc-console-actions">{actions}</div>}
      {extra}
    </div>
  )
}

interface StepButtonProps {
  label: string
  onClick: () => void
  /** Why it can't be done; shown beside the button, not only on hover. */
  disabledReason?: string | undefined
  isPending?: boolean
  isPrimary?: boolean
  isSmall?: boolean
}

/** A next step; one that can't be taken says why. */
export function StepButton({
  label,
  onClick,
  disabledReason,
  isPending = false,
  isPrimary = true,
  isSmall = false,
}: StepButtonProps) {
  return (
    <>
      <Button
        variant={isPrimary ? 'primary' : 'secondary'}
        size={isSmall ? 'sm' : 'default'}
        onClick={onClick}
        isAriaDisabled={disabledReason !== undefined || isPending}
        isLoading={isPending}
      >
        {label}
      </Button>
      {disabledReason !== undefined && <span className="kc-console-reason">{disabledReason}</span>}
    </>
  )
}
