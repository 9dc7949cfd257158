import {
  Button,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
  ExpandableSection,
  List,
  ListItem,
  Tooltip,
} from '@patternfly/react-core'
import { CopyIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import { changeWords, type ValueChange } from '../../../kube/value-diff.ts'
import { copyToClipboard } from '../clipboard.ts'
import type { FormStep } from './form-step.ts'

/** One operation a line, so that a patch reads as a list of changes. */
function readable(body: object): string {
  if (!Array.isArray(body)) return JSON.stringify(body, null, 2)
  return `[\n${body.map((operation) => `  ${JSON.stringify(operation)}`).join(',\n')}\n]`
}

function Copyable({ label, text }: { label: string; text: string }) {
  const [words, setWords] = useState('Copy')
  return (
    <CodeBlock
      aria-label={label}
      actions={
        <CodeBlockAction>
          <Tooltip content={words} aria-live="polite" onTooltipHidden={() => setWords('Copy')}>
            <Button
              variant="plain"
              icon={<CopyIcon />}
              aria-label={`Copy ${label}`}
              onClick={() =>
                void copyToClipboard(text).then((isCopied) =>
                  setWords(isCopied ? 'Copied' : 'The browser didn’t allow copying'),
                )
              }
            />
          </Tooltip>
        </CodeBlockAction>
      }
    >
      <CodeBlockCode>{text}</CodeBlockCode>
    </CodeBlock>
  )
}

/** What becomes of what, a line each. */
function Difference({ changes }: { changes: readonly ValueChange[] }) {
  if (changes.length === 0) return <p>Nothing differs.</p>
  return (
    <List isPlain aria-label="Difference" className="kc-difference">
      {changes.map((change) => (
        <ListItem key={change.path.join('/')}>
          <code>{changeWords(change)}</code>
        </ListItem>
      ))}
    </List>
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
          : steps.map(({ title, body, changes, command }) => (
              <section key={title} aria-label={title}>
                <strong>{title}</strong>
                {changes && <Difference changes={changes()} />}
                <Copyable label="Request body" text={readable(body)} />
                {command !== undefined && <Copyable label="Command" text={command} />}
              </section>
            ))}
    </ExpandableSection>
  )
}
