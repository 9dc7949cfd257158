import { expect, it } from 'vitest'

import { objectPatch } from './object-patch.ts'

it('tests what it changes, and leaves the rest alone', () => {
  const before = { metadata: { name: 'a', labels: { b: 'c' } }, spec: { cpu: { guest: 1 } } }
  expect(objectPatch(before, before)).toEqual([])
  expect(
    objectPatch(before, {
      metadata: { name: 'a', annotations: { d: 'e' } },
      spec: { cpu: { guest: 2 } },
    }),
  ).toEqual([
    { op: 'test', path: '/metadata/labels', value: { b: 'c' } },
    { op: 'remove', path: '/metadata/labels' },
    { op: 'add', path: '/metadata/annotations', value: { d: 'e' } },
    { op: 'test', path: '/spec', value: { cpu: { guest: 1 } } },
    { op: 'add', path: '/spec', value: { cpu: { guest: 2 } } },
  ])
})
