import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useEffect, useState } from 'react'
import { afterEach, expect, it } from 'vitest'

import { createWrapper } from '../../../data/host-harness.tsx'
import { CurrentDraft } from '../draft-context.ts'
import { newDraft, type Draft } from '../draft/draft.ts'
import { hostname } from '../draft/vm-fields.ts'
import { TemplateChoice } from './TemplateChoice.tsx'

afterEach(cleanup)

const metadata = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `${namespace}/${name}`,
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
})

const vm = (name: string, cores: unknown = 1) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name },
  spec: { template: { spec: { domain: { cpu: { cores }, devices: {} } } } },
})

function template(name: string, ready = 'True') {
  return {
    metadata: metadata('demo', name),
    spec: {
      virtualMachine: vm('${NAME}'),
      parameters: [{ name: 'NAME', required: true, description: 'Of the VM' }, { name: 'CORES' }],
    },
    status: { conditions: [{ type: 'Ready', status: ready, message: 'no such parameter' }] },
  }
}

const openshift = {
  metadata: {
    ...metadata('openshift', 'fedora-small'),
    annotations: { 'openshift.io/display-name': 'Fedora VM', description: 'For servers' },
  },
  objects: [vm('${NAME}')],
  parameters: [{ name: 'NAME', generate: 'expression', from: 'fedora-[a-z]{4}' }],
}

type Answer = { code: number; body: object } | undefined

const status = (code: number, message: string, more: object = {}): Answer => ({
  code,
  body: { kind: 'Status', code, message, ...more },
})
const listed = (...items: object[]): Answer => ({
  code: 200,
  body: { metadata: { resourceVersion: '1' }, items },
})

/** By the end of the path; what isn't named is not found, and no watch says anything. */
function showChoice(answers: Record<string, (body: string) => Answer>) {
  const drawn = {
    draft: newDraft('demo'),
    change: (_change: (draft: Draft) => Draft): void => undefined,
  }
  const Wrapper = createWrapper(async (path, init) => {
    const [address = '', search = ''] = path.split('?')
    if (search.includes('watch=')) return new Promise<never>(() => undefined)
    const key = Object.keys(answers).find((end) => address.endsWith(end)) ?? ''
    const { code, body } = answers[key]?.(init?.body as string) ?? {
      code: 404,
      body: { kind: 'Status', code: 404, message: 'not found', reason: 'NotFound' },
    }
    return new Response(JSON.stringify(body), {
      status: code,
      headers: { 'content-type': 'application/json' },
    })
  })
  function Step() {
    const [draft, change] = useState(drawn.draft)
    useEffect(() => {
      Object.assign(drawn, { draft, change })
    }, [draft, change])
    return (
      <CurrentDraft.Provider value={{ draft, namespace: 'demo', change, problems: {} }}>
        <TemplateChoice namespace="demo" />
      </CurrentDraft.Provider>
    )
  }
  render(<Step />, { wrapper: Wrapper })
  return drawn
}

const vmTemplates = 'template.kubevirt.io/v1beta1/virtualmachinetemplates'

it('proposes a name, lets the cluster fill in, and shows refusals at their field', async () => {
  const user = userEvent.setup()
  const drawn = showChoice({
    [vmTemplates]: () => listed(template('web-server'), template('broken', 'False')),
    'web-server/process': (body) => {
      const { parameters } = JSON.parse(body) as { parameters: Record<string, string> }
      return parameters['CORES'] === 'x'
        ? status(422, 'invalid', {
            details: { causes: [{ field: 'spec.parameters[1].value', message: 'no number' }] },
          })
        : {
            code: 200,
            body: { virtualMachine: vm(parameters['NAME'] ?? ''), message: 'Have fun.' },
          }
    },
  })
  await screen.findByRole('radio', { name: 'web-server' })
  expect(screen.getByRole('radio', { name: 'broken' })).toHaveProperty('disabled', true)
  expect(screen.getByText('no such parameter')).toBeTruthy()

  await user.click(screen.getByRole('radio', { name: 'web-server' }))
  await screen.findByText('Have fun.')
  expect(drawn.draft.vm.metadata).toEqual({ name: 'web-server-1', namespace: 'demo' })

  await user.type(screen.getByRole('textbox', { name: 'CORES' }), 'x')
  await screen.findByText('no number')

  const name = screen.getByRole('textbox', { name: 'NAME' })
  await user.clear(name)
  await user.tab()
  await screen.findByText('The template needs a value for this.')
})

it('fills in again only when told so, once the VM was changed', async () => {
  const user = userEvent.setup()
  let filled = 0
  const drawn = showChoice({
    [vmTemplates]: () => listed(template('web-server')),
    'web-server/process': (body) => {
      filled += 1
      const { parameters } = JSON.parse(body) as { parameters: Record<string, string> }
      return { code: 200, body: { virtualMachine: vm('shop', Number(parameters['CORES'] ?? 1)) } }
    },
  })
  await user.click(await screen.findByRole('radio', { name: 'web-server' }))
  await screen.findByText('The steps now show its VM')
  expect(filled).toBe(1)
  await user.type(screen.getByRole('textbox', { name: 'CORES' }), '4')
  await waitFor(() => expect(filled).toBe(2))
  const cores = () => drawn.draft.vm.spec.template.spec?.domain.cpu?.cores
  expect(cores()).toBe(4)

  act(() => drawn.change((draft) => hostname.set(draft, 'mine')))
  await user.type(screen.getByRole('textbox', { name: 'CORES' }), '2')
  await screen.findByText('The VM was changed since web-server was filled in')
  await user.click(screen.getByRole('button', { name: /^Keep the VM/ }))
  expect(screen.getByRole('textbox', { name: 'CORES' })).toHaveProperty('value', '4')
  await user.type(screen.getByRole('textbox', { name: 'CORES' }), '2')
  expect(filled).toBe(2)
  await user.click(screen.getByRole('button', { name: 'Fill in again' }))
  await waitFor(() => expect(cores()).toBe(42))
  expect(hostname.get(drawn.draft)).toBe('')
})

it('offers OpenShift’s Templates where the cluster has them, and says so', async () => {
  const user = userEvent.setup()
  const drawn = showChoice({
    'template.openshift.io/v1': () => ({
      code: 200,
      body: { resources: [{ name: 'templates' }, { name: 'processedtemplates' }] },
    }),
    'template.openshift.io/v1/templates': () => listed(openshift),
    'namespaces/demo/processedtemplates': (body) => {
      const { parameters } = JSON.parse(body) as { parameters: { value: string }[] }
      return { code: 201, body: { objects: [vm(parameters[0]?.value ?? '')], message: 'Hello.' } }
    },
  })
  await user.click(await screen.findByRole('radio', { name: 'Fedora VM' }))
  expect(screen.getByText('fedora-small, OpenShift template in openshift')).toBeTruthy()
  await screen.findByText('Hello.')
  expect(drawn.draft.vm.metadata.name).toBe('fedora-small-1')
})

it('looks into the namespace where one may not look everywhere', async () => {
  showChoice({
    'namespaces/demo/virtualmachinetemplates': () => listed(template('web-server')),
    [vmTemplates]: () => status(403, 'you may not', { reason: 'Forbidden' }),
  })
  expect(await screen.findByRole('radio', { name: 'web-server' })).toBeTruthy()
})

it('says what is missing, what is denied, and that there is none', async () => {
  showChoice({})
  expect(await screen.findByText(/^The cluster knows no VirtualMachineTemplates/)).toBeTruthy()
  cleanup()
  showChoice({
    'namespaces/demo/virtualmachinetemplates': () =>
      status(403, 'not here', { reason: 'Forbidden' }),
    [vmTemplates]: () => status(403, 'not anywhere', { reason: 'Forbidden' }),
  })
  expect(await screen.findByText('VirtualMachineTemplates can’t be listed: not here')).toBeTruthy()
  cleanup()
  showChoice({ [vmTemplates]: () => listed() })
  expect(
    await screen.findByText('A template is made of a VM, under Catalog, Templates.'),
  ).toBeTruthy()
})
