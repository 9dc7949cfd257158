import { describe, expect, it } from 'vitest'

import { changedLines, diffLines } from './line-diff.ts'
import { clusterProblems, fieldRange, fieldSegments, parseManifest } from './manifest-text.ts'

const text = `metadata:
  name: web-1
  labels:
    kubevirt.io/size: small
spec:
  disks:
    - name: root
      bus: sata
`

/** The line a field is found at, counted from 1. */
function lineOf(field: string): number | undefined {
  const range = fieldRange(parseManifest(text).document, field)
  return range && text.slice(0, range.from).split('\n').length
}

describe('fieldRange', () => {
  it.each([
    ['spec.disks[0].bus', 8],
    ['spec.disks[0]', 7],
    ['spec.disks[0].missing', 7],
    ['metadata.labels["kubevirt.io/size"]', 4],
    ['elsewhere', undefined],
  ])('%s is at line %s', (field, line) => {
    expect(lineOf(field)).toBe(line)
  })
})

it('reads field paths as the API server writes them', () => {
  expect(fieldSegments('spec.disks[10].name')).toEqual(['spec', 'disks', 10, 'name'])
})

it('says where the text is no YAML, and that other YAML is no manifest', () => {
  expect(parseManifest('a: [').problems[0]?.from).toBeTypeOf('number')
  expect(parseManifest('a: 1').manifest).toBeUndefined()
  expect(parseManifest(text).manifest?.metadata.name).toBe('web-1')
})

it('finds the fields that only the message of a refusal names', () => {
  const message =
    'VirtualMachine in version "v1" cannot be handled: strict decoding error: unknown field "spec.foo", unknown field "spec.template.bar"'
  expect(clusterProblems({ causes: [], message }).map(({ field }) => field)).toEqual([
    'spec.foo',
    'spec.template.bar',
  ])
  const causes = [{ field: 'spec.running', message: 'no' }]
  expect(clusterProblems({ causes, message })).toEqual(causes)
})

it('shows what differs, with what surrounds it', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].join('\n')
  const lines = changedLines(diffLines(before, before.replace('9', 'nine')), 1)
  expect(lines).toEqual([
    undefined,
    { kind: 'same', text: '8' },
    { kind: 'removed', text: '9' },
    { kind: 'added', text: 'nine' },
  ])
})
