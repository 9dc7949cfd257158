import { Alert, Icon, Spinner } from '@patternfly/react-core'
import { CheckCircleIcon, ExclamationCircleIcon, PendingIcon } from '@patternfly/react-icons'

import type { Progress } from './use-steps.ts'

/** What is done, what is under way, and what has failed. */
export function DeletionProgress({ name, progress }: { name: string; progress: Progress }) {
  const { steps = [], done, isRunning, error } = progress
  const isVmDeleted = steps.slice(0, done).some((step) => step.isPointOfNoReturn)
  return (
    <>
      {error && (
        <Alert
          isInline
          isLiveRegion
          component="p"
          variant="danger"
          title={
            isVmDeleted ? `${name} is deleted, but not all of its disks` : `${name} is not deleted`
          }
        >
          {error.message}
          {!isVmDeleted && done > 1 && ' What is done below stays so; its disks keep their data.'}
        </Alert>
      )}
      <ol className="kc-plain-list kc-disk-fates" aria-label="Progress">
        {steps.map((step, index) => (
          <li key={step.title}>
            {index < done ? (
              <Icon isInline status="success">
                <CheckCircleIcon title="Done" />
              </Icon>
            ) : index > done ? (
              <Icon isInline>
                <PendingIcon title="Not begun" />
              </Icon>
            ) : isRunning ? (
              <Spinner isInline aria-label="Under way" />
            ) : (
              <Icon isInline status="danger">
                <ExclamationCircleIcon title="Failed" />
              </Icon>
            )}{' '}
            {step.title}
          </li>
        ))}
      </ol>
    </>
  )
}
