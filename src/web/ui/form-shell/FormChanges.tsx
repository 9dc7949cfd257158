import {
  ClipboardCopyButton,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
  ExpandableSection,
} from '@patternfly/react-core'
import { useId, useState } from 'react'

import type { FormStep } from './form-step.ts'

/** One operation a line, so that a patch reads as a list of changes. */
function readable(body: object): string {
  if (!Array.isArray(body)) return JSON.stringify(body, null, 2)
  return `[\n${body.map((operation) => `  ${JSON.stringify(operation)}`).join(',\n')}\n]`
}

function Copyable({ label, text }: { label: string; text: string }) {
  const id = useId()
  const [isCopied, setCopied] = useState(false)
  return (
    <CodeBlock
      aria-label={label}
      actions={
        <CodeBlockAction>
          <ClipboardCopyButton
            id={id}
            textId={`${id}-text`}
            variant="plain"
            aria-label={`Copy ${label}`}
            onClick={() => {
              void navigator.clipboard.writeText(text).then(() => setCopied(true))
            }}
            onTooltipHidden={() => setCopied(false)}
          >
            {isCopied ? 'Copied' : 'Copy'}
          </ClipboardCopyButton>
        </CodeBlockAction>
      }
    >
      <CodeBlockCode id={`${id}-text`}>{text}</CodeBlockCode>
    </CodeBlock>
  )
}

/** What saving sends, and the commands that do the same. */
export function FormChanges({ steps }: { steps: FormStep[] | undefined }) {
  const [isExpanded, setExpanded] = useState(false)
  return (
    <ExpandableSection
      toggleText={isExpanded ? 'Hide changes' : 'Show changes'}
      isExpanded={isExpanded}
      onToggle={(_event, next) => setExpanded(next)}
      isIndented
    >
      {!isExpanded
        ? null
        : !steps
          ? 'What would be sent shows here when the form is complete.'
          : steps.map(({ title, body, command }) => (
              <section key={title} aria-label={title}>
                <strong>{title}</strong>
                <Copyable label="Request body" text={readable(body)} />
                <Copyable label="Command" text={command} />
              </section>
            ))}
    </ExpandableSection>
  )
}
