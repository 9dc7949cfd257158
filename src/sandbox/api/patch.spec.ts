import { expect, test } from 'vitest'

import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts'

const vm = { spec: { mode: 'Halted', list: [1, 2, 3] }, metadata: { labels: { 'a/b': '1' } } }

test('JSON patch adds, replaces, removes, moves and copies', () => {
  const patched = jsonPatch(vm, [
    { op: 'test', path: '/spec/mode', value: 'Halted' },
    { op: 'replace', path: '/metadata/labels/a~1b', value: '2' },
    { op: 'add', path: '/spec/list/-', value: 4 },
    { op: 'remove', path: '/spec/list/0' },
    { op: 'copy', from: '/spec/mode', path: '/spec/copy' },
    { op: 'move', from: '/spec/mode', path: '/spec/moved' },
  ])
  expect(patched).toEqual({
    spec: { list: [2, 3, 4], copy: 'Halted', moved: 'Halted' },
    metadata: { labels: { 'a/b': '2' } },
  })
  expect(vm.spec.list).toEqual([1, 2, 3])
})

test('JSON patch takes a missing member for null, and replaces it', () => {
  expect(jsonPatch({}, [{ op: 'test', path: '/x', value: null }])).toEqual({})
  expect(jsonPatch({}, [{ op: 'replace', path: '/x', value: 1 }])).toEqual({ x: 1 })
})

test.each([
  [{ op: 'test', path: '/spec/mode', value: 'Always' }],
  [{ op: 'remove', path: '/spec/nope' }],
  [{ op: 'add', path: '/metadata/annotations/x', value: '1' }],
  [{ op: 'remove', path: '/spec/list/7' }],
  [{ op: 'frob', path: '/spec' }],
])('JSON patch %j is refused with the one text there is', (operation) => {
  expect(() => jsonPatch(vm, [operation])).toThrow(
    expect.objectContaining({
      code: 422,
      message: 'the server rejected our request due to an error in our request',
    }),
  )
})

test('merge patch replaces lists and deletes by null', () => {
  expect(mergePatch(vm, { spec: { list: [9], mode: null }, x: { y: null, z: 1 } })).toEqual({
    spec: { list: [9] },
    metadata: { labels: { 'a/b': '1' } },
    x: { z: 1 },
  })
  expect(() => mergePatch(vm, [])).toThrow(
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  )
})

const view = { schema: undefined, models: {}, builtin: true }

test('strategic merge knows lists that merge by name', () => {
  const pod = { spec: { containers: [{ name: 'a', image: 'x' }, { name: 'b' }] } }
  expect(
    strategicMergePatch(
      pod,
      {
        spec: {
          containers: [{ name: 'a', image: 'y' }, { name: 'b', $patch: 'delete' }, { name: 'c' }],
        },
      },
      view,
    ),
  ).toEqual({ spec: { containers: [{ name: 'a', image: 'y' }, { name: 'c' }] } })
})

test('strategic merge understands its directives', () => {
  const map = { data: { a: '1', b: '2' }, metadata: { finalizers: ['x/a', 'x/b'] } }
  expect(
    strategicMergePatch(
      map,
      {
        data: { $retainKeys: ['b', 'c'], c: '3' },
        metadata: { '$deleteFromPrimitiveList/finalizers': ['x/a'] },
      },
      view,
    ),
  ).toEqual({ data: { b: '2', c: '3' }, metadata: { finalizers: ['x/b'] } })
})
