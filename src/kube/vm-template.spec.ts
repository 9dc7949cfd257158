import { expect, it } from 'vitest'

import type { VirtualMachineTemplate } from './kinds.ts'
import { fillParameters, givenParameters, isAsked, templateStatus } from './vm-template.ts'

it('fills texts, and whole values in their own type', () => {
  const manifest = {
    metadata: { name: '${NAME}-vm' },
    spec: { cores: '${{CORES}}', list: ['${NAME}', '${OTHER}'], on: true },
  }
  expect(fillParameters(manifest, { NAME: 'web', CORES: '4' })).toEqual({
    metadata: { name: 'web-vm' },
    spec: { cores: 4, list: ['web', '${OTHER}'], on: true },
  })
})

it('asks for what has no value, and sends what was changed', () => {
  const parameters = [
    { name: 'NAME', required: true },
    { name: 'SIZE', value: '20Gi' },
    { name: 'PASSWORD', generate: 'expression', from: '[a-z]{8}', required: true },
  ]
  expect(parameters.filter(isAsked).map(({ name }) => name)).toEqual(['NAME'])
  expect(givenParameters(parameters, { NAME: 'web', SIZE: '20Gi', PASSWORD: '' })).toEqual({
    NAME: 'web',
  })
})

it('says in whose words a template isn’t ready', () => {
  const template = {
    metadata: { name: 't', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
    status: { conditions: [{ type: 'Ready', status: 'False', message: 'no such parameter' }] },
  } satisfies VirtualMachineTemplate
  expect(templateStatus(template)).toMatchObject({
    label: 'Not ready',
    reason: 'no such parameter',
  })
})
