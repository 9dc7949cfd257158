import { expect, it, vi } from 'vitest'

import type { KubeClient } from './client.ts'
import type { OpenshiftTemplate, VirtualMachineTemplate } from './kinds.ts'
import { KubeError } from './kube-error.ts'
import {
  fillTemplate,
  offerOfOpenshiftTemplate,
  offerOfVmTemplate,
  parameterProblems,
} from './template-offer.ts'

const metadata = {
  name: 'web-server',
  namespace: 'shared',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '',
}
const vm = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: '${NAME}' },
  spec: { instancetype: { name: 'u1.medium' }, template: { spec: { domain: { devices: {} } } } },
}
const parameters = [
  { name: 'NAME', required: true },
  { name: 'SIZE', value: '20Gi' },
  { name: 'PASSWORD', generate: 'expression', from: '[a-z]{8}' },
]
const ready = [{ type: 'Ready', status: 'True' }]
const template = {
  metadata,
  spec: { virtualMachine: vm, parameters },
  status: { conditions: ready },
} as VirtualMachineTemplate
const openshift = {
  metadata: { ...metadata, annotations: { 'openshift.io/display-name': 'Web', description: 'A' } },
  objects: [{ kind: 'Secret', apiVersion: 'v1', metadata: { name: 's' } }, vm],
  parameters,
} as OpenshiftTemplate

function answering(answer: object) {
  const review = vi.fn<KubeClient['review']>().mockResolvedValue(answer)
  return { client: { review } as unknown as KubeClient, review }
}

it('offers both kinds in the same words', () => {
  expect(offerOfVmTemplate(template)).toMatchObject({
    title: 'web-server',
    description: 'u1.medium',
    nameParameter: 'NAME',
    problem: undefined,
  })
  expect(offerOfOpenshiftTemplate(openshift)).toMatchObject({
    title: 'Web',
    description: 'A',
    nameParameter: 'NAME',
    problem: undefined,
  })
})

it('says why no VM can be made of one', () => {
  const failed = [{ type: 'Ready', status: 'False', message: 'no such parameter' }]
  const unready = { ...template, status: { conditions: failed } } as VirtualMachineTemplate
  expect(offerOfVmTemplate(unready).problem).toBe('no such parameter')
  expect(offerOfOpenshiftTemplate({ metadata, objects: [] }).problem).toBe(
    'There is no VirtualMachine in it.',
  )
})

it('lets KubeVirt fill in where the template is, and sends what differs from it', async () => {
  const { client, review } = answering({ virtualMachine: vm, message: 'hello' })
  const values = { NAME: 'shop', SIZE: '20Gi', PASSWORD: '' }
  const filled = await fillTemplate(client, offerOfVmTemplate(template), values, 'demo')
  expect(filled).toEqual({ vm, others: [], message: 'hello' })
  expect(review).toHaveBeenCalledWith(
    '/apis/subresources.template.kubevirt.io/v1beta1/namespaces/shared/virtualmachinetemplates/web-server/process',
    { parameters: { NAME: 'shop' } },
    undefined,
  )
})

it('sends OpenShift the whole template, to where the VM is to be', async () => {
  const { client, review } = answering({ objects: openshift.objects })
  const offer = offerOfOpenshiftTemplate(openshift)
  const filled = await fillTemplate(client, offer, { NAME: 'shop' }, 'demo')
  expect(filled).toMatchObject({ vm, others: [{ kind: 'Secret' }], message: '' })
  const [path, body] = review.mock.calls[0] ?? []
  expect(path).toBe('/apis/template.openshift.io/v1/namespaces/demo/processedtemplates')
  expect(body).toMatchObject({
    kind: 'Template',
    parameters: [{ value: 'shop' }, { value: '20Gi' }, { name: 'PASSWORD', value: '' }],
  })
})

it('refuses what is no VM', async () => {
  const { client } = answering({ virtualMachine: { ...vm, spec: {} } })
  await expect(fillTemplate(client, offerOfVmTemplate(template), {}, 'demo')).rejects.toThrow(
    'no VirtualMachine',
  )
})

it.each(['spec.parameters[0].value', 'template.parameters[0]'])(
  'brings what is said of %s to its parameter',
  (field) => {
    const causes = [
      { field, message: 'Required value' },
      { field: 'spec.virtualMachine', message: 'bad' },
    ]
    const error = new KubeError(422, 'all', { causes })
    expect(parameterProblems(error, parameters)).toEqual({
      fields: { NAME: ['Required value'] },
      others: ['bad'],
    })
  },
)

it('keeps the words of a refusal that has no causes', () => {
  expect(parameterProblems(new KubeError(403, 'may not'), parameters)).toEqual({
    fields: {},
    others: ['may not'],
  })
})
