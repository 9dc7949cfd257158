import { useMemo, useRef, useState } from 'react'

import { useKube } from '../../data/host-context.tsx'
import type { FormStep } from '../../ui/form-shell/form-step.ts'
import {
  checkFromError,
  useServerCheck,
  type ServerCheck,
} from '../../ui/form-shell/use-server-check.ts'
import { creationSteps } from './creation.ts'
import { isSame, newDraft, type Draft } from './draft/draft.ts'
import { forgetDraft, storedDraft, storeDraft } from './draft/stored-draft.ts'
import { vmName, vmNamespace } from './draft/vm-fields.ts'
import { missing, mistakes, type Problems } from './local-problems.ts'
import { isWizardField } from './wizard-fields.ts'

/** A kept draft goes where the page is now. */
function openDraft(namespace: string | undefined) {
  const stored = storedDraft()
  if (!stored) return { draft: newDraft(namespace), isKept: false, lacksSecrets: false }
  const { draft, lacksSecrets } = stored
  return {
    draft: namespace === undefined ? draft : vmNamespace.set(draft, namespace),
    isKept: true,
    lacksSecrets,
  }
}

/** Admission's words by field, and those that belong to none. */
function serverProblems({ fields, others }: ServerCheck): { fields: Problems; others: string[] } {
  const known: Problems = {}
  const rest = [...others]
  for (const [field, messages = []] of Object.entries(fields)) {
    if (isWizardField(field)) known[field] = messages
    else rest.push(...messages)
  }
  return { fields: known, others: rest }
}

/** The state of the wizard: its draft, what is wrong with it, and creating what it describes. */
export function useWizard(
  namespace: string | undefined,
  onCreated: (vm: { namespace: string; name: string }) => void,
) {
  const client = useKube()
  const [opened, setOpened] = useState(() => openDraft(namespace))
  const [draft, setDraft] = useState(opened.draft)
  const [generation, setGeneration] = useState(0)
  const [isCreating, setCreating] = useState(false)
  const [failure, setFailure] = useState<{ check: ServerCheck; draft: Draft }>()
  /** Requests that were carried out before a later one failed: not to be repeated. */
  const done = useRef(new Set<string>())

  const lacking = useMemo(() => missing(draft), [draft])
  const wrong = useMemo(() => mistakes(draft), [draft])
  const isComplete = Object.keys(lacking).length === 0 && Object.keys(wrong).length === 0
  const steps = useMemo(
    () => (isComplete ? creationSteps(client, draft) : undefined),
    [client, draft, isComplete],
  )
  const trial = useServerCheck(steps, !isCreating)
  const check = failure?.draft === draft ? failure.check : trial.check
  const server = useMemo(() => serverProblems(check), [check])

  function change(apply: (draft: Draft) => Draft) {
    setDraft((before) => {
      const next = apply(before)
      if (!isSame(next, before)) storeDraft(next)
      return next
    })
  }

  function discard() {
    forgetDraft()
    const fresh = newDraft(namespace)
    setOpened({ draft: fresh, isKept: false, lacksSecrets: false })
    setDraft(fresh)
    setFailure(undefined)
    setGeneration((before) => before + 1)
  }

  async function send(step: FormStep): Promise<ServerCheck | undefined> {
    const request = JSON.stringify([step.title, step.body])
    if (done.current.has(request)) return undefined
    try {
      await step.send({ dryRun: false })
      done.current.add(request)
      return undefined
    } catch (cause) {
      return checkFromError(cause, step)
    }
  }

  async function create() {
    // A second press may come before the button is disabled.
    if (!steps || isCreating) return
    setCreating(true)
    setFailure(undefined)
    try {
      for (const step of steps) {
        // What the VM refers to has to be there before it.
        // oxlint-disable-next-line no-await-in-loop
        const failed = await send(step)
        if (failed) return setFailure({ check: failed, draft })
      }
      forgetDraft()
      onCreated({ namespace: vmNamespace.get(draft), name: vmName.get(draft) })
    } finally {
      setCreating(false)
    }
  }

  return {
    draft,
    /** Counts the drafts begun. */
    generation,
    change,
    discard,
    create,
    isCreating,
    isKept: opened.isKept,
    lacksSecrets: opened.lacksSecrets,
    /** Something was entered. */
    isBegun: !isSame(draft, newDraft(namespace)),
    check,
    steps,
    missing: lacking,
    problems: { ...server.fields, ...wrong },
    others: server.others,
  }
}

export type WizardState = ReturnType<typeof useWizard>
