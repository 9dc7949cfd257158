import { Button, Tooltip } from '@patternfly/react-core'
import { ExternalLinkAltIcon } from '@patternfly/react-icons'
import { useHref } from 'react-router'

import { virtualMachineInstanceKind } from '../../../kube/kinds.ts'
import { consoleWindowPath } from '../../ui/page-paths.ts'
import { showToast } from '../../ui/toasts.tsx'
import type { ConsoleKind } from './session/console-state.ts'

interface NewWindowButtonProps {
  target: { namespace: string; name: string }
  kind: ConsoleKind
  /** The window is there; the session is to be its own. */
  onOpened: () => void
}

/** Moves the console to a window of its own. */
export function NewWindowButton({ target, kind, onOpened }: NewWindowButtonProps) {
  const href = useHref(`${consoleWindowPath(target, virtualMachineInstanceKind)}?type=${kind}`)
  return (
    <Tooltip content="Open in new window">
      <Button
        variant="plain"
        icon={<ExternalLinkAltIcon />}
        aria-label="Open in new window"
        onClick={() => {
          const opened = window.open(href, '_blank', 'popup,width=1100,height=800')
          if (opened) onOpened()
          else {
            showToast({
              variant: 'warning',
              title: 'The browser did not open a window',
              body: 'Allow pop-up windows for this page and try again.',
            })
          }
        }}
      />
    </Tooltip>
  )
}
