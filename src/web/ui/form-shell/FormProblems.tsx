import { Alert, AlertActionLink, List, ListItem } from '@patternfly/react-core'

import type { ValueChange } from '../../../kube/value-diff.ts'
import { ChangesMeanwhile } from './ChangesMeanwhile.tsx'
import type { ServerCheck } from './use-server-check.ts'

/** On top of a form: what belongs to none of its fields. */
export function FormProblems({
  check,
  messages,
  onReload,
  readChanges,
}: {
  check: ServerCheck
  messages: string[]
  onReload: () => Promise<void>
  readChanges: (() => Promise<readonly ValueChange[]>) | undefined
}) {
  const isShown = check.isChangedMeanwhile || messages.length > 0
  if (!isShown) return null
  if (check.isChangedMeanwhile)
    return (
      <div tabIndex={-1} data-form-problem>
        <Alert
          isInline
          isLiveRegion
          variant="warning"
          title="Changed meanwhile"
          actionLinks={
            <AlertActionLink onClick={() => void onReload()}>Reload, keep my input</AlertActionLink>
          }
        >
          Somebody else changed this since the form was opened. Nothing was saved.
          {readChanges && <ChangesMeanwhile readChanges={readChanges} />}
        </Alert>
      </div>
    )
  return (
    <div tabIndex={-1} data-form-problem>
      <Alert
        isInline
        isLiveRegion
        variant="danger"
        title={
          check.state === 'failed' ? 'The cluster couldn’t do this' : 'The cluster refuses this'
        }
      >
        <List isPlain>
          {messages.map((message) => (
            <ListItem key={message}>{message}</ListItem>
          ))}
        </List>
      </Alert>
    </div>
  )
}
