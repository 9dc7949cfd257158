import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

/** PatternFly's tokens, so that the editor follows the theme. */
const theme = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--pf-t--global--text--color--regular)',
    backgroundColor: 'var(--pf-t--global--background--color--primary--default)',
    fontSize: 'var(--pf-t--global--font--size--body--sm)',
  },
  '.cm-scroller': { fontFamily: 'var(--pf-t--global--font--family--mono)' },
  '.cm-content': { caretColor: 'var(--pf-t--global--text--color--regular)' },
  '.cm-cursor': { borderLeftColor: 'var(--pf-t--global--text--color--regular)' },
  '.cm-gutters': {
    color: 'var(--pf-t--global--text--color--subtle)',
    backgroundColor: 'var(--pf-t--global--background--color--secondary--default)',
    border: 'none',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'var(--pf-t--global--background--color--primary--hover)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--pf-t--global--background--color--highlight--default)' },
  '.cm-panels, .cm-tooltip': {
    color: 'var(--pf-t--global--text--color--regular)',
    backgroundColor: 'var(--pf-t--global--background--color--floating--default)',
    borderColor: 'var(--pf-t--global--border--color--default)',
  },
})

const highlighting = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    color: 'var(--pf-t--global--text--color--link--default)',
  },
  { tag: tags.comment, color: 'var(--pf-t--global--text--color--subtle)' },
  {
    tag: [tags.number, tags.bool, tags.null],
    color: 'var(--pf-t--global--color--nonstatus--purple--default)',
  },
])

interface CodeEditorProps {
  label: string
  text: string
  isReadOnly: boolean
  diagnostics: readonly Diagnostic[]
  onText: (text: string) => void
  /** Ctrl/Cmd+S. */
  onSave: () => void
}

/** A YAML editor. Tab indents; Esc, then Tab, leaves it. */
export function CodeEditor({
  label,
  text,
  isReadOnly,
  diagnostics,
  onText,
  onSave,
}: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const readOnly = useRef(new Compartment())
  const handlers = useRef({ onText, onSave })
  useEffect(() => {
    handlers.current = { onText, onSave }
  })

  useEffect(() => {
    const editor = new EditorView({
      parent: parent.current as HTMLElement,
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        lintGutter(),
        yaml(),
        theme,
        syntaxHighlighting(highlighting),
        readOnly.current.of([]),
        // Focusable also where it can't be edited, to be scrolled by keys.
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        keymap.of([
          {
            key: 'Mod-s',
            preventDefault: true,
            run: () => {
              handlers.current.onSave()
              return true
            },
          },
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...lintKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) handlers.current.onText(update.state.doc.toString())
        }),
      ],
    })
    view.current = editor
    return () => editor.destroy()
  }, [label])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  useEffect(() => {
    view.current?.dispatch({
      effects: readOnly.current.reconfigure([
        EditorState.readOnly.of(isReadOnly),
        EditorView.editable.of(!isReadOnly),
      ]),
    })
  }, [isReadOnly])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const end = editor.state.doc.length
    const inText = diagnostics.map((one) => ({
      ...one,
      from: Math.min(one.from, end),
      to: Math.min(one.to, end),
    }))
    editor.dispatch(setDiagnostics(editor.state, inText))
    const [first] = inText
    if (first?.source === 'cluster')
      editor.dispatch({ effects: EditorView.scrollIntoView(first.from, { y: 'center' }) })
  }, [diagnostics])

  return <div ref={parent} className="kc-editor" />
}
