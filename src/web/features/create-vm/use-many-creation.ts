import { useCallback, useEffect, useRef, useState } from 'react'

import type { ServerCheck } from '../../ui/form-shell/use-server-check.ts'
import type { Creation } from './creation.ts'
import { sendAll, type SendOnce } from './send-once.ts'

/** The cluster takes several at a time; a browser has six connections for all of its requests. */
const atOnce = 4

export interface MadeOne {
  name: string
  state: 'waiting' | 'creating' | 'created' | 'failed'
  /** The cluster's words. */
  problems: string[]
}

function words({ fields, others }: ServerCheck): string[] {
  return [...Object.values(fields).flatMap((messages) => messages ?? []), ...others]
}

/** Makes several, a few at a time, and those that failed again when that is asked for. */
export function useManyCreation(all: readonly Creation[], send: SendOnce) {
  const [made, setMade] = useState<readonly MadeOne[]>(() =>
    all.map(({ name }) => ({ name, state: 'waiting', problems: [] })),
  )
  const isBegun = useRef(false)

  const run = useCallback(
    async (some: readonly Creation[]) => {
      const put = (name: string, change: Partial<MadeOne>) =>
        setMade((before) => before.map((one) => (one.name === name ? { ...one, ...change } : one)))
      for (const { name } of some) put(name, { state: 'waiting', problems: [] })
      const left = [...some]
      async function work() {
        for (let next = left.shift(); next; next = left.shift()) {
          put(next.name, { state: 'creating' })
          // oxlint-disable-next-line no-await-in-loop
          const failed = await sendAll(send, next.steps)
          put(
            next.name,
            failed ? { state: 'failed', problems: words(failed) } : { state: 'created' },
          )
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
    },
    [send],
  )

  useEffect(() => {
    if (isBegun.current) return
    isBegun.current = true
    void run(all)
  }, [all, run])

  const count = (state: MadeOne['state']) => made.filter((one) => one.state === state).length
  const failed = new Set(made.filter(({ state }) => state === 'failed').map(({ name }) => name))
  return {
    made,
    created: count('created'),
    failed: failed.size,
    isGoing: count('waiting') + count('creating') > 0,
    retry: () => void run(all.filter(({ name }) => failed.has(name))),
  }
}
