import { ProgressStep, ProgressStepper } from '@patternfly/react-core'

/** A step on the way of a VM that is being made. */
export interface Stage<Id extends string = string> {
  id: Id
  title: string
  detail?: string
  state: 'done' | 'current' | 'pending'
}

const variants = { done: 'success', current: 'info', pending: 'pending' } as const
const words = { done: 'done', current: 'under way', pending: 'to come' }

/** Stages in order: what is done, under way and to come. */
export function StageList({ stages }: { stages: readonly Stage[] }) {
  return (
    <ProgressStepper isVertical aria-label="Progress">
      {stages.map(({ id, title, detail, state }) => (
        <ProgressStep
          key={id}
          id={`stage-${id}`}
          titleId={`stage-${id}-title`}
          variant={variants[state]}
          isCurrent={state === 'current'}
          {...(detail !== undefined && { description: detail })}
          aria-label={`${title}: ${words[state]}`}
        >
          {title}
        </ProgressStep>
      ))}
    </ProgressStepper>
  )
}
