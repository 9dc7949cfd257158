import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createWrapper } from '../../data/host-harness.tsx'
import type { Host } from '../../host/contract.ts'
import { CreateVmWizard } from './CreateVmWizard.tsx'

const fetch = vi.fn<Host['transport']['fetch']>()

beforeEach(() => {
  sessionStorage.clear()
  fetch.mockReset().mockImplementation(async (_path, init) => {
    if (init?.method !== 'POST') return Response.json({ metadata: {}, items: [] })
    const body = JSON.parse(init.body as string) as object
    return Response.json({ ...body, status: { allowed: true } })
  })
})
afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

const posted = (kind: string) =>
  fetch.mock.calls
    .filter(([, init]) => init?.method === 'POST')
    .map(([path, init]) => ({ path, body: init?.body as string }))
    .filter(({ body }) => (JSON.parse(body) as { kind?: string }).kind === kind)
const type = (name: RegExp, value: string) =>
  fireEvent.change(screen.getByRole('textbox', { name }), { target: { value } })
const paths = () => fetch.mock.calls.map(([path]) => path)

it('asks the cluster nothing while a name is being typed, and once when typing rests', async () => {
  const Surroundings = createWrapper(fetch)
  const router = createMemoryRouter([
    { path: '/', element: <CreateVmWizard namespace="demo" onCreated={() => undefined} /> },
  ])
  render(<RouterProvider router={router} />, { wrapper: Surroundings })
  fireEvent.click(await screen.findByRole('radio', { name: /^A container disk/ }))
  type(/^Container disk image/, 'example/disk')
  // From here on time passes when it is told to: a busy machine would rest between keys.
  vi.useFakeTimers()
  const before = posted('VirtualMachine').length
  for (let length = 1; length <= 'keystrokes'.length; length += 1) {
    type(/^Name/, 'keystrokes'.slice(0, length))
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    await act(() => vi.advanceTimersByTimeAsync(200))
  }
  expect(posted('VirtualMachine')).toHaveLength(before)
  await act(() => vi.advanceTimersByTimeAsync(1000))
  const [trial, ...more] = posted('VirtualMachine').slice(before)
  expect(trial?.path).toContain('dryRun=All')
  expect(trial?.body).toContain('"name":"keystrokes"')
  expect(more).toEqual([])
  // No part of the name was looked up on the way.
  expect(paths().filter((path) => /\/virtualmachines\/k/.test(path))).toEqual([])
})
