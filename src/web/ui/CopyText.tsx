import { Button, Tooltip } from '@patternfly/react-core'
import { useState } from 'react'

/** Text that is copied by clicking it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const words = { idle: 'Copy', copied: 'Copied', failed: 'The browser didn’t allow copying' }
  return (
    <Tooltip
      content={words[state]}
      aria-live="polite"
      onTooltipHidden={() => setState('idle')}
      entryDelay={100}
    >
      <Button
        variant="link"
        isInline
        aria-label={`Copy ${label} ${text}`}
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => setState('copied'),
            () => setState('failed'),
          )
        }}
      >
        {text}
      </Button>
    </Tooltip>
  )
}
