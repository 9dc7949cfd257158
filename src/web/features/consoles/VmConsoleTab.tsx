import { useSearchParams } from 'react-router'

import { readKind } from './console-offers.ts'
import { ConsolePane, type Machine } from './ConsolePane.tsx'

interface VmConsoleTabProps extends Machine {
  /** The console has a window of its own. */
  standalone?: boolean
}

/** The consoles of a machine; which one is in the address. */
export function VmConsoleTab({ standalone = false, ...machine }: VmConsoleTabProps) {
  const [search, setSearch] = useSearchParams()
  return (
    <ConsolePane
      {...machine}
      standalone={standalone}
      kind={readKind(search.get('type'))}
      onKind={(kind) => {
        search.set('type', kind)
        setSearch(search, { replace: true })
      }}
    />
  )
}
