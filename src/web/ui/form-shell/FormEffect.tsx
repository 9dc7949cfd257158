import { Content, Label } from '@patternfly/react-core'

import type { ApplyTime, Effect } from '../../../kube/apply-time.ts'

const words: Record<ApplyTime, string> = {
  none: 'no change',
  now: 'now',
  migration: 'on live migration',
  restart: 'on restart',
  start: 'when it starts',
}

const statuses = {
  none: {},
  now: { status: 'success' },
  start: { status: 'info' },
  migration: { status: 'warning' },
  restart: { status: 'warning' },
} as const

/** When the change takes effect, in words. */
export function FormEffect({ effect }: { effect: Effect }) {
  return (
    <section aria-label="Takes effect">
      <Label isCompact {...statuses[effect.when]}>
        Takes effect {words[effect.when]}
      </Label>
      <Content component="small">{effect.sentence}</Content>
    </section>
  )
}
