import { expect, it } from 'vitest'

import type { VirtualMachine } from './kinds.ts'
import {
  imageUsers,
  profileKey,
  profileUsers,
  projectVmReferences,
  revisionGeneration,
} from './vm-references.ts'

const vm = {
  metadata: { name: 'web-1', namespace: 'demo' },
  spec: {
    instancetype: { name: 'u1.small' },
    preference: { kind: 'virtualmachinepreference', name: 'own' },
    dataVolumeTemplates: [
      { spec: { sourceRef: { kind: 'DataSource', namespace: 'images', name: 'fedora' } } },
      { spec: { source: { blank: {} } } },
      { spec: { source: { pvc: { name: 'golden-root' } } } },
    ],
  },
  status: {
    created: true,
    instancetypeRef: { controllerRevisionRef: { name: 'web-1-u1.small-v1beta1-abc-3' } },
  },
} as unknown as VirtualMachine

it('tells who uses what, and by which copy', () => {
  const vms = [projectVmReferences(vm)]
  const type = profileKey('VirtualMachineClusterInstancetype', 'anywhere', 'u1.small')
  expect(profileUsers(vms, 'instancetype').get(type)).toEqual([
    {
      namespace: 'demo',
      name: 'web-1',
      isStarted: true,
      revision: 'web-1-u1.small-v1beta1-abc-3',
    },
  ])
  const own = profileKey('VirtualMachinePreference', 'demo', 'own')
  expect(profileUsers(vms, 'preference').get(own)?.[0]?.revision).toBeUndefined()
  expect(
    imageUsers(vms)
      .get('images/fedora')
      ?.map(({ name }) => name),
  ).toEqual(['web-1'])
  expect(vms[0]?.claims).toEqual(['demo/golden-root'])
})

it('reads the generation of a copy', () => {
  expect(revisionGeneration('web-1-u1.small-v1beta1-0b4f-12')).toBe(12)
  expect(revisionGeneration(undefined)).toBeUndefined()
})
