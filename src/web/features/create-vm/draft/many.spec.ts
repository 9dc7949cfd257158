import { expect, it } from 'vitest'

import { bootSource } from './boot-source.ts'
import { cloudConfigField } from './cloud-init.ts'
import { newDraft, type Draft, type Many } from './draft.ts'
import { copyNames, copyOf, isMany, manyCount, manyProblems, poolManifest } from './many.ts'
import { vmName } from './vm-fields.ts'

function draft(many?: Partial<Many>): Draft {
  const named = vmName.set(newDraft('demo'), 'web')
  const made = bootSource.set(named, { kind: 'blank' })
  return many
    ? { ...made, many: { count: '3', pattern: '', start: '1', isPool: false, ...many } }
    : made
}

it('counts names by their pattern', () => {
  expect(copyNames(draft())).toEqual(['web'])
  expect(copyNames(draft({}))).toEqual(['web-1', 'web-2', 'web-3'])
  expect(copyNames(draft({ pattern: 'db{nn}-x', start: '9' }))).toEqual([
    'db09-x',
    'db10-x',
    'db11-x',
  ])
  expect(copyNames(draft({ count: '1000' }))).toHaveLength(100)
})

it('knows what can’t be made several times', () => {
  expect(manyProblems(draft())).toEqual([])
  expect(manyProblems(draft({}))).toEqual([])
  expect(manyProblems(draft({ count: '101' }))[0]).toContain('1 to 100')
  expect(manyProblems(draft({ count: '' }))[0]).toContain('1 to 100')
  expect(manyProblems(draft({ start: 'x' }))[0]).toContain('whole number')
  const shared = bootSource.set(draft({}), { kind: 'claim', name: 'data' })
  expect(manyProblems(shared)[0]).toContain('write to data')
  expect(isMany(manyCount.set(shared, '1'))).toBe(false)
})

it('gives each its own disks, Secret and identity', () => {
  const { vm, others } = draft({})
  const long = cloudConfigField('commands').set(
    {
      vm: {
        ...vm,
        spec: {
          ...vm.spec,
          template: {
            ...vm.spec.template,
            spec: {
              ...vm.spec.template.spec,
              domain: {
                firmware: { uuid: 'u', bootloader: { bios: {} } },
                devices: { interfaces: [{ name: 'default', bridge: {}, macAddress: 'x' }] },
              },
            },
          },
        },
      },
      others,
      many: { count: '2', pattern: 'db-{n}', start: '1', isPool: false },
    },
    Array.from({ length: 200 }, () => 'echo hello').join('\n'),
  )
  const copy = copyOf(long, 'db-2')
  expect(copy.many).toBeUndefined()
  expect(copy.others[0]?.metadata.name).toBe('db-2-cloud-init')
  expect(copy.vm.spec.dataVolumeTemplates?.[0]?.metadata?.name).toBe('db-2-rootdisk')
  const { domain } = copy.vm.spec.template.spec ?? {}
  expect(domain?.devices.interfaces).toEqual([{ name: 'default', bridge: {} }])
  expect(domain?.firmware).toEqual({ bootloader: { bios: {} } })
})

it('renames also disks that do not bear the name of the VM', () => {
  const before = draft({})
  const named = JSON.parse(JSON.stringify(before).replaceAll('web-rootdisk', 'mine')) as Draft
  const { vm } = copyOf(named, 'web-2')
  expect(vm.spec.dataVolumeTemplates?.[0]?.metadata?.name).toBe('web-2-mine')
  expect(vm.spec.template.spec?.volumes?.[0]?.dataVolume?.name).toBe('web-2-mine')
})

it('makes a pool that finds its VMs by their label', () => {
  const pool = poolManifest(draft({ isPool: true }))
  expect(pool.spec).toMatchObject({
    replicas: 3,
    selector: { matchLabels: { 'kubevirt.io/vmpool': 'web' } },
    virtualMachineTemplate: {
      metadata: { labels: { 'kubevirt.io/vmpool': 'web' } },
      // The pool appends its numbers itself.
      spec: { dataVolumeTemplates: [{ metadata: { name: 'web-rootdisk' } }] },
    },
  })
})
