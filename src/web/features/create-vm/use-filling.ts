import { useEffect, useRef, useState } from 'react'

import { KubeError } from '../../../kube/kube-error.ts'
import {
  fillTemplate,
  parameterProblems,
  type TemplateOffer,
} from '../../../kube/template-offer.ts'
import { useKube } from '../../data/host-context.tsx'
import { useDraft } from './draft-context.ts'
import { isSame } from './draft/draft.ts'
import {
  isChangedSince,
  isOfTemplate,
  isUnfilled,
  lackingParameters,
  withFilled,
} from './draft/template-start.ts'

/** How long typing must rest before the cluster is asked. */
const pauseMs = 400

const none: ReturnType<typeof parameterProblems> = { fields: {}, others: [] }

/**
 * Lets the cluster fill in the draft's template when its parameters are told, as long as nothing else
 * has changed the VM: `fillNow` does it all the same.
 */
export function useFilling(offer: TemplateOffer) {
  const client = useKube()
  const { draft, change, namespace } = useDraft()
  const [refusal, setRefusal] = useState<{ values: unknown; error: Error }>()
  const [isFilling, setFilling] = useState(false)
  const values = draft.template?.values
  const isComplete =
    values !== undefined && lackingParameters(offer, values).length === 0 && namespace !== ''
  const isDue = isComplete && isUnfilled(draft) && !isChangedSince(draft)

  async function fill(signal?: AbortSignal): Promise<void> {
    if (!values) return
    setFilling(true)
    try {
      const made = await fillTemplate(client, offer, values, namespace, signal)
      setRefusal(undefined)
      change((before) =>
        isOfTemplate(before, offer) && isSame(before.template?.values, values)
          ? withFilled(before, values, made)
          : before,
      )
    } catch (error) {
      if (!signal?.aborted && error instanceof Error) setRefusal({ values, error })
    } finally {
      if (!signal?.aborted) setFilling(false)
    }
  }

  const latest = useRef(fill)
  useEffect(() => {
    latest.current = fill
  })
  useEffect(() => {
    if (!isDue) return undefined
    const controller = new AbortController()
    const timer = setTimeout(() => void latest.current(controller.signal), pauseMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [isDue, values, namespace, offer.template])

  const error = refusal && isSame(refusal.values, values) ? refusal.error : undefined
  return {
    /** What the cluster says of these values. */
    problems:
      error === undefined
        ? none
        : error instanceof KubeError
          ? parameterProblems(error, offer.parameters)
          : { fields: {}, others: [error.message] },
    isFilling: isFilling || (isDue && error === undefined),
    isComplete,
    fillNow: () => fill(),
  }
}
