import { Content, Label } from '@patternfly/react-core'

import type { ApplyTime, Effect } from '../../../kube/apply-time.ts'

const looks = {
  none: undefined,
  now: { words: 'now', status: 'success' },
  start: { words: 'when it starts', status: 'info' },
  migration: { words: 'on live migration', status: 'warning' },
  restart: { words: 'on restart', status: 'warning' },
} as const satisfies Record<ApplyTime, object | undefined>

/** When the change takes effect, in words. */
export function FormEffect({ effect }: { effect: Effect }) {
  const look = looks[effect.when]
  return (
    <section aria-label="Takes effect">
      {look && (
        <Label isCompact status={look.status}>
          Takes effect {look.words}
        </Label>
      )}
      <Content component="small">{effect.sentence}</Content>
    </section>
  )
}
