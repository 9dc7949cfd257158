/** For specs: a step of the wizard over a draft, with a client that knows some objects. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { useEffect, useState, type ReactNode } from 'react'

import type { KubeClient } from '../../../kube/client.ts'
import type { ResourceKind } from '../../../kube/kinds.ts'
import { HostProvider } from '../../data/host-context.tsx'
import type { Host } from '../../host/contract.ts'
import { CurrentDraft, type DraftContext } from './draft-context.ts'
import { newDraft, type Draft } from './draft/draft.ts'

interface StepOptions {
  draft?: Draft
  problems?: DraftContext['problems']
  /** What the cluster has of each kind. */
  objects?: readonly [ResourceKind, readonly object[]][]
  client?: Partial<KubeClient>
}

/** Draws the step; the draft as it was drawn last is in `drawn`. */
export function renderStep(step: ReactNode, options: StepOptions = {}): { draft: Draft } {
  const { draft = newDraft('demo'), problems = {}, objects = [], client = {} } = options
  const drawn = { draft }
  function Step() {
    const [current, setCurrent] = useState(draft)
    useEffect(() => {
      drawn.draft = current
    }, [current])
    return (
      <CurrentDraft.Provider
        value={{ draft: current, namespace: 'demo', change: setCurrent, problems }}
      >
        {step}
      </CurrentDraft.Provider>
    )
  }
  const read = (path: string) => {
    const [, items] = objects.find(([{ plural }]) => path.includes(`/${plural}`)) ?? []
    return Promise.resolve({ items: items ?? [] })
  }
  const review = () => Promise.resolve({ status: { allowed: true } })
  const host = { session: { user: 'me' } } as unknown as Host
  render(
    <QueryClientProvider client={new QueryClient()}>
      <HostProvider host={host} client={{ read, review, ...client } as unknown as KubeClient}>
        <Step />
      </HostProvider>
    </QueryClientProvider>,
  )
  return drawn
}
