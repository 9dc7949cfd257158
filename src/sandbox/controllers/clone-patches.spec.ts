import { expect, it } from 'vitest'

import { clonePatches, type KeptVm } from './clone-patches.ts'

const vm = {
  metadata: {
    name: 'web-1',
    labels: { app: 'web', 'team/owner': 'ada' },
    annotations: { note: 'x', 'restore.kubevirt.io/lastRestoreUID': 'r' },
  },
  spec: {
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        domain: {
          firmware: { uuid: 'u' },
          devices: { interfaces: [{ name: 'default' }, { name: 'second', macAddress: 'old' }] },
        },
      },
    },
  },
} as unknown as KeptVm
const source = { kind: 'VirtualMachine', name: 'web-1' }

it('gives new addresses and no identity of the source', () => {
  const patches = clonePatches(vm, { source, newMacAddresses: { second: '02:00:00:00:00:09' } })
  expect(patches.map((patch): unknown => JSON.parse(patch))).toEqual([
    {
      op: 'replace',
      path: '/spec/template/spec/domain/devices/interfaces/0/macAddress',
      value: '',
    },
    {
      op: 'replace',
      path: '/spec/template/spec/domain/devices/interfaces/1/macAddress',
      value: '02:00:00:00:00:09',
    },
    { op: 'replace', path: '/spec/template/spec/domain/firmware/serial', value: '' },
    { op: 'replace', path: '/spec/template/spec/domain/firmware/uuid', value: '' },
  ])
})

it('takes over the labels and annotations that the filters name', () => {
  const patches = clonePatches(vm, {
    source,
    labelFilters: ['*', '!team/*'],
    annotationFilters: ['other'],
    template: { labelFilters: [] },
    patches: ['{"op":"add"}'],
  })
  const paths = patches.map((patch) => (JSON.parse(patch) as { path?: string }).path)
  expect(paths).toContain('/metadata/labels/team~1owner')
  expect(paths).not.toContain('/metadata/labels/app')
  expect(paths).toContain('/metadata/annotations/note')
  // Restores need it.
  expect(paths).not.toContain('/metadata/annotations/restore.kubevirt.io~1lastRestoreUID')
  expect(paths).toContain('/spec/template/metadata/labels/app')
  expect(patches.at(-1)).toBe('{"op":"add"}')
})
