import { expect, it } from 'vitest'

import { recommendationLabels, recommendationPatch, recommendations } from './recommendations.ts'

const meta = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '' }

it('reads what it writes', () => {
  for (const given of [
    { instancetype: 'VirtualMachineClusterInstancetype/u1.small', preference: '' },
    { instancetype: 'VirtualMachineInstancetype/own', preference: 'VirtualMachinePreference/p' },
    { instancetype: '', preference: 'VirtualMachineClusterPreference/fedora' },
  ])
    expect(recommendations({ metadata: { ...meta, labels: recommendationLabels(given) } })).toEqual(
      given,
    )
})

it('takes away the kind where the cluster’s is meant, and both for nothing', () => {
  expect(
    recommendationPatch({
      instancetype: 'VirtualMachineClusterInstancetype/u1.small',
      preference: '',
    }),
  ).toEqual({
    'instancetype.kubevirt.io/default-instancetype': 'u1.small',
    'instancetype.kubevirt.io/default-instancetype-kind': null,
    'instancetype.kubevirt.io/default-preference': null,
    'instancetype.kubevirt.io/default-preference-kind': null,
  })
})
