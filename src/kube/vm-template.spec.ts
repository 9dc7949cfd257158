import { expect, it } from 'vitest'

import type { VirtualMachineTemplate } from './kinds.ts'
import { isAsked, templateStatus } from './vm-template.ts'

it('asks for what has no value', () => {
  const parameters = [
    { name: 'NAME', required: true },
    { name: 'SIZE', value: '20Gi' },
    { name: 'PASSWORD', generate: 'expression', from: '[a-z]{8}', required: true },
  ]
  expect(parameters.filter(isAsked).map(({ name }) => name)).toEqual(['NAME'])
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
