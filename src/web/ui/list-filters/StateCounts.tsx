import { Button } from '@patternfly/react-core'

import type { StatusTone } from '../../../kube/vm-status.ts'
import { formatNumber } from '../language.ts'
import { StatusIcon } from '../StatusLabel.tsx'

const toneOrder: readonly StatusTone[] = ['success', 'neutral', 'progress', 'warning', 'danger']

/** How many rows are in each state; a click leaves those. */
export function StateCounts({
  counts,
  chosen,
  toneOf,
  onToggle,
}: {
  counts: ReadonlyMap<string, number>
  chosen: readonly string[]
  toneOf: (state: string) => StatusTone
  onToggle: (state: string) => void
}) {
  const states = [...new Set([...counts.keys(), ...chosen])]
    .map((state) => ({ state, tone: toneOf(state) }))
    .sort(
      (a, b) =>
        toneOrder.indexOf(a.tone) - toneOrder.indexOf(b.tone) || (a.state < b.state ? -1 : 1),
    )
  if (states.length === 0) return null
  return (
    <fieldset aria-label="Counts by status" className="kc-state-counts">
      {states.map(({ state, tone }) => (
        <Button
          key={state}
          size="sm"
          variant="control"
          isClicked={chosen.includes(state)}
          aria-pressed={chosen.includes(state)}
          icon={<StatusIcon label={state} tone={tone} />}
          onClick={() => onToggle(state)}
        >
          {state} <span className="kc-state-count">{formatNumber(counts.get(state) ?? 0)}</span>
        </Button>
      ))}
    </fieldset>
  )
}
