import { Alert } from '@patternfly/react-core'

import { needLine } from './room-words.ts'
import { useRoom } from './use-room.ts'

/** Says before anything is created what there is room for. */
export function Room({ isShortOnly = false }: { isShortOnly?: boolean }) {
  const { need, lines } = useRoom()
  if (!need) return undefined
  const short = lines.filter(({ isShort }) => isShort)
  const shown = isShortOnly ? short : lines
  if (shown.length === 0) return undefined
  return (
    <div aria-live="polite">
      <Alert
        isInline
        variant={short.length > 0 ? 'warning' : 'info'}
        component="p"
        title={short.length > 0 ? 'There isn’t room for it' : 'There is room for it'}
      >
        {shown.map(({ text }) => (
          <p key={text}>{text}</p>
        ))}
        {!isShortOnly && <p>{needLine(need)}</p>}
      </Alert>
    </div>
  )
}
