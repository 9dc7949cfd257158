import './machine-selection.css'
import { Button } from '@patternfly/react-core'
import { useMemo } from 'react'
import { useNavigate } from 'react-router'

import { mostConsoles, sideBySidePath } from '../page-paths.ts'
import type { ListedMachine } from './machine-rows.ts'

interface SelectionBarProps {
  /** Keys of rows. */
  selected: ReadonlySet<string>
  /** Those that are found; what is selected beyond them has gone out of sight and doesn't count. */
  rows: readonly ListedMachine[]
  onClear: () => void
}

/**
 * What can be done with the machines that are selected. Nothing, without any. It stands at the foot of
 * what it belongs to, so that a first choice moves nothing under the pointer, and before it in the
 * order of keys, which leads through every row.
 */
export function SelectionBar({ selected, rows, onClear }: SelectionBarProps) {
  const navigate = useNavigate()
  // In the order in which they were chosen, which is that of the consoles then.
  const chosen = useMemo(() => {
    if (selected.size === 0) return []
    const found = new Map(rows.map((row) => [row.key, row]))
    return [...selected].flatMap((key) => found.get(key) ?? [])
  }, [rows, selected])
  if (chosen.length === 0) return null
  const path = sideBySidePath(
    chosen.map(({ namespace, name }) => ({ namespace, name, kind: 'vnc' as const })),
  )
  return (
    <div className="kc-machine-selection">
      <output>
        {chosen.length === mostConsoles
          ? `${mostConsoles} selected, the most`
          : `${chosen.length} selected`}
      </output>
      <Button variant="primary" size="sm" onClick={() => void navigate(path)}>
        Open side by side
      </Button>
      <Button variant="link" size="sm" onClick={onClear}>
        Clear selection
      </Button>
    </div>
  )
}
