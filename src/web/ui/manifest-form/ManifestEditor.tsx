import { HelperText, HelperTextItem } from '@patternfly/react-core'
import { lazy, Suspense, useState } from 'react'
import { parseDocument, stringify } from 'yaml'

import { LoadingLines } from '../PageStates.tsx'

import './manifest-editor.css'

const CodeEditor = lazy(async () => ({
  default: (await import('../code-editor/CodeEditor.tsx')).CodeEditor,
}))

interface Problem {
  message: string
  from: number
  to: number
}

/** What was typed, and the manifest that it stood for or was typed over. */
interface Typed {
  text: string
  manifest: string
  problem: Problem | undefined
}

function read(text: string): { manifest: object } | { problem: Problem } {
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error) return { problem: { message: error.message, from: error.pos[0], to: error.pos[1] } }
  const value: unknown = document.toJS()
  const metadata = (value as { metadata?: unknown } | null)?.metadata
  if (typeof metadata !== 'object' || metadata === null)
    return { problem: { message: 'There is no metadata in this.', from: 0, to: 0 } }
  return { manifest: value as object }
}

/** The manifest of a form as YAML beside it. */
export function ManifestEditor<M extends object>({
  manifest,
  onChange,
}: {
  manifest: M
  onChange: (manifest: M) => void
}) {
  const [typed, setTyped] = useState<Typed>()
  const current = JSON.stringify(manifest)
  const isTyped = typed?.manifest === current
  const text = isTyped ? typed.text : stringify(manifest, { lineWidth: 0 })
  const problem = isTyped ? typed.problem : undefined

  function type(next: string) {
    if (next === text) return
    const result = read(next)
    if ('problem' in result)
      return setTyped({ text: next, manifest: current, problem: result.problem })
    setTyped({ text: next, manifest: JSON.stringify(result.manifest), problem: undefined })
    onChange(result.manifest as M)
  }

  return (
    <section className="kc-manifest-editor" aria-label="YAML">
      <div className="kc-manifest-text">
        <Suspense fallback={<LoadingLines label="Loading the editor" count={4} />}>
          <CodeEditor
            label="Manifest as YAML"
            text={text}
            isReadOnly={false}
            diagnostics={problem ? [{ ...problem, severity: 'error' as const }] : []}
            onText={type}
            onSave={() => undefined}
          />
        </Suspense>
      </div>
      <HelperText aria-live="polite">
        {problem ? (
          <HelperTextItem variant="error">
            {problem.message} The form shows what was valid last.
          </HelperTextItem>
        ) : (
          <HelperTextItem>
            What is changed here shows in the form. Esc, then Tab, leaves the editor.
          </HelperTextItem>
        )}
      </HelperText>
    </section>
  )
}
