import type { ApplyTime } from '../../../kube/apply-time.ts'

import './field-effect.css'

const words: Record<ApplyTime | 'refused', string> = {
  none: 'as it runs',
  now: 'applies now',
  migration: 'applies on live migration',
  restart: 'applies on restart',
  start: 'applies when it starts',
  refused: 'refused',
}

/** When what one field says takes effect. `id` lets the input be described by it. */
export function FieldEffect({ id, when }: { id: string; when: ApplyTime | 'refused' }) {
  return (
    <span id={id} className={`kc-field-effect kc-field-effect-${when}`}>
      {words[when]}
    </span>
  )
}
