import { Icon } from '@patternfly/react-core'
import {
  CheckCircleIcon,
  ExclamationCircleIcon,
  ExclamationTriangleIcon,
  InProgressIcon,
  PauseCircleIcon,
  OffIcon,
} from '@patternfly/react-icons'

import type { PlainStatus, StatusTone } from '../../kube/vm-status.ts'

const icons: Record<StatusTone, typeof OffIcon> = {
  success: CheckCircleIcon,
  progress: InProgressIcon,
  neutral: OffIcon,
  warning: ExclamationTriangleIcon,
  danger: ExclamationCircleIcon,
}

type IconStatus = 'success' | 'info' | 'warning' | 'danger'

const iconStatus: Record<StatusTone, IconStatus | undefined> = {
  success: 'success',
  progress: 'info',
  neutral: undefined,
  warning: 'warning',
  danger: 'danger',
}

/** The icon of a state. */
export function StatusIcon({ label, tone }: Pick<PlainStatus, 'label' | 'tone'>) {
  const Symbol = label === 'Paused' ? PauseCircleIcon : icons[tone]
  const color = iconStatus[tone]
  return (
    <Icon isInline {...(color && { status: color })}>
      <Symbol />
    </Icon>
  )
}

/** A state's icon and word, and below them why it is so. */
export function StatusLabel({
  status,
  isFull = false,
}: {
  status: PlainStatus
  /** Shows the whole reason and the next step; a list shows two lines, the rest on hover. */
  isFull?: boolean
}) {
  const { label, tone, reason, nextStep } = status
  return (
    <div className="kc-status">
      <span className="kc-status-word">
        <StatusIcon label={label} tone={tone} /> {label}
      </span>
      {reason !== undefined && (
        <span
          className={isFull ? 'kc-status-reason' : 'kc-status-reason kc-two-lines'}
          {...(!isFull && { title: nextStep === undefined ? reason : `${reason} ${nextStep}` })}
        >
          {reason}
          {isFull && nextStep !== undefined && ` ${nextStep}`}
        </span>
      )}
    </div>
  )
}
