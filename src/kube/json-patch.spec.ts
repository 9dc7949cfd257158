import { expect, it } from 'vitest'

import type { JsonPatchOperation } from './client.ts'
import { applyMergePatch, applyPatch } from './json-patch.ts'

const object = { list: [{ name: 'a' }, { name: 'b' }], map: { 'a/b': 1, 'c~d': 2 } }

it.each<[string, JsonPatchOperation[], object]>([
  [
    'adds at the end of a list',
    [{ op: 'add', path: '/list/-', value: { name: 'c' } }],
    { ...object, list: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
  ],
  [
    'adds before an entry',
    [{ op: 'add', path: '/list/1', value: { name: 'c' } }],
    { ...object, list: [{ name: 'a' }, { name: 'c' }, { name: 'b' }] },
  ],
  [
    'replaces an entry, and what is within it',
    [
      { op: 'replace', path: '/list/0', value: { name: 'c' } },
      { op: 'add', path: '/list/1/state', value: 'down' },
    ],
    { ...object, list: [{ name: 'c' }, { name: 'b', state: 'down' }] },
  ],
  ['removes an entry', [{ op: 'remove', path: '/list/0' }], { ...object, list: [{ name: 'b' }] }],
  [
    'knows keys with a slash or a tilde',
    [
      { op: 'remove', path: '/map/a~1b' },
      { op: 'replace', path: '/map/c~0d', value: 3 },
    ],
    { ...object, map: { 'c~d': 3 } },
  ],
  ['passes tests over', [{ op: 'test', path: '/generation', value: 4 }], object],
])('%s', (_what, patch, expected) => {
  const before = JSON.stringify(object)
  expect(applyPatch(object, patch)).toEqual(expected)
  expect(JSON.stringify(object)).toBe(before)
})

it('refuses to change what isn’t there', () => {
  expect(() => applyPatch(object, [{ op: 'add', path: '/none/of/it', value: 1 }])).toThrow(
    /Nothing to add/,
  )
})

it('merges members, and takes away those that are null', () => {
  const merged = applyMergePatch(object, { list: [1], map: { 'a/b': null, new: { deep: null } } })
  expect(merged).toEqual({ list: [1], map: { 'c~d': 2, new: {} } })
})
