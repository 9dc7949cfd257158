import { useCallback, useEffect, useRef, useState } from 'react'

import { isChangedMeanwhile, mapCauses } from '../../../kube/admission-fields.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import type { FormStep } from './form-step.ts'

/** How long typing must rest before the cluster is asked. */
const pauseMs = 500

export interface ServerCheck {
  state: 'idle' | 'checking' | 'accepted' | 'refused' | 'failed'
  /** The cluster's words by field. */
  fields: Partial<Record<string, string[]>>
  /** What belongs to no field, or why the cluster couldn't be asked. */
  others: string[]
  /** The object is no longer what the form was opened with. */
  isChangedMeanwhile: boolean
}

const idle: ServerCheck = { state: 'idle', fields: {}, others: [], isChangedMeanwhile: false }

/** What a failure of `step` says, by field. */
export function checkFromError(cause: unknown, step: FormStep): ServerCheck {
  if (!(cause instanceof KubeError)) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return { ...idle, state: 'failed', others: [message] }
  }
  if (isChangedMeanwhile(cause)) return { ...idle, state: 'refused', isChangedMeanwhile: true }
  const isRefusal = cause.code === 422 || cause.code === 400 || cause.code === 409
  return {
    ...idle,
    ...mapCauses(cause, step.rules),
    state: isRefusal ? 'refused' : 'failed',
  }
}

async function tryAll(steps: readonly FormStep[], signal: AbortSignal): Promise<ServerCheck> {
  for (const step of steps) {
    try {
      await step.send({ dryRun: true, signal })
    } catch (cause) {
      return checkFromError(cause, step)
    }
  }
  return { ...idle, state: 'accepted' }
}

/**
 * Lets the cluster's own admission judge what the form would send: by itself when the input has
 * rested, and at once by `checkNow`. `steps` is undefined while the input isn't complete.
 */
export function useServerCheck(steps: FormStep[] | undefined, isEnabled: boolean) {
  const [check, setCheck] = useState<ServerCheck>(idle)
  const abort = useRef<AbortController>(undefined)
  const latestSteps = useRef(steps)
  useEffect(() => {
    latestSteps.current = steps
  })

  const run = useCallback(async (toTry: readonly FormStep[]): Promise<ServerCheck | undefined> => {
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    setCheck((before) => ({ ...before, state: 'checking' }))
    const result = await tryAll(toTry, controller.signal)
    if (controller.signal.aborted) return undefined
    setCheck(result)
    return result
  }, [])

  /** What would be sent, as text: a new object with the same content isn't asked about again. */
  const request = steps && JSON.stringify(steps.map(({ title, body }) => [title, body]))
  useEffect(() => {
    if (!isEnabled || request === undefined) return undefined
    const timer = setTimeout(() => {
      if (latestSteps.current) void run(latestSteps.current)
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      abort.current?.abort()
    }
  }, [request, isEnabled, run])

  return { check, setCheck, checkNow: run }
}
