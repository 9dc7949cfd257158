// @vitest-environment jsdom

import { beforeEach, expect, it } from 'vitest'

import type { TemplateOffer } from '../../../../kube/template-offer.ts'
import { missing } from '../local-problems.ts'
import { newDraft, type Draft } from './draft.ts'
import { storedDraft, storeDraft } from './stored-draft.ts'
import {
  hasOwnName,
  isChangedSince,
  isUnfilled,
  startFromTemplate,
  withFilled,
  withFilledValues,
  withFirstValues,
  withValue,
} from './template-start.ts'
import { hostname, vmName, vmNamespace } from './vm-fields.ts'

const offer = {
  kind: 'VirtualMachineTemplate',
  namespace: 'shared',
  name: 'web-server',
  parameters: [
    { name: 'NAME', required: true },
    { name: 'SIZE', value: '20Gi' },
    { name: 'ADMIN_PASSWORD', generate: 'expression', from: '[a-z]{8}' },
  ],
  nameParameter: 'NAME',
} as unknown as TemplateOffer

const made = {
  vm: {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'shop', namespace: '', creationTimestamp: null },
    spec: {
      template: { metadata: { creationTimestamp: null }, spec: { domain: { devices: {} } } },
    },
    status: {},
  },
  others: [{ kind: 'Service', apiVersion: 'v1', metadata: { name: 'shop', namespace: '' } }],
  message: 'The password is hunter2.',
} as unknown as Parameters<typeof withFilled>[2]

function begun(): Draft {
  return withFirstValues(startFromTemplate(newDraft('demo'), offer), offer, 'shop')
}

function filled(): Draft {
  const draft = withValue(begun(), 'ADMIN_PASSWORD', 'hunter2')
  return withFilled(draft, draft.template?.values ?? {}, made)
}

beforeEach(() => sessionStorage.clear())

it('begins with the template’s own values and the VM’s name, and isn’t complete', () => {
  const draft = begun()
  expect(draft.template?.values).toEqual({ NAME: 'shop', SIZE: '20Gi', ADMIN_PASSWORD: '' })
  expect(isUnfilled(draft)).toBe(true)
  expect(missing(draft)).toEqual({ source: ['Fill in the template.'] })
})

it('takes over what the cluster has made, into the draft’s namespace', () => {
  const draft = filled()
  expect(draft.vm.metadata).toEqual({ name: 'shop', namespace: 'demo' })
  expect(draft.vm).not.toHaveProperty('status')
  expect(draft.vm.spec.template.metadata).toEqual({})
  expect(draft.others).toMatchObject([{ metadata: { namespace: 'demo' } }])
  expect(isUnfilled(draft)).toBe(false)
  expect(hasOwnName(draft)).toBe(false)
  // It may have no disk to start from.
  expect(missing(draft)).toEqual({})
})

it('tells a VM that was changed since, by more than its namespace', () => {
  const draft = filled()
  expect(isChangedSince(vmNamespace.set(draft, 'lab'))).toBe(false)
  expect(isChangedSince(hostname.set(draft, 'other'))).toBe(true)
  expect(hasOwnName(vmName.set(draft, 'else'))).toBe(true)
})

it('asks for the cluster again when a value differs, and takes values back', () => {
  const draft = withValue(filled(), 'SIZE', '30Gi')
  expect(missing(draft)).toHaveProperty('source')
  expect(missing(withFilledValues(draft))).toEqual({})
})

it('keeps the template through a reload, without passwords and what it said', () => {
  storeDraft(filled())
  expect(JSON.stringify(sessionStorage)).not.toContain('hunter2')
  const { draft } = storedDraft() ?? {}
  expect(draft?.template).toMatchObject({ name: 'web-server', values: { NAME: 'shop' } })
  expect(draft && isUnfilled(draft)).toBe(false)
  expect(draft && isChangedSince(draft)).toBe(true)
})
