import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

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

/** The cluster couldn't be asked, for the reason that `message` says. */
export function failedCheck(message: string): ServerCheck {
  return { ...idle, state: 'failed', others: [message] }
}

/** What a failure says that is no step's. */
export function checkFromFailure(cause: unknown): ServerCheck {
  return failedCheck(cause instanceof Error ? cause.message : String(cause))
}

/** What a failure of `step` says, by field. */
export function checkFromError(cause: unknown, step: FormStep): ServerCheck {
  if (!(cause instanceof KubeError)) return checkFromFailure(cause)
  if (isChangedMeanwhile(cause)) return { ...idle, state: 'refused', isChangedMeanwhile: true }
  const isRefusal =
    [400, 409, 422].includes(cause.code) ||
    // A quota is in the way, and no right is missing.
    (cause.code === 403 && cause.message.includes('exceeded quota'))
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
  const [latest, setLatest] = useState<{ request?: string; check: ServerCheck }>({ check: idle })
  const abort = useRef<AbortController>(undefined)
  /** What was asked last, as text: a new object with the same content isn't asked about again. */
  const asked = useRef<string>(undefined)
  const latestSteps = useRef(steps)
  useEffect(() => {
    latestSteps.current = steps
  })

  const checkNow = useCallback(
    async (toTry: readonly FormStep[]): Promise<ServerCheck | undefined> => {
      abort.current?.abort()
      const controller = new AbortController()
      abort.current = controller
      const request = requestOf(toTry)
      asked.current = request
      setLatest((before) => ({ request, check: { ...before.check, state: 'checking' } }))
      const result = await tryAll(toTry, controller.signal)
      if (controller.signal.aborted) return undefined
      setLatest({ request, check: result })
      return result
    },
    [],
  )

  const request = steps && requestOf(steps)
  const check = useMemo((): ServerCheck => {
    if (request === undefined) return idle
    // A verdict on older input is none on this; the words at its fields stay till the next one.
    return latest.request === request ? latest.check : { ...latest.check, state: 'idle' }
  }, [latest, request])
  useEffect(
    () => () => {
      // The answer about an older input would be shown at the newer one.
      abort.current?.abort()
      asked.current = undefined
    },
    [request],
  )
  useEffect(() => {
    if (!isEnabled || request === undefined) return undefined
    const timer = setTimeout(() => {
      if (latestSteps.current && asked.current !== request) void checkNow(latestSteps.current)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [request, isEnabled, checkNow])

  return { check, checkNow }
}

function requestOf(steps: readonly FormStep[]): string {
  return JSON.stringify(steps.map(({ title, body }) => [title, body]))
}
