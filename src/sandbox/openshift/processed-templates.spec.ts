import { afterAll, beforeAll, expect, it } from 'vitest'

import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'

const group = '/apis/template.openshift.io/v1'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({ seed: 'demo', with: ['openshift-templates'] })
}, 60_000)

afterAll(() => sandbox.close())

async function request(path: string, user: string, body?: object) {
  const response = await fetch(sandbox.url + path, {
    headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { code: response.status, body: (await response.json()) as Record<string, unknown> }
}

interface Parameter {
  name: string
  value?: string
}

async function fedora() {
  const path = `${group}/namespaces/openshift/templates/fedora-server-small`
  return (await request(path, 'sandbox-edit')).body as {
    parameters: Parameter[]
    objects: object[]
  }
}

it('is in discovery beside the kind it stores', async () => {
  const { body } = await request(group, 'sandbox-view')
  expect(body['resources']).toMatchObject([{ name: 'templates' }, { name: 'processedtemplates' }])
  const all = await request(`${group}/templates`, 'sandbox-admin')
  expect(all.body['items']).toHaveLength(2)
})

it('fills in a template for who may, and stores nothing', async () => {
  const template = await fedora()
  const [name, ...others] = template.parameters
  const given = { ...template, parameters: [{ ...name, value: 'shop' }, ...others] }
  const path = `${group}/namespaces/demo/processedtemplates`
  const { code, body } = await request(path, 'sandbox-edit', given)
  expect(code).toBe(201)
  expect(body).toMatchObject({
    kind: 'Template',
    message: expect.stringMatching(/^Log in as fedora with [a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\.$/),
    objects: [
      {
        kind: 'VirtualMachine',
        metadata: { name: 'shop', labels: { 'vm.kubevirt.io/template': 'fedora-server-small' } },
        spec: {
          dataVolumeTemplates: [{ spec: { sourceRef: { name: 'fedora', namespace: 'demo' } } }],
        },
      },
    ],
  })
  expect((await request(path, 'sandbox-view', given)).code).toBe(403)
  const vm = '/apis/kubevirt.io/v1/namespaces/demo/virtualmachines/shop'
  expect((await request(vm, 'sandbox-admin')).code).toBe(404)
})

it('names the parameter that has to be given', async () => {
  const template = await fedora()
  const parameters = [{ name: 'NAME', required: true }]
  const path = `${group}/namespaces/demo/processedtemplates`
  const { code, body } = await request(path, 'sandbox-edit', { ...template, parameters })
  expect(code).toBe(422)
  expect(body).toMatchObject({
    message:
      'Template.template.openshift.io "fedora-server-small" is invalid: template.parameters[0]: Required value: template.parameters[0]: parameter NAME is required and must be specified',
    details: { causes: [{ field: 'template.parameters[0]', reason: 'FieldValueRequired' }] },
  })
})
