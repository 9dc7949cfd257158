import { Button } from '@patternfly/react-core'
import { useState } from 'react'

import { copyToClipboard } from './clipboard.ts'

const words = { idle: 'Copy', copied: 'Copied', failed: 'The browser didn’t allow copying' }

/** Text that is copied by clicking it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<keyof typeof words>('idle')
  const reset = () => setState('idle')
  return (
    <Button
      variant="link"
      isInline
      data-hint={words[state]}
      aria-label={`Copy ${label} ${text}`}
      onMouseLeave={reset}
      onBlur={reset}
      onClick={() =>
        void copyToClipboard(text).then((isCopied) => setState(isCopied ? 'copied' : 'failed'))
      }
    >
      {text}
    </Button>
  )
}
