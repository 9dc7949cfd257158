import './wall.css'
import {
  Button,
  FormSelect,
  FormSelectOption,
  ToggleGroup,
  ToggleGroupItem,
} from '@patternfly/react-core'
import { SortAmountDownAltIcon, SortAmountDownIcon } from '@patternfly/react-icons'

import type { ListQuery } from '../../../ui/list-filters/list-query.ts'
import { sortableColumns } from '../../../ui/machine-list/machine-table-columns.tsx'
import { MachineListShell } from '../../../ui/machine-list/MachineListShell.tsx'
import { useVmRows } from '../../../ui/machine-list/use-vm-rows.ts'
import { usePageParams } from '../../../ui/page-params.ts'
import { consoleWallPath } from '../../../ui/page-paths.ts'
import { useStoredChoice } from '../../../ui/stored-choice.ts'
import { ConsolesNav } from '../ConsolesNav.tsx'
import { WallGrid } from './WallGrid.tsx'

const sizes = { S: 'Small', M: 'Medium', L: 'Large' }
type Size = keyof typeof sizes

/** The least width of a tile. */
const tilePx: Record<Size, number> = { S: 136, M: 220, L: 400 }

/** The screens of all VMs of a namespace, or of the cluster, as pictures: it takes no session. */
export function ConsoleWallPage() {
  const { namespace } = usePageParams()
  const machines = useVmRows(namespace)
  const [stored, storeSize] = useStoredChoice('wall-size')
  const size = stored === 'S' || stored === 'L' ? stored : 'M'
  return (
    <MachineListShell
      {...machines}
      title="Console wall"
      pathIn={consoleWallPath}
      above={(query) => (
        <div className="kc-consoles-head">
          <ConsolesNav page="wall" namespace={namespace} />
          <WallTools query={query} size={size} onSize={storeSize} />
        </div>
      )}
    >
      {(found) => <WallGrid key={namespace} {...found} leastTilePx={tilePx[size]} />}
    </MachineListShell>
  )
}

interface WallToolsProps {
  query: ListQuery
  size: Size
  onSize: (size: Size) => void
}

function WallTools({ query: { sort, setSort }, size, onSize }: WallToolsProps) {
  const direction = sort.isDescending ? 'Descending' : 'Ascending'
  return (
    <div className="kc-consoles-tools">
      <FormSelect
        aria-label="Sort by"
        value={sort.column}
        onChange={(_event, column) => setSort({ ...sort, column })}
      >
        {sortableColumns('vms').map(({ id, title }) => (
          <FormSelectOption key={id} value={id} label={`By ${title}`} />
        ))}
      </FormSelect>
      <Button
        variant="plain"
        aria-label={`Order: ${direction.toLowerCase()}`}
        data-hint={direction}
        icon={sort.isDescending ? <SortAmountDownIcon /> : <SortAmountDownAltIcon />}
        onClick={() => setSort({ ...sort, isDescending: !sort.isDescending })}
      />
      <ToggleGroup aria-label="Size of tiles">
        {(Object.keys(sizes) as Size[]).map((one) => (
          <ToggleGroupItem
            key={one}
            text={one}
            aria-label={sizes[one]}
            isSelected={size === one}
            onChange={() => onSize(one)}
          />
        ))}
      </ToggleGroup>
    </div>
  )
}
