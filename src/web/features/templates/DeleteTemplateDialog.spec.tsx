import { cleanup, render, screen } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { afterEach, expect, it } from 'vitest'

import type { VirtualMachineTemplate } from '../../../kube/kinds.ts'
import { createWrapper } from '../../data/host-harness.tsx'
import { DeleteTemplateDialog } from './DeleteTemplateDialog.tsx'

afterEach(cleanup)

const template: VirtualMachineTemplate = {
  metadata: {
    name: 'golden',
    namespace: 'demo',
    uid: 'u1',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
}

const disk = { metadata: { name: 'golden-root', uid: 'd', ownerReferences: [{ uid: 'u1' }] } }
const foreign = { metadata: { name: 'foreign', uid: 'f' } }

function vm(name: string, claim: string) {
  return {
    metadata: { name, namespace: 'lab', uid: name, resourceVersion: '1' },
    spec: {
      dataVolumeTemplates: [{ spec: { source: { pvc: { namespace: 'demo', name: claim } } } }],
    },
  }
}

function ask(disks: object[] | number, vms: object[] = []) {
  const Wrapper = createWrapper(async (path) => {
    if (path.includes('watch=')) return new Promise<never>(() => undefined)
    const isDisks = path.includes('/datavolumes')
    if (isDisks && typeof disks === 'number')
      return Response.json(
        { kind: 'Status', code: disks, message: 'may not', reason: 'Forbidden' },
        { status: disks },
      )
    const items = isDisks ? disks : vms
    return Response.json({ metadata: { resourceVersion: '1' }, items })
  })
  render(
    <Wrapper>
      <MemoryRouter>
        <DeleteTemplateDialog template={template} onClose={() => undefined} />
      </MemoryRouter>
    </Wrapper>,
  )
}

it('names the disks that go with it and the VMs that copy them', async () => {
  ask([disk, foreign], [vm('shop', 'golden-root'), vm('other', 'foreign')])
  await screen.findByText('The disk kept for it goes with it: golden-root.')
  expect(screen.getByText(/^One VM copies its disks\./)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'shop' })).toBeTruthy()
  expect(screen.queryByText('other')).toBeNull()
  expect(screen.getByText(/others may have been/)).toBeTruthy()
})

it('says that nobody can be found where it has no disks', async () => {
  ask([foreign])
  await screen.findByText('No disks are kept for it, so none go with it.')
  expect(screen.getByText(/so which ones were can’t be told/)).toBeTruthy()
})

it('says what can’t be told', async () => {
  ask(403)
  expect(await screen.findByText('Which disks go with it can’t be told: may not')).toBeTruthy()
})
