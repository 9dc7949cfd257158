/** What the pages of VMs and of VMIs have in common: everything but whose rows they are. */
import { useMemo, useState } from 'react'

import { useElementWidth } from '../element-width.ts'
import { ResourceTable } from '../ResourceTable.tsx'
import {
  createMachineSelection,
  MachineSelectionContext,
  useSelectedKeys,
} from './machine-selection.ts'
import { machineColumns } from './machine-table-columns.tsx'
import { MachineListShell, type FoundMachines, type MachineListProps } from './MachineListShell.tsx'
import { SelectionBar } from './SelectionBar.tsx'

const tables = { vms: 'Virtual machines', vmis: 'Virtual machine instances' }

export function MachineListPage(props: MachineListProps) {
  const { list, namespace } = props
  return (
    <MachineListShell {...props}>
      {(machines) => (
        <MachineTable key={namespace} {...machines} list={list} isAll={namespace === undefined} />
      )}
    </MachineListShell>
  )
}

interface MachineTableProps extends FoundMachines {
  list: 'vms' | 'vmis'
  /** Of all namespaces. */
  isAll: boolean
}

function MachineTable({ list, isAll, found, query, asked }: MachineTableProps) {
  const [selection] = useState(createMachineSelection)
  const selected = useSelectedKeys(selection)
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const widthPx = useElementWidth(frame)
  const sorted = query.sort.column
  const columns = useMemo(
    () => (widthPx === undefined ? undefined : machineColumns(list, isAll, widthPx, sorted)),
    [list, isAll, widthPx, sorted],
  )
  return (
    <div className="kc-table-frame" ref={setFrame}>
      <SelectionBar selected={selected} rows={found} onClear={selection.clear} />
      {columns && (
        <MachineSelectionContext.Provider value={selection}>
          <ResourceTable
            label={tables[list]}
            columns={columns}
            rows={found}
            sort={query.sort}
            onSort={query.setSort}
            query={asked}
          />
        </MachineSelectionContext.Provider>
      )}
    </div>
  )
}
