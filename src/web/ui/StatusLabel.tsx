import { Icon } from '@patternfly/react-core'
import {
  CheckCircleIcon,
  ExclamationCircleIcon,
  ExclamationTriangleIcon,
  InProgressIcon,
  PauseCircleIcon,
  OffIcon,
} from '@patternfly/react-icons'
import { Fragment } from 'react'

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

/** `WaitingForVolumeBinding` may be broken before its capitals. */
function wordsOf(label: string): string[] {
  return label.split(/(?<=[a-z])(?=[A-Z])/)
}

/** A state's icon and word, and below them why it is so. */
export function StatusLabel({
  status,
  isFull = false,
}: {
  status: PlainStatus
  /** Shows the whole reason and the next step; a list shows three lines, the rest on hover. */
  isFull?: boolean
}) {
  const { label, tone, reason, nextStep } = status
  return (
    <div className="kc-status">
      <span>
        <StatusIcon label={label} tone={tone} />
        {'\u00a0'}
        {wordsOf(label).map((word) => (
          <Fragment key={word}>
            {word}
            <wbr />
          </Fragment>
        ))}
      </span>
      {reason !== undefined && (
        <span
          className={isFull ? 'kc-status-reason' : 'kc-status-reason kc-three-lines'}
          {...(!isFull && { title: nextStep === undefined ? reason : `${reason} ${nextStep}` })}
        >
          {reason}
          {isFull && nextStep !== undefined && ` ${nextStep}`}
        </span>
      )}
    </div>
  )
}
