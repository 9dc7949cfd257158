import { expect, test } from 'vitest'

import { exampleDefinitions } from './example-definitions.ts'
import type { JsonObject } from './json-values.ts'
import {
  type ManagedFieldsEntry,
  applyConfiguration,
  managedAfterUpdate,
} from './managed-fields.ts'

const widget = exampleDefinitions.find(({ kind }) => kind === 'Widget')
const view = { schema: widget?.versions[0]?.schema, models: {}, builtin: false }
const writer = (manager: string) => ({
  manager,
  apiVersion: 'example.com/v1',
  time: '2026-01-01T00:00:00Z',
  ignored: ['f:status'],
})
const config = (spec: JsonObject): JsonObject => ({ metadata: { name: 'w' }, spec })
const apply = (live: JsonObject | undefined, manager: string, spec: JsonObject, force = false) =>
  applyConfiguration(live, config(spec), view, writer(manager), force)
const managers = (object: JsonObject) =>
  Object.fromEntries(
    (object['metadata'] as { managedFields: ManagedFieldsEntry[] }).managedFields.map((entry) => [
      `${entry.operation} ${entry.manager}`,
      entry.fieldsV1,
    ]),
  )

test('a plain write owns what it adds, with the structs around it', () => {
  const object = {
    metadata: { name: 'w', labels: { a: 'b' } },
    spec: { mode: 'Always', items: [{ name: 'x', value: 1 }] },
  }
  expect(managedAfterUpdate(undefined, object, view, writer('one'))[0]?.fieldsV1).toEqual({
    'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
    'f:spec': {
      '.': {},
      'f:mode': {},
      'f:items': { '.': {}, 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
    },
  })
})

test('a plain write takes fields over from others', () => {
  const first = { metadata: { name: 'w' }, spec: { mode: 'Always', colour: 'red' } }
  const managedFields = managedAfterUpdate(undefined, first, view, writer('one'))
  const next = { metadata: { name: 'w', managedFields }, spec: { mode: 'Halted', colour: 'red' } }
  const before = { ...first, metadata: { ...first.metadata, managedFields } }
  const after = managedAfterUpdate(before, next, view, writer('two'))
  expect(managers({ metadata: { managedFields: after } })).toEqual({
    'Update one': { 'f:spec': { '.': {}, 'f:colour': {} } },
    'Update two': { 'f:spec': { 'f:mode': {} } },
  })
})

test('apply of another manager conflicts, and says with whom', () => {
  const live = apply(undefined, 'one', { mode: 'Always', colour: 'red' })
  expect(() => apply(live, 'two', { mode: 'Halted' })).toThrow(
    expect.objectContaining({
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.mode',
    }),
  )
  expect(() => apply(live, 'two', { mode: 'Halted', colour: 'blue' })).toThrow(
    'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.colour\n- .spec.mode',
  )
})

test('force takes the field, equal values are shared', () => {
  const live = apply(undefined, 'one', { mode: 'Always', colour: 'red' })
  const forced = apply(live, 'two', { mode: 'Halted' }, true)
  expect(managers(forced)).toEqual({
    'Apply one': { 'f:spec': { 'f:colour': {} } },
    'Apply two': { 'f:spec': { 'f:mode': {} } },
  })
  const shared = apply(forced, 'three', { mode: 'Halted' })
  expect(managers(shared)).toMatchObject({ 'Apply three': { 'f:spec': { 'f:mode': {} } } })
})

test('what a manager no longer applies goes, unless somebody else owns it', () => {
  const live = apply(undefined, 'one', {
    mode: 'Always',
    colour: 'red',
    items: [
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
    ],
  })
  const shared = apply(live, 'two', { colour: 'red' })
  const less = apply(shared, 'one', { mode: 'Always', items: [{ name: 'b', value: 2 }] })
  expect(less['spec']).toEqual({ mode: 'Always', colour: 'red', items: [{ name: 'b', value: 2 }] })
  expect(apply(less, 'two', {})['spec']).not.toHaveProperty('colour')
})

test('writing the same fields again renews the time only', () => {
  const write = (before: JsonObject | undefined, colour: string, time: string) => {
    const metadata = { name: 'w', ...(before?.['metadata'] as object | undefined) }
    const after = { metadata, spec: { mode: 'Always', colour } }
    const managedFields = managedAfterUpdate(before, after, view, { ...writer('one'), time })
    return { ...after, metadata: { ...metadata, managedFields } }
  }
  const first = write(undefined, 'red', '2026-01-01T00:00:00Z')
  const second = write(first, 'blue', '2026-01-02T00:00:00Z')
  const third = write(second, 'blue', '2026-01-03T00:00:00Z')
  const [entry] = first.metadata.managedFields
  expect(second.metadata.managedFields).toEqual([{ ...entry, time: '2026-01-02T00:00:00Z' }])
  expect(third.metadata.managedFields).toEqual(second.metadata.managedFields)
})
