/** What every list of machines has, however it shows them: search, facets, counts, what may be wrong. */
import { Alert } from '@patternfly/react-core'
import { useMemo, type ReactNode } from 'react'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { usualTone } from '../../../kube/vm-status.ts'
import { ChooseNamespace } from '../ChooseNamespace.tsx'
import { useDocumentTitle } from '../document-title.ts'
import { FilterBar } from '../list-filters/FilterBar.tsx'
import { useFilteredRows } from '../list-filters/filtered-rows.ts'
import type { ListQuery } from '../list-filters/list-query.ts'
import { StateCounts } from '../list-filters/StateCounts.tsx'
import { ListPageShell, type ListState } from '../ListPageShell.tsx'
import { listPath, workloadsPath } from '../page-paths.ts'
import { CreateVmLink } from './CreateVmLink.tsx'
import { machineFields, type ListedMachine } from './machine-rows.ts'

const words = {
  vms: {
    kind: virtualMachineKind,
    title: 'VirtualMachines',
    plural: 'virtual machines',
    what: 'A VirtualMachine describes a virtual computer: its processors, memory, disks and networks. While it runs, it has a VirtualMachineInstance of the same name.',
    none: 'There is none',
  },
  vmis: {
    kind: virtualMachineInstanceKind,
    title: 'VirtualMachineInstances',
    plural: 'virtual machine instances',
    what: 'A VirtualMachineInstance is a virtual machine that runs. It comes and goes with the VirtualMachine that owns it, or stands alone.',
    none: 'None runs',
  },
}

/** What is to be shown, and how it was asked for. */
export interface FoundMachines {
  found: readonly ListedMachine[]
  query: ListQuery
  /** Changes when the user asks for other rows. */
  asked: string
}

export interface MachineListProps {
  list: 'vms' | 'vmis'
  /** Absent: all namespaces. */
  namespace: string | undefined
  rows: readonly ListedMachine[]
  state: ListState
  /** Why the rows lack what the other kind would add, and what that is. */
  lacking?: { what: string; error: KubeError } | undefined
}

interface MachineListShellProps extends MachineListProps {
  /** Where it isn't the kind's own. */
  title?: string
  /** The same page in a namespace. */
  pathIn?: (namespace: string) => string
  /** Above the title: where else one can go, and how the machines are shown. */
  above?: (query: ListQuery) => ReactNode
  children: (machines: FoundMachines) => ReactNode
}

export function MachineListShell({
  list,
  namespace,
  rows,
  state,
  lacking,
  title: ownTitle,
  pathIn,
  above,
  children,
}: MachineListShellProps) {
  const { kind, title: kindTitle, plural, what, none } = words[list]
  const title = ownTitle ?? kindTitle
  useDocumentTitle(title)
  const isAll = namespace === undefined
  const filtered = useMemo(() => machineFields(list, isAll), [list, isAll])
  const { query, found, counts, chosenStates, asked, hint } = useFilteredRows(rows, filtered)

  return (
    <ListPageShell
      above={above?.(query)}
      title={title}
      actions={list === 'vms' && ownTitle === undefined && <CreateVmLink namespace={namespace} />}
      total={rows.length}
      found={found.length}
      isFiltered={query.isFiltered}
      onClear={query.clear}
      state={state}
      filters={
        <FilterBar
          searchLabel={`Search ${plural}`}
          query={query}
          filtered={filtered}
          rows={rows}
          isLoading={state.status !== 'complete'}
        />
      }
      counts={
        <StateCounts
          counts={counts}
          chosen={chosenStates}
          toneOf={usualTone}
          onToggle={(state) => query.toggle('status', state)}
        />
      }
      notice={
        lacking && (
          <Alert isInline component="p" variant="warning" title={lacking.what}>
            {lacking.error.message}
          </Alert>
        )
      }
      hint={hint}
      empty={{
        title: `No ${kindTitle} here`,
        body: (
          <>
            {what} {none} in {isAll ? 'any namespace you can see' : `namespace ${namespace}`}.{' '}
            <Link to={workloadsPath}>How VMs compare to other workloads</Link>
          </>
        ),
      }}
      denied={isAll && <ChooseNamespace pathIn={pathIn ?? ((name) => listPath(kind, name))} />}
    >
      {children({ found, query, asked: `${namespace ?? ''} ${asked}` })}
    </ListPageShell>
  )
}
