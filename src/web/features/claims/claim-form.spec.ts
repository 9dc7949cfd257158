import { describe, expect, it } from 'vitest'

import {
  claimManifest,
  claimSchema,
  proposeName,
  typedGiB,
  type ClaimValues,
} from './claim-form.ts'

const values: ClaimValues = {
  claimName: ' data ',
  source: 'blank',
  sourceClaim: '',
  sourceSnapshot: '',
  sizeGiB: '2',
  storageClass: '',
  accessMode: 'ReadWriteMany',
  volumeMode: 'Block',
}

describe('claimManifest', () => {
  it('leaves the class to the cluster unless one is chosen', () => {
    expect(claimManifest(values, 'demo')).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'demo' },
      spec: {
        accessModes: ['ReadWriteMany'],
        volumeMode: 'Block',
        resources: { requests: { storage: '2Gi' } },
      },
    })
    const { spec } = claimManifest({ ...values, storageClass: 'fast' }, 'demo')
    expect(spec).toMatchObject({ storageClassName: 'fast' })
  })

  it('names its source', () => {
    const copy = { ...values, source: 'claim' as const, sourceClaim: 'a' }
    expect(claimManifest(copy, 'demo').spec.dataSource).toEqual({
      kind: 'PersistentVolumeClaim',
      name: 'a',
    })
    const restored = { ...values, source: 'snapshot' as const, sourceSnapshot: 's' }
    expect(claimManifest(restored, 'demo').spec.dataSource).toEqual({
      apiGroup: 'snapshot.storage.k8s.io',
      kind: 'VolumeSnapshot',
      name: 's',
    })
  })
})

describe('claimSchema', () => {
  const problems = (change: Partial<ClaimValues>, leastBytes = 0) => {
    const result = claimSchema(leastBytes).safeParse({ ...values, ...change })
    return result.error?.issues.map(({ path }) => path.join()) ?? []
  }

  it('wants a name, a size that holds the source, and the source that is chosen', () => {
    expect(problems({})).toEqual([])
    expect(problems({ claimName: 'Data' })).toEqual(['claimName'])
    expect(problems({ sizeGiB: '1.5' }, 2 ** 31)).toEqual(['sizeGiB'])
    expect(problems({ sizeGiB: '2' }, 2 ** 31)).toEqual([])
    expect(problems({ source: 'claim' })).toEqual(['sourceClaim'])
    expect(problems({ source: 'snapshot' })).toEqual(['sourceSnapshot'])
  })
})

it('proposes sizes that hold the source, and names that are free', () => {
  expect(typedGiB(2 ** 30)).toBe('1')
  expect(Number(typedGiB(2 ** 30 + 1)) * 2 ** 30).toBeGreaterThan(2 ** 30)
  expect(proposeName('a', ['b'])).toBe('a')
  expect(proposeName('a', ['a', 'a-2'])).toBe('a-3')
})
