/** Requests that are carried out once, however often they are tried again. */
import type { FormStep } from '../../ui/form-shell/form-step.ts'
import { checkFromError, type ServerCheck } from '../../ui/form-shell/use-server-check.ts'

/** Sends a step unless it was sent already; several VMs may share one. What it says on failure. */
export type SendOnce = (step: FormStep) => Promise<ServerCheck | undefined>

export function createSendOnce(): SendOnce {
  const sent = new Map<string, Promise<ServerCheck | undefined>>()
  return (step) => {
    const request = JSON.stringify([step.title, step.body])
    const before = sent.get(request)
    if (before) return before
    const result = step.send({ dryRun: false }).then(
      () => undefined,
      (cause: unknown) => {
        sent.delete(request)
        return checkFromError(cause, step)
      },
    )
    sent.set(request, result)
    return result
  }
}

/** What the VM refers to has to be there before it: one after the other, until one fails. */
export async function sendAll(
  send: SendOnce,
  steps: readonly FormStep[],
): Promise<ServerCheck | undefined> {
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop
    const failed = await send(step)
    if (failed) return failed
  }
  return undefined
}
