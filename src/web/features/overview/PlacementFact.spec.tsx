import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { afterEach, expect, it, vi } from 'vitest'

import type { VirtualMachine } from '../../../kube/kinds.ts'
import { createWrapper } from '../../data/host-harness.tsx'
import { PlacementFact } from './PlacementFact.tsx'

afterEach(cleanup)

const vm = {
  metadata: { name: 'web-1', namespace: 'demo', uid: 'u1', resourceVersion: '1', generation: 1 },
  spec: { template: { spec: { domain: { devices: {} }, nodeSelector: { zone: 'a' } } } },
} as unknown as VirtualMachine

const node = (name: string, zone: string) => ({
  metadata: { name, labels: { 'kubevirt.io/schedulable': 'true', zone } },
  spec: {},
})

it('is told, and changed by a patch that the cluster tries before', async () => {
  const patches: [string, unknown][] = []
  const Wrapper = createWrapper(async (path, init) => {
    if (path.includes('watch=')) return new Promise<never>(() => undefined)
    if (path.includes('selfsubjectaccessreviews'))
      return Response.json({ status: { allowed: true } }, { status: 201 })
    if (init?.method === 'PATCH') {
      patches.push([path, JSON.parse(init.body as string)])
      return Response.json(vm)
    }
    const items = path.includes('/nodes') ? [node('one', 'a'), node('two', 'b')] : []
    return Response.json({ metadata: { resourceVersion: '1' }, items })
  })
  render(
    <Wrapper>
      <MemoryRouter>
        <PlacementFact vm={vm} vmi={undefined} />
      </MemoryRouter>
    </Wrapper>,
  )
  expect(screen.getByText('zone=a')).toBeTruthy()
  const user = userEvent.setup()
  const change = await screen.findByRole('button', { name: 'Change where web-1 may run' })
  await vi.waitFor(() => expect(change.getAttribute('aria-disabled')).not.toBe('true'))
  await user.click(change)
  await screen.findByText('Matches 1 of 2 nodes')
  const labels = screen.getByRole('textbox', { name: 'Node labels it needs' })
  await user.clear(labels)
  await screen.findByText('Matches 2 of 2 nodes')
  await user.type(labels, 'zone=c')
  await screen.findByText('No node matches, so the VM wouldn’t start')
  await screen.findByText('The cluster would accept this.')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const path = '/spec/template/spec/nodeSelector'
  expect(patches.at(-1)).toEqual([
    expect.not.stringContaining('dryRun'),
    [
      { op: 'test', path, value: { zone: 'a' } },
      { op: 'add', path, value: { zone: 'c' } },
    ],
  ])
  expect(patches[0]?.[0]).toContain('dryRun=All')
})
