import { List, ListItem } from '@patternfly/react-core'
import { useEffect, useRef, useState } from 'react'

import { changeWords, type ValueChange } from '../../../kube/value-diff.ts'

const most = 20

/** What somebody else has changed, a line each; nothing while it isn't known. */
export function ChangesMeanwhile({
  readChanges,
}: {
  readChanges: () => Promise<readonly ValueChange[]>
}) {
  const [lines, setLines] = useState<readonly string[]>([])
  // Asked once, when the conflict shows: a later render brings a new function for the same question.
  const read = useRef(readChanges)
  useEffect(() => {
    let isShown = true
    read.current().then(
      (changes) => {
        if (isShown) setLines(changes.map(changeWords))
      },
      () => {
        // Reloading, which is offered beside this, will say why it can't be read.
      },
    )
    return () => {
      isShown = false
    }
  }, [])
  if (lines.length === 0) return null
  return (
    <List isPlain aria-label="Changed meanwhile">
      {lines.slice(0, most).map((line) => (
        <ListItem key={line}>
          <code>{line}</code>
        </ListItem>
      ))}
      {lines.length > most && <ListItem>… {lines.length - most} more</ListItem>}
    </List>
  )
}
