import { useSearchParams } from 'react-router'

import { readPanel } from './beside/beside-panels.ts'
import { Beside } from './beside/Beside.tsx'
import { readKind } from './console-offers.ts'
import { ConsolePane, type Machine } from './ConsolePane.tsx'

interface VmConsoleTabProps extends Machine {
  /** The console has a window of its own. */
  standalone?: boolean
}

/** The consoles of a machine; which one, and what is open beside it, is in the address. */
export function VmConsoleTab({ standalone = false, ...machine }: VmConsoleTabProps) {
  const [search, setSearch] = useSearchParams()

  function choose(parameter: string, value: string | undefined) {
    setSearch(
      (current) => {
        if (value === undefined) current.delete(parameter)
        else current.set(parameter, value)
        return current
      },
      { replace: true },
    )
  }

  return (
    <ConsolePane
      {...machine}
      standalone={standalone}
      kind={readKind(search.get('type'))}
      onKind={(kind) => choose('type', kind)}
      beside={
        <Beside
          machine={machine}
          panel={readPanel(search.get('panel'))}
          onPanel={(panel) => choose('panel', panel)}
        />
      }
    />
  )
}
