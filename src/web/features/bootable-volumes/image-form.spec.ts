import { expect, it } from 'vitest'

import {
  cronManifest,
  dataSourceManifest,
  imageSchema,
  newImage,
  volumeManifest,
  type ImageValues,
} from './image-form.ts'

const values = (given: Partial<ImageValues>): ImageValues => ({ ...newImage, name: 'os', ...given })

function problems(given: Partial<ImageValues>): string[] {
  const { error } = imageSchema.safeParse(values(given))
  return error?.issues.map(({ path }) => path.join('.')) ?? []
}

it('asks for what its source needs, and for nothing else', () => {
  expect(problems({ source: 'url', url: 'docker://x' })).toEqual(['url'])
  expect(problems({ source: 'url', url: 'https://images.example/os.qcow2' })).toEqual([])
  expect(problems({ source: 'registry', url: 'https://x' })).toEqual(['url'])
  expect(
    problems({ source: 'registry', url: 'docker://x', updates: 'custom', schedule: 'daily' }),
  ).toEqual(['schedule'])
  expect(problems({ source: 'claim' })).toEqual(['claim'])
  expect(problems({ source: 'snapshot' })).toEqual(['snapshot'])
  expect(problems({ source: 'upload', sizeGiB: '' })).toEqual([])
})

it('imports into a volume of the name that the DataSource names', () => {
  const given = values({
    source: 'url',
    url: 'https://images.example/os.qcow2',
    instancetype: 'u1.small',
    preference: 'own (of this namespace)',
    architecture: 'arm64',
  })
  const labels = {
    'instancetype.kubevirt.io/default-instancetype': 'u1.small',
    'instancetype.kubevirt.io/default-preference': 'own',
    'instancetype.kubevirt.io/default-preference-kind': 'VirtualMachinePreference',
    'template.kubevirt.io/architecture': 'arm64',
  }
  expect(volumeManifest(given, 'demo')).toMatchObject({
    metadata: { name: 'os', namespace: 'demo', labels },
    spec: {
      source: { http: { url: 'https://images.example/os.qcow2' } },
      storage: { resources: { requests: { storage: '20Gi' } } },
    },
  })
  expect(dataSourceManifest(given, 'demo')).toMatchObject({
    metadata: { labels },
    spec: { source: { pvc: { namespace: 'demo', name: 'os' } } },
  })
})

it('takes a claim as it is, or a copy of it', () => {
  const taken = values({ source: 'claim', claim: 'scratch', isCopied: false })
  expect(volumeManifest(taken, 'demo')).toBeUndefined()
  expect(dataSourceManifest(taken, 'demo').spec.source).toEqual({
    pvc: { namespace: 'demo', name: 'scratch' },
  })
  const copied = { ...taken, isCopied: true }
  expect(volumeManifest(copied, 'demo')?.spec).toEqual({
    source: { pvc: { namespace: 'demo', name: 'scratch' } },
    storage: {},
  })
  expect(dataSourceManifest(copied, 'demo').spec.source).toEqual({
    pvc: { namespace: 'demo', name: 'os' },
  })
})

it('leaves all to a cron where the image is kept up to date', () => {
  const given = values({ source: 'registry', url: 'docker://x/os', updates: 'weekly' })
  expect(volumeManifest(given, 'demo')).toBeUndefined()
  expect(cronManifest(given, 'demo')).toMatchObject({
    metadata: { name: 'os-cron' },
    spec: {
      managedDataSource: 'os',
      schedule: '30 4 * * 1',
      template: { spec: { source: { registry: { url: 'docker://x/os' } } } },
    },
  })
})
