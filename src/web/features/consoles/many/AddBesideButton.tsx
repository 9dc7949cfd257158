import { Button, Tooltip } from '@patternfly/react-core'
import { ColumnsIcon } from '@patternfly/react-icons'
import { useNavigate } from 'react-router'

import { sideBySidePath, type ConsoleRef } from '../../../ui/page-paths.ts'
import { addBesideState } from './add-beside.ts'

/** Shows the console side by side with others; which, is asked there. Its session goes along. */
export function AddBesideButton({ console: shown }: { console: ConsoleRef }) {
  const navigate = useNavigate()
  return (
    <Tooltip content="Add another console beside it">
      <Button
        variant="plain"
        icon={<ColumnsIcon />}
        aria-label="Add beside…"
        onClick={() => void navigate(sideBySidePath([shown]), { state: addBesideState })}
      />
    </Tooltip>
  )
}
