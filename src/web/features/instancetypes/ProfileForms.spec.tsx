import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { clusterInstancetypeKind, preferenceKind, type Preference } from '../../../kube/kinds.ts'
import { createWrapper } from '../../data/host-harness.tsx'
import type { Host } from '../../host/contract.ts'
import { DeleteProfileDialog } from './DeleteProfileDialog.tsx'
import { CreateProfileForm, EditProfileForm } from './ProfileForms.tsx'

vi.mock('../../ui/code-editor/CodeEditor.tsx', () => ({ CodeEditor: () => null }))

const metadata = { name: 'u1.small', uid: 'u', resourceVersion: '1', creationTimestamp: '' }
const instancetype = { metadata, spec: { cpu: { guest: 1 }, memory: { guest: '2Gi' } } }
const preference = {
  metadata: { ...metadata, name: 'own', namespace: 'demo' },
  spec: { devices: { preferredDiskBus: 'sata', preferredSoundModel: 'ich9' } },
} as Preference

const vm = {
  metadata: { ...metadata, name: 'db', namespace: 'demo' },
  spec: { preference: { kind: 'VirtualMachinePreference', name: 'own' }, template: {} },
}

const fetch = vi.fn<Host['transport']['fetch']>()
const onClose = vi.fn<() => void>()

beforeEach(() => {
  onClose.mockReset()
  fetch.mockReset().mockImplementation(async (path, init) => {
    if (init?.method === 'DELETE') return Response.json({ status: 'Success' })
    if (init?.method === 'PATCH') return Response.json(preference)
    if (init?.method !== 'POST')
      return Response.json({ metadata: {}, items: path.includes('/virtualmachines') ? [vm] : [] })
    return Response.json({ ...JSON.parse(init.body as string), status: { allowed: true } })
  })
})
afterEach(cleanup)

const sent = (method: string, isTrial: boolean) =>
  fetch.mock.calls
    .filter(([path, init]) => init?.method === method && path.includes('dryRun=All') === isTrial)
    .map(([path, init]) => ({ path, body: JSON.parse(init?.body as string) as object }))
    .filter(({ path }) => path.includes('instancetype.kubevirt.io'))

function show(form: React.ReactNode) {
  render(<MemoryRouter>{form}</MemoryRouter>, { wrapper: createWrapper(fetch) })
}

it('clones one of the cluster’s own into a namespace', async () => {
  show(
    <CreateProfileForm
      kind={clusterInstancetypeKind}
      namespace=""
      original={instancetype}
      onClose={onClose}
    />,
  )
  fireEvent.change(await screen.findByRole('combobox', { name: 'Namespace' }), {
    target: { value: 'lab' },
  })
  fireEvent.click(screen.getByRole('button', { name: 'Create instance type' }))
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  const [made] = sent('POST', false)
  expect(made?.path).toContain('/namespaces/lab/virtualmachineinstancetypes')
  expect(made?.body).toMatchObject({
    kind: 'VirtualMachineInstancetype',
    metadata: { name: 'u1.small-copy', namespace: 'lab' },
    spec: instancetype.spec,
  })
})

it('changes what was changed of a preference, and keeps what the form doesn’t know', async () => {
  show(<EditProfileForm kind={preferenceKind} object={preference} onClose={onClose} />)
  fireEvent.change(await screen.findByRole('combobox', { name: 'Disk bus' }), {
    target: { value: 'virtio' },
  })
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  const devices = { preferredDiskBus: 'virtio', preferredSoundModel: 'ich9' }
  expect(sent('PATCH', false)).toMatchObject([
    {
      path: expect.stringContaining('/namespaces/demo/virtualmachinepreferences/own') as string,
      body: [
        { op: 'test', path: '/spec', value: preference.spec },
        { op: 'add', path: '/spec', value: { devices } },
      ],
    },
  ])
})

it('says who has a preference before it is deleted', async () => {
  show(<DeleteProfileDialog kind={preferenceKind} object={preference} onClose={onClose} />)
  expect(await screen.findByText(/^One VM has it/)).toBeTruthy()
  expect(screen.getByRole('link', { name: 'db' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Delete it all the same' }))
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(sent('DELETE', false)).toMatchObject([{ body: { preconditions: { uid: 'u' } } }])
})
