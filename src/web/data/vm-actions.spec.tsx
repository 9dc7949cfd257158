import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'

import { createKubeClient } from '../../kube/client.ts'
import type { VmiFacts } from '../../kube/vm-facts.ts'
import type { Host } from '../host/contract.ts'
import { HostProvider } from './host-context.tsx'
import { useVmActions } from './vm-actions.ts'

function instance(uid: string): VmiFacts {
  return {
    metadata: { namespace: 'demo', name: 'probe', uid, creationTimestamp: '' },
    spec: { domain: {} },
    status: { phase: 'Running' },
  }
}

it('deletes the instance it was asked for, and none that has taken its name since', async () => {
  const deletions: unknown[] = []
  const transport: Host['transport'] = {
    fetch(_path, init) {
      if (init?.method === 'DELETE') deletions.push(JSON.parse(init.body as string))
      return Promise.resolve(Response.json({ status: { allowed: true } }))
    },
    openSocket: () => {
      throw new Error('no stream is needed')
    },
  }
  const host = { transport, session: { user: 'bob' } } as unknown as Host
  const client = createKubeClient(transport)
  const queryClient = new QueryClient()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>
      <HostProvider host={host} client={client}>
        {children}
      </HostProvider>
    </QueryClientProvider>
  )
  const { result, rerender } = renderHook((vmi: VmiFacts) => useVmActions(undefined, vmi), {
    wrapper,
    initialProps: instance('first'),
  })
  const asked = result.current.find(({ id }) => id === 'delete')
  rerender(instance('second'))
  await act(async () => asked?.perform())
  expect(deletions).toMatchObject([{ preconditions: { uid: 'first' } }])
})
