import { Alert, Button, Tooltip } from '@patternfly/react-core'
import { useMemo, useRef, useState } from 'react'

import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'
import { useAccess } from '../../data/access.ts'
import { useKube } from '../../data/host-context.tsx'
import { useReplaceObject } from '../../data/object-mutations.ts'
import { CodeEditor } from '../../ui/code-editor/CodeEditor.tsx'
import { LeaveQuestion } from '../../ui/LeaveQuestion.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { ConflictNotice } from './ConflictNotice.tsx'
import {
  clusterProblems,
  essence,
  fieldRange,
  manifestText,
  parseManifest,
} from './manifest-text.ts'
import { mergeLines } from './merge-lines.ts'
import { saveManifest } from './save-manifest.ts'

/** What is being edited, and the version it began from. */
interface Draft<T> {
  text: string
  base: T
}

/** Reads and saves an object as YAML. It follows the cluster until one begins to edit. */
export function YamlTab<T extends KubeObject>({
  kind,
  object,
}: {
  kind: ResourceKind<T>
  object: T
}) {
  const client = useKube()
  const { namespace, name } = object.metadata
  const ref = { name, ...(namespace !== undefined && { namespace }) }
  const [draft, setDraft] = useState<Draft<T>>()
  const [conflict, setConflict] = useState<T>()
  const replace = useReplaceObject(kind, ref)
  // A second press may come before the page knows of the first.
  const isSaving = useRef(false)
  const access = useAccess({
    verb: 'update',
    group: kind.group,
    resource: kind.plural,
    ...(namespace !== undefined && { namespace }),
  })

  const current = useMemo(() => manifestText(object), [object])
  const text = draft?.text ?? current
  const parsed = useMemo(() => parseManifest(text), [text])
  const isDirty = draft !== undefined && draft.text !== manifestText(draft.base)

  const error = conflict ? null : replace.error
  const { placed, unplaced } = useMemo(() => placeCauses(parsed, error), [parsed, error])
  const diagnostics = useMemo(
    () => [
      ...placed,
      ...parsed.problems.map((problem) => ({
        from: problem.from ?? 0,
        to: problem.to ?? problem.from ?? 0,
        severity: 'error' as const,
        message: problem.message,
      })),
    ],
    [placed, parsed],
  )

  function edit(next: string) {
    if (next === text) return
    setDraft((before) => ({ text: next, base: before?.base ?? object }))
    if (replace.isError) replace.reset()
  }

  function discard() {
    setDraft(undefined)
    setConflict(undefined)
    replace.reset()
  }

  async function save(base = draft?.base) {
    const { manifest } = parsed
    if (!manifest || !base || isSaving.current || access.allowed === false) return
    isSaving.current = true
    try {
      const result = await saveManifest(manifest, base, {
        replace: replace.mutateAsync,
        get: () => client.get(kind, ref),
      })
      if ('theirs' in result) return setConflict(result.theirs)
      setConflict(undefined)
      // What was typed while it was saved stays to be saved.
      setDraft((now) =>
        now === undefined || now.text === text ? undefined : { ...now, base: result.saved },
      )
      showToast({ variant: 'success', title: `Saved ${name}` })
    } catch {
      // The error of the last attempt is shown.
    } finally {
      isSaving.current = false
    }
  }

  const merged = useMemo(
    () =>
      conflict && draft
        ? mergeLines(manifestText(draft.base), draft.text, manifestText(conflict))
        : undefined,
    [conflict, draft],
  )
  const reason =
    access.allowed === false
      ? access.reason
      : !isDirty
        ? 'Nothing is changed.'
        : parsed.problems[0]?.message
  const base = draft?.base
  const isBaseOld = useMemo(
    () => base !== undefined && essence(base) !== essence(object),
    [base, object],
  )
  const isChangedMeanwhile = isBaseOld && !conflict

  return (
    <div className="kc-yaml">
      <LeaveQuestion
        isDirty={isDirty}
        consequence={`Your changes to the YAML of ${name} are not saved and would be lost.`}
      />
      {access.allowed === false && (
        <Alert isInline component="p" variant="info" title="Read only">
          {access.reason}
        </Alert>
      )}
      {conflict && draft && (
        <ConflictNotice
          mine={parsed.manifest ? essence(parsed.manifest) : draft.text}
          theirs={essence(conflict)}
          {...(merged !== undefined && {
            onMerge() {
              setConflict(undefined)
              setDraft({ text: merged, base: conflict })
              replace.reset()
            },
          })}
          onReload={discard}
          onKeepMine={() => {
            setConflict(undefined)
            setDraft({ ...draft, base: conflict })
            void save(conflict)
          }}
        />
      )}
      {isDirty && isChangedMeanwhile && (
        <Alert
          isInline
          component="p"
          isPlain
          variant="info"
          title="It has been changed since you began"
        />
      )}
      {error && (unplaced.length > 0 || placed.length === 0) && (
        <Alert isInline component="p" variant="danger" title="Not saved">
          {unplaced.length > 0 ? unplaced.join('\n') : error.message}
        </Alert>
      )}
      {error && placed.length > 0 && (
        <Alert isInline component="p" variant="danger" title="Not saved: see the marked lines">
          {placed.map((one) => one.message).join('\n')}
        </Alert>
      )}
      <div className="kc-yaml-buttons">
        <SaveButton reason={reason} isPending={replace.isPending} onClick={() => void save()} />
        <Button variant="secondary" isDisabled={!isDirty} onClick={discard}>
          Discard changes
        </Button>
      </div>
      <CodeEditor
        label={`YAML of ${name}`}
        text={text}
        isReadOnly={access.allowed !== true}
        diagnostics={diagnostics}
        onText={edit}
        onSave={() => void save()}
      />
    </div>
  )
}

function SaveButton({
  reason,
  isPending,
  onClick,
}: {
  reason: string | undefined
  isPending: boolean
  onClick: () => void
}) {
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <Button
        ref={button}
        isAriaDisabled={reason !== undefined || isPending}
        isLoading={isPending}
        onClick={onClick}
      >
        Save
      </Button>
      {reason !== undefined && <Tooltip content={reason} triggerRef={button} />}
    </>
  )
}

/** Puts the cluster's causes at the lines of their fields; those of no known field stay apart. */
function placeCauses(parsed: ReturnType<typeof parseManifest>, error: KubeError | null) {
  const placed: {
    from: number
    to: number
    severity: 'error'
    source: string
    message: string
  }[] = []
  const unplaced: string[] = []
  for (const { field, message } of error ? clusterProblems(error) : []) {
    const range = field ? fieldRange(parsed.document, field) : undefined
    if (range) placed.push({ ...range, severity: 'error', source: 'cluster', message })
    else unplaced.push(field ? `${field}: ${message}` : message)
  }
  return { placed, unplaced }
}
