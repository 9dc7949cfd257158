import { HelperText, HelperTextItem } from '@patternfly/react-core'
import { useState } from 'react'

import { CodeEditor } from '../../ui/code-editor/CodeEditor.tsx'
import { useDraft } from './draft-context.ts'
import { draftText, readDraft, type TextProblem } from './draft/draft-text.ts'
import type { Draft } from './draft/draft.ts'

/** What was typed, and the draft it stands for; that of before while it stands for none. */
interface Typed {
  text: string
  draft: Draft
  problems: TextProblem[]
}

/** The draft as YAML. What is changed here changes the form, and the other way round. */
export function ManifestPanel() {
  const { draft, change } = useDraft()
  const [typed, setTyped] = useState<Typed>()
  const isTyped = typed?.draft === draft
  const text = isTyped ? typed.text : draftText(draft)
  const problems = isTyped ? typed.problems : []

  function type(next: string) {
    if (next === text) return
    const read = readDraft(next)
    if ('problems' in read) return setTyped({ text: next, draft, problems: read.problems })
    // How many there are to be, and how they were begun, is no part of the manifests.
    const typedDraft = {
      ...read.draft,
      ...(draft.many && { many: draft.many }),
      ...(draft.template && { template: draft.template }),
      ...(draft.start && { start: draft.start }),
    }
    setTyped({ text: next, draft: typedDraft, problems: [] })
    change(() => typedDraft)
  }

  return (
    <section className="kc-create-vm-yaml" aria-label="YAML">
      <HelperText aria-live="polite">
        {problems[0] ? (
          <HelperTextItem variant="error">
            {problems[0].message} The form shows what was valid last.
          </HelperTextItem>
        ) : (
          <HelperTextItem>
            What is changed here shows in the form. Esc, then Tab, leaves the editor.
          </HelperTextItem>
        )}
      </HelperText>
      <CodeEditor
        label="Manifests as YAML"
        text={text}
        isReadOnly={false}
        diagnostics={problems.map((one) => ({ ...one, severity: 'error' as const }))}
        onText={type}
        onSave={() => undefined}
      />
    </section>
  )
}
