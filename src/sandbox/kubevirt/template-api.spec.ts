import { afterAll, beforeAll, expect, it } from 'vitest'

import { startSpecSandbox, type SpecSandbox } from '../spec-sandbox.ts'

let sandbox: SpecSandbox

beforeAll(async () => {
  sandbox = await startSpecSandbox({ seed: 'demo' })
}, 60_000)

afterAll(() => sandbox.close())

async function process(template: string, parameters: Record<string, string>) {
  const path =
    '/apis/subresources.template.kubevirt.io/v1beta1/namespaces/demo' +
    `/virtualmachinetemplates/${template}/process`
  const response = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ parameters }),
  })
  return { code: response.status, body: (await response.json()) as object }
}

it('fills in a VM that is in no namespace yet, and makes what is generated', async () => {
  const { code, body } = await process('web-server', { NAME: 'shop', CORES: '3', PASSWORD: '' })
  expect(code).toBe(200)
  expect(body).toMatchObject({
    virtualMachine: {
      kind: 'VirtualMachine',
      metadata: { name: 'shop' },
      spec: { template: { spec: { domain: { cpu: { cores: 3 } } } } },
    },
    message: expect.stringMatching(/^The password of shop is [a-z0-9]{12}\.$/),
  })
  expect(body).not.toHaveProperty('virtualMachine.metadata.namespace')
})

it.each([
  [
    'web-server',
    {},
    422,
    `VirtualMachineTemplate.template.kubevirt.io "web-server" is invalid: spec.parameters[0].value: Required value: parameter 'NAME' is required and a value must be specified`,
  ],
  [
    'web-server',
    { OTHER: 'x' },
    409,
    'Operation cannot be fulfilled on VirtualMachineTemplate.template.kubevirt.io "web-server": parameter OTHER not found in template',
  ],
  [
    'lost',
    {},
    500,
    'Internal error occurred: error getting VirtualMachineTemplate: virtualmachinetemplates.template.kubevirt.io "lost" not found',
  ],
])('refuses %s with %o by %i', async (template, parameters, code, message) => {
  const refused = await process(template, parameters)
  expect(refused.code).toBe(code)
  expect(refused.body).toMatchObject({ message })
})
