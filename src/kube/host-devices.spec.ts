import { expect, it } from 'vitest'

import { deviceOffers, looksLikeGpu, permittedDevices } from './host-devices.ts'
import type { KubeVirt, Node } from './kinds.ts'

const kubeVirt = (configuration: object) =>
  ({ metadata: { name: 'kubevirt' }, spec: { configuration } }) as unknown as KubeVirt
const node = (allocatable: object) =>
  ({ metadata: { name: 'n' }, status: { allocatable } }) as unknown as Node

const nodes = [
  node({ cpu: '8', 'devices.kubevirt.io/kvm': '1k', 'nvidia.com/A10': '2', 'intel.com/qat': '1' }),
  node({ cpu: '8', 'nvidia.com/A10': '1' }),
]

it('offers what is permitted, with how many there are', () => {
  const permitted = permittedDevices(
    kubeVirt({
      permittedHostDevices: {
        pciHostDevices: [{ resourceName: 'example.com/none' }, { resourceName: 'intel.com/qat' }],
        mediatedDevices: [{ resourceName: 'nvidia.com/A10' }],
        usb: [{ resourceName: 'intel.com/qat' }],
      },
    }),
  )
  expect(deviceOffers(permitted, nodes)).toEqual([
    { resource: 'nvidia.com/A10', type: 'mediated', count: 3, nodes: 2 },
    { resource: 'intel.com/qat', type: 'pci', count: 1, nodes: 1 },
    { resource: 'example.com/none', type: 'pci', count: 0, nodes: 0 },
  ])
})

it('offers what nodes have where nothing is said', () => {
  const offers = deviceOffers(permittedDevices(kubeVirt({})), nodes)
  expect(offers.map(({ resource }) => resource)).toEqual(['nvidia.com/A10', 'intel.com/qat'])
  expect(offers.filter(({ resource }) => looksLikeGpu(resource))).toHaveLength(1)
})
