import { zodResolver } from '@hookform/resolvers/zod'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useForm } from 'react-hook-form'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'

import { KubeError } from '../../../kube/kube-error.ts'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import type { FormStep } from './form-step.ts'
import { FormShell, useFormValues } from './FormShell.tsx'

const schema = z.object({ name: z.string().min(1, 'Give it a name.'), mac: z.string() })

type Send = FormStep['send']
const send = vi.fn<Send>()
const onClose = vi.fn<() => void>()
const onReload = vi.fn<() => Promise<void>>()

beforeEach(() => {
  send.mockReset().mockResolvedValue(undefined)
  onClose.mockReset()
  onReload.mockReset().mockResolvedValue(undefined)
})
afterEach(cleanup)

function TestForm({ title = 'Add thing' }: { title?: string }) {
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: '', mac: '' },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const parsed = schema.safeParse(values)
  const steps: FormStep[] | undefined = parsed.success
    ? [
        {
          title: 'Patch VirtualMachine web-1',
          body: [{ op: 'add', path: '/name', value: values.name }],
          command: `kubectl patch ${values.name}`,
          rules: [
            { path: 'nics[0].name', field: 'name' },
            { path: 'nics[0].hidden', field: 'hidden' },
          ],
          send,
        },
      ]
    : undefined
  return (
    <FormShell
      title={title}
      form={form}
      steps={steps}
      effect={{ when: 'restart', sentence: 'It waits.' }}
      submitLabel="Save, restart to apply"
      onReload={onReload}
      onClose={onClose}
    >
      <FormTextField form={form} name="name" label="Name" isRequired />
      <FormTextField form={form} name="mac" label="MAC" />
    </FormShell>
  )
}

function refusal(field: string, message: string): KubeError {
  return new KubeError(422, `denied: ${message}`, {
    reason: 'Invalid',
    causes: [{ field: `spec.template.spec.${field}`, message }],
  })
}
const trials = () => send.mock.calls.filter(([options]) => options.dryRun)
const saves = () => send.mock.calls.filter(([options]) => !options.dryRun)
const name = () => screen.getByRole('textbox', { name: 'Name' })
const save = () => screen.getByRole('button', { name: 'Save, restart to apply' })

it('asks the cluster when typing rests, and shows its words at the field', async () => {
  send.mockRejectedValue(refusal('nics[0].name', 'Only one of this name'))
  render(<TestForm />)
  // At once: between keys a busy machine may rest.
  fireEvent.change(name(), { target: { value: 'abc' } })
  expect(await screen.findByText('Only one of this name')).toBeTruthy()
  expect(name().getAttribute('aria-invalid')).toBe('true')
  expect(trials()).toHaveLength(1)
  expect(saves()).toHaveLength(0)
})

it('tries before it saves, then closes', async () => {
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.click(save())
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(trials().length).toBeGreaterThan(0)
  expect(saves()).toHaveLength(1)
})

it('doesn’t send what isn’t complete, and goes to the field', async () => {
  render(<TestForm />)
  await userEvent.click(save())
  expect(await screen.findByText('Give it a name.')).toBeTruthy()
  expect(document.activeElement).toBe(name())
  expect(send).not.toHaveBeenCalled()
})

it('keeps the input of a refused save and goes to the field', async () => {
  send.mockRejectedValue(refusal('nics[0].name', 'No such name'))
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.click(save())
  await screen.findByText('No such name')
  await waitFor(() => expect(document.activeElement).toBe(name()))
  expect((name() as HTMLInputElement).value).toBe('abc')
  expect(onClose).not.toHaveBeenCalled()
  expect(saves()).toHaveLength(0)
})

it('keeps saying why saving failed although a trial succeeds', async () => {
  send.mockImplementation(({ dryRun }) =>
    dryRun ? Promise.resolve() : Promise.reject(new KubeError(500, 'etcd is full')),
  )
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.click(save())
  expect(await screen.findByText('etcd is full')).toBeTruthy()
  expect(onClose).not.toHaveBeenCalled()
  await userEvent.type(name(), 'd')
  expect(screen.queryByText('etcd is full')).toBeNull()
})

it('saves once however often it is asked to', async () => {
  render(<TestForm />)
  fireEvent.change(name(), { target: { value: 'abc' } })
  const form = name().closest('form')
  for (let press = 0; press < 3; press += 1) if (form) fireEvent.submit(form)
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(trials()).toHaveLength(1)
  expect(saves()).toHaveLength(1)
})

it('says why saving failed to who has typed meanwhile', async () => {
  let refuse: ((error: KubeError) => void) | undefined
  send.mockImplementation(({ dryRun }) =>
    dryRun ? Promise.resolve() : new Promise((_, reject) => (refuse = reject)),
  )
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.click(save())
  await waitFor(() => expect(refuse).toBeDefined())
  await userEvent.type(screen.getByRole('textbox', { name: 'MAC' }), '02')
  refuse?.(new KubeError(500, 'etcd is full'))
  expect(await screen.findByText('etcd is full')).toBeTruthy()
})

it('says that it has saved nothing to who changes a field before the cluster has judged', async () => {
  send.mockImplementation(({ signal }) => {
    return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
  })
  render(<TestForm />)
  fireEvent.change(name(), { target: { value: 'abc' } })
  fireEvent.click(save())
  await waitFor(() => expect(trials()).toHaveLength(1))
  fireEvent.change(name(), { target: { value: 'abcd' } })
  expect(await screen.findByText(/has changed meanwhile/)).toBeTruthy()
  expect(saves()).toHaveLength(0)
  expect(onClose).not.toHaveBeenCalled()
})

it('takes back what it said of older input', async () => {
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await screen.findByText('The cluster would accept this.')
  send.mockReturnValue(new Promise(() => undefined))
  await userEvent.type(name(), 'd')
  expect(screen.queryByText('The cluster would accept this.')).toBeNull()
  await screen.findByText('Asking the cluster…')
  await userEvent.clear(name())
  expect(screen.queryByText('Asking the cluster…')).toBeNull()
})

it('shows on top what belongs to a field that isn’t on screen', async () => {
  send.mockRejectedValue(refusal('nics[0].hidden', 'Hidden is wrong'))
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  const problem = await screen.findByText('Hidden is wrong')
  expect(problem.closest('[data-form-problem]')).not.toBeNull()
})

it('says that the object was changed meanwhile and reloads it', async () => {
  send.mockRejectedValue(
    new KubeError(422, 'the server rejected our request due to an error in our request', {
      reason: 'Invalid',
    }),
  )
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.click(save())
  const reload = await screen.findByRole('button', { name: 'Reload, keep my input' })
  await userEvent.click(reload)
  expect(onReload).toHaveBeenCalledOnce()
  expect((name() as HTMLInputElement).value).toBe('abc')
})

it('asks before it throws input away', async () => {
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.keyboard('{Escape}')
  expect(onClose).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Keep editing' }))
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  await userEvent.click(screen.getByRole('button', { name: 'Discard input' }))
  expect(onClose).toHaveBeenCalledOnce()
})

it('shows what would be sent and the command', async () => {
  render(<TestForm />)
  await userEvent.type(name(), 'abc')
  await userEvent.click(screen.getByRole('button', { name: 'Show changes' }))
  const changes = screen.getByRole('region', { name: 'Patch VirtualMachine web-1' })
  expect(within(changes).getByText('kubectl patch abc')).toBeTruthy()
})

it('stays within reach when the dialog that it was opened from renders again', async () => {
  const first = render(<TestForm title="First" />)
  render(<TestForm title="Second" />)
  await screen.findByRole('dialog', { name: 'Second' })
  first.rerender(<TestForm title="First" />)
  await waitFor(() => expect(screen.getByRole('dialog', { name: 'Second' })).toBeTruthy())
  expect(screen.queryByRole('dialog', { name: 'First' })).toBeNull()
})
