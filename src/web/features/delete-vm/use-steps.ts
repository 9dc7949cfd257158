import { useRef, useState } from 'react'

import type { KubeError } from '../../../kube/kube-error.ts'
import type { DeletionStep } from './deletion-steps.ts'

export interface Progress {
  /** Absent before it begins. */
  steps?: readonly DeletionStep[]
  /** How many are done; the next one is under way, or has failed. */
  done: number
  isRunning: boolean
  error?: KubeError
}

/** Takes steps one after the other and stops at the first that fails. */
export function useSteps(
  onDone: () => void,
): Progress & { start: (steps: readonly DeletionStep[]) => void; retry: () => void } {
  const [progress, setProgress] = useState<Progress>({ done: 0, isRunning: false })
  const isUnderWay = useRef(false)

  async function run(steps: readonly DeletionStep[], from: number): Promise<void> {
    // A second press may come before the button is gone.
    if (isUnderWay.current) return
    isUnderWay.current = true
    try {
      for (let done = from; done < steps.length; done += 1) {
        setProgress({ steps, done, isRunning: true })
        // Each relies on the one before.
        // oxlint-disable-next-line no-await-in-loop
        await steps[done]?.run()
      }
      onDone()
    } catch (cause) {
      setProgress((now) => ({ ...now, isRunning: false, error: cause as KubeError }))
    } finally {
      isUnderWay.current = false
    }
  }

  return {
    ...progress,
    start: (steps) => void run(steps, 0),
    retry: () => {
      if (progress.steps) void run(progress.steps, progress.done)
    },
  }
}
