import { act, renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'

import type { VmiFacts } from '../../kube/vm-facts.ts'
import { createWrapper } from './host-harness.tsx'
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
  const wrapper = createWrapper((_path, init) => {
    if (init?.method === 'DELETE') deletions.push(JSON.parse(init.body as string))
    return Promise.resolve(Response.json({ status: { allowed: true } }))
  })
  const { result, rerender } = renderHook((vmi: VmiFacts) => useVmActions(undefined, vmi), {
    wrapper,
    initialProps: instance('first'),
  })
  const asked = result.current.find(({ id }) => id === 'delete')
  rerender(instance('second'))
  await act(async () => asked?.perform())
  expect(deletions).toMatchObject([{ preconditions: { uid: 'first' } }])
})
