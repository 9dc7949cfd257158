import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'

import { kubeVirtKind, nodeKind } from '../../../../kube/kinds.ts'
import { newDraft } from '../draft/draft.ts'
import { renderStep } from '../spec-step.tsx'
import { SchedulingStep } from './SchedulingStep.tsx'

afterEach(cleanup)

const node = (name: string, zone: string, taints?: object[]) => ({
  metadata: { name, labels: { 'kubevirt.io/schedulable': 'true', zone } },
  spec: { taints },
})
const nodes = [
  node('one', 'a'),
  node('two', 'b'),
  node('three', 'b', [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }]),
]

it('counts the nodes that match labels, rules and tolerations together', async () => {
  const user = userEvent.setup()
  const drawn = renderStep(<SchedulingStep />, { objects: [[nodeKind, nodes]] })
  await screen.findByText('Matches 2 of 3 nodes')
  expect(screen.getByText(/three has a taint that isn’t tolerated/)).toBeTruthy()

  await user.click(screen.getByRole('button', { name: /^Tolerate dedicated=db:NoSchedule/ }))
  await screen.findByText('Matches 3 of 3 nodes')
  await user.click(screen.getByRole('button', { name: 'Add rule for nodes' }))
  await screen.findByText(/No node matches/)
  const rule = within(screen.getByRole('group', { name: 'Rule 1: Nodes' }))
  await user.type(rule.getByRole('combobox', { name: 'Label of the node' }), 'zone')
  await user.type(rule.getByRole('combobox', { name: 'Values' }), 'b, c')
  await screen.findByText('Matches 2 of 3 nodes')
  expect(screen.getByText(/one isn’t as the rules for nodes ask/)).toBeTruthy()
  expect(drawn.draft.vm.spec.template.spec).toMatchObject({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'zone', operator: 'In', values: ['b', 'c'] }] },
          ],
        },
      },
    },
    tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' }],
  })

  await user.type(screen.getByRole('textbox', { name: 'Node labels it needs' }), 'zone=a')
  await screen.findByText(/No node matches/)
  await user.click(screen.getByRole('button', { name: 'Remove Rule 1: Nodes' }))
  await user.click(screen.getByRole('button', { name: 'Remove Toleration 1' }))
  await screen.findByText('Matches 1 of 3 nodes')
  expect(drawn.draft.vm.spec.template.spec).not.toHaveProperty('affinity')
  expect(drawn.draft.vm.spec.template.spec).not.toHaveProperty('tolerations')
})

it('keeps apart from other VMs by their labels, and shows what the cluster says of it', async () => {
  const user = userEvent.setup()
  const drawn = renderStep(<SchedulingStep />, {
    problems: { affinity: ['weight: must be in the range 1-100'] },
  })
  expect(screen.getByText(/must be in the range/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Add rule to be apart' }))
  const rule = within(screen.getByRole('group', { name: 'Rule 1: Away from pods' }))
  await user.type(rule.getByRole('textbox', { name: 'Labels of the pods' }), 'app=db')
  await user.selectOptions(rule.getByRole('combobox', { name: 'Not in the same' }), 'Zone')
  expect(drawn.draft.vm.spec.template.spec?.affinity).toEqual({
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 50,
          podAffinityTerm: {
            labelSelector: { matchLabels: { app: 'db' } },
            topologyKey: 'topology.kubernetes.io/zone',
          },
        },
      ],
    },
  })
})

it('offers the devices that are permitted, and says of others that the VM wouldn’t start', async () => {
  const user = userEvent.setup()
  const [one, ...others] = nodes
  const withGpus = { ...one, status: { allocatable: { 'nvidia.com/A10': '4' } } }
  const kubeVirt = {
    metadata: { name: 'kubevirt' },
    spec: {
      configuration: {
        permittedHostDevices: { pciHostDevices: [{ resourceName: 'nvidia.com/A10' }] },
      },
    },
  }
  const draft = newDraft('demo')
  draft.vm.spec.template.spec!.domain.devices.gpus = [
    { name: 'old', deviceName: 'nvidia.com/K80' },
    { name: 'claimed', claimName: 'gpus', requestName: 'one' } as never,
  ]
  const drawn = renderStep(<SchedulingStep />, {
    draft,
    objects: [
      [nodeKind, [withGpus, ...others]],
      [kubeVirtKind, [kubeVirt]],
    ],
  })
  await screen.findByText(/^GPU nvidia.com\/K80 is not permitted in permittedHostDevices/)
  await screen.findByText(/No node matches/)
  await user.click(screen.getByRole('button', { name: 'Remove GPU 1' }))
  await screen.findByText('Matches 2 of 3 nodes')
  await user.click(screen.getByRole('button', { name: 'Add GPU' }))
  await screen.findByText('Matches 1 of 3 nodes')
  expect(screen.getByRole('option', { name: 'nvidia.com/A10: 4 on 1 node' })).toBeTruthy()
  expect(drawn.draft.vm.spec.template.spec?.domain.devices.gpus).toEqual([
    { name: 'claimed', claimName: 'gpus', requestName: 'one' },
    { name: 'gpu-1', deviceName: 'nvidia.com/A10' },
  ])
})
