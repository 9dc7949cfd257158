import { useMemo, useState } from 'react'

import { useKube } from '../../data/host-context.tsx'
import { useServerCheck, type ServerCheck } from '../../ui/form-shell/use-server-check.ts'
import { useUnsavedWork } from '../../ui/unsaved-work.ts'
import { creations, type Creation } from './creation.ts'
import { isSame, newDraft, type Draft } from './draft/draft.ts'
import { isMany } from './draft/many.ts'
import { forgetDraft, storedDraft, storeDraft } from './draft/stored-draft.ts'
import { vmName, vmNamespace } from './draft/vm-fields.ts'
import { missing, mistakes, type Problems } from './local-problems.ts'
import { createSendOnce, sendAll } from './send-once.ts'
import type { StartRequest } from './start-request.ts'
import { useTakenNames } from './taken-names.ts'
import { isWizardField } from './wizard-fields.ts'

/** A kept draft goes where the page is now. */
function openDraft(namespace: string | undefined, request: StartRequest | undefined): Opened {
  const stored = storedDraft()
  const begun = { draft: request?.draft ?? newDraft(namespace), isKept: false, lacksSecrets: false }
  if (!stored) return begun
  const { draft, lacksSecrets } = stored
  const kept = {
    draft: namespace === undefined ? draft : vmNamespace.set(draft, namespace),
    isKept: true,
    lacksSecrets,
  }
  return !request || request.isOf(draft) ? kept : { ...begun, before: kept }
}

interface Opened {
  draft: Draft
  isKept: boolean
  lacksSecrets: boolean
  /** The kept draft that another has taken the place of. */
  before?: Opened
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
  request: StartRequest | undefined,
  onCreated: (vm: { namespace: string; name: string }) => void,
) {
  const client = useKube()
  const [opened, setOpened] = useState(() => openDraft(namespace, request))
  const [draft, setDraft] = useState(opened.draft)
  const [generation, setGeneration] = useState(0)
  const [isCreating, setCreating] = useState(false)
  const [failure, setFailure] = useState<{ check: ServerCheck; draft: Draft }>()
  /** The several that are being made; their progress stands in the form's place. */
  const [making, setMaking] = useState<readonly Creation[]>()
  /** What was carried out before something later failed isn't repeated. */
  const [sendOnce] = useState(createSendOnce)

  const lacking = useMemo(() => missing(draft), [draft])
  const taken = useTakenNames(draft)
  const wrong = useMemo(
    () => ({ ...(taken !== undefined && { count: [taken] }), ...mistakes(draft) }),
    [draft, taken],
  )
  const isComplete = Object.keys(lacking).length === 0 && Object.keys(wrong).length === 0
  const planned = useMemo(
    () => (isComplete ? creations(client, draft) : undefined),
    [client, draft, isComplete],
  )
  // Several are alike: what the cluster says of the first holds for all.
  const steps = planned?.[0]?.steps
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

  const isBegun = !isSame(draft, newDraft(namespace))
  useUnsavedWork(isBegun ? 'The draft of a new VirtualMachine.' : undefined, { isKept: true })

  function begin(next: Opened) {
    setOpened(next)
    setDraft(next.draft)
    setFailure(undefined)
    setGeneration((before) => before + 1)
  }

  function discard() {
    forgetDraft()
    begin({ draft: newDraft(namespace), isKept: false, lacksSecrets: false })
  }

  /** Back to the draft that was kept, in place of what the page's address asked for. */
  function goBack() {
    if (!opened.before) return
    storeDraft(opened.before.draft)
    begin(opened.before)
  }

  async function create() {
    // A second press may come before the button is disabled.
    if (!planned || !steps || isCreating) return
    if (isMany(draft)) return setMaking(planned)
    setCreating(true)
    setFailure(undefined)
    try {
      const failed = await sendAll(sendOnce, steps)
      if (failed) return setFailure({ check: failed, draft })
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
    goBack: opened.before && goBack,
    create,
    isCreating,
    making,
    /** Back to the form, with what was entered. */
    leaveMaking: () => setMaking(undefined),
    sendOnce,
    isKept: opened.isKept,
    lacksSecrets: opened.lacksSecrets,
    check,
    steps,
    missing: lacking,
    problems: { ...server.fields, ...wrong },
    others: server.others,
  }
}

export type WizardState = ReturnType<typeof useWizard>
