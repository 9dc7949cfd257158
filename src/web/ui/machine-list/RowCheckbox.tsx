import { Checkbox } from '@patternfly/react-core'

import { mostConsoles } from '../page-paths.ts'
import type { ListedMachine } from './machine-rows.ts'
import { useRowSelection } from './machine-selection.ts'

/** Selects the machine of a row. */
export function RowCheckbox({ row: { key, name } }: { row: ListedMachine }) {
  const { selection, isSelected, isFull } = useRowSelection(key)
  if (!selection) return null
  const isRefused = isFull && !isSelected
  return (
    <span {...(isRefused && { 'data-hint': `${mostConsoles} are the most.` })}>
      <Checkbox
        id={`select-${key}`}
        aria-label={`Select ${name}`}
        isChecked={isSelected}
        isDisabled={isRefused}
        onChange={(_event, isChecked) => selection.select(key, isChecked)}
      />
    </span>
  )
}
