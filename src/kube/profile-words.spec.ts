import { expect, it } from 'vitest'

import { featureWords, firmwareWords, requirementWords, seriesOf } from './profile-words.ts'

const metadata = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '' }

it('tells what sets an instance type apart', () => {
  const gpu = { name: 'gpu', deviceName: 'nvidia.com/A100' }
  expect(
    featureWords({
      metadata,
      spec: {
        cpu: { guest: 2, dedicatedCPUPlacement: true },
        memory: { guest: '4Gi', hugepages: { pageSize: '1Gi' } },
        gpus: [gpu, { ...gpu, name: 'gpu2' }],
      },
    }),
  ).toEqual(['dedicated CPUs', 'huge pages 1Gi', 'nvidia.com/A100 ×2'])
  expect(featureWords({ metadata })).toEqual([])
})

it('reads what a preference asks for', () => {
  const spec = {
    requirements: { cpu: { guest: 2 }, memory: { guest: '4Gi' } },
    firmware: { preferredEfi: {} },
  }
  expect(requirementWords({ metadata, spec })).toBe('2 CPUs, 4 GiB')
  expect(firmwareWords({ metadata, spec })).toBe('UEFI with secure boot')
  expect(requirementWords({ metadata })).toBe('')
})

it('finds the series in a name', () => {
  expect(seriesOf('u1.small')).toBe('u1')
  expect(seriesOf('own')).toBe('')
})
