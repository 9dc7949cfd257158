import { describe, expect, it } from 'vitest'

import {
  facetOptions,
  filterAndCount,
  rowTest,
  type Facets,
  type FilterFields,
  type Labels,
} from './row-filter.ts'
import { parseSearch } from './search-words.ts'

interface Row {
  name: string
  status: string
  os: string
  labels?: Labels
}

const filtered: FilterFields<Row> = {
  name: (row) => row.name,
  fields: [
    { key: 'status', title: 'Status', example: '', isFacet: true, text: (row) => row.status },
    { key: 'os', title: 'OS', example: '', isFacet: true, text: (row) => row.os },
  ],
  labels: (row) => row.labels,
}
const statusField = filtered.fields[0]!

const web: Row = {
  name: 'web-1',
  status: 'Running',
  os: 'Ubuntu 24.04 LTS',
  labels: { app: 'web', 'app.kubernetes.io/part-of': 'shop' },
}
const database: Row = { name: 'db-1', status: 'Stopped', os: 'fedora', labels: { app: 'db' } }
const bare: Row = { name: 'bare', status: 'ErrorUnschedulable', os: '' }
const rows = [web, database, bare]

function names(text: string, facets: Facets = {}): string[] {
  return filterAndCount(rows, text, facets, filtered, statusField).found.map(({ name }) => name)
}

describe('the search box', () => {
  it.each([
    ['', ['web-1', 'db-1', 'bare']],
    ['  ', ['web-1', 'db-1', 'bare']],
    ['WEB', ['web-1']],
    ['web 1', ['web-1']],
    ['web 2', []],
    ['status:unsched', ['bare']],
    ['Status:RUNNING', ['web-1']],
    ['1 status:stopped', ['db-1']],
    ['status:running status:stopped', ['web-1', 'db-1']],
    ['status:', ['web-1', 'db-1', 'bare']],
    ['os:"ubuntu 24"', ['web-1']],
    ['os:"ubuntu 24', ['web-1']],
    ['os:ubuntu 24', []],
    ['name:web', ['web-1']],
    ['"web-1"', ['web-1']],
    ['label:app', ['web-1', 'db-1']],
    ['label:app=w', ['web-1']],
    ['label:part-of', ['web-1']],
    ['label:ap=web', []],
    ['label:app=web label:app=db', ['web-1', 'db-1']],
    ['label:app=web label:app.kubernetes.io/part-of=depot', []],
    ['unknown:web', []],
  ])('%j finds %j', (text, expected) => {
    expect(names(text)).toEqual(expected)
  })

  it('names the keys that do not exist', () => {
    expect(parseSearch('nod:a web ip:fd00::1', ['ip'])).toEqual({
      words: [{ value: 'nod:a' }, { value: 'web' }, { key: 'ip', value: 'fd00::1' }],
      unknownKeys: ['nod'],
    })
  })
})

describe('facets', () => {
  it('widen with several values of one, narrow with several of them and the text', () => {
    expect(names('', { status: ['Running', 'Stopped'] })).toEqual(['web-1', 'db-1'])
    expect(names('', { status: ['Running', 'Stopped'], os: ['fedora'] })).toEqual(['db-1'])
    expect(names('web', { status: ['Running', 'Stopped'] })).toEqual(['web-1'])
    expect(names('', { status: ['Run'] })).toEqual([])
  })

  it('know labels exactly, by value or by key alone', () => {
    expect(names('', { label: ['app=web'] })).toEqual(['web-1'])
    expect(names('', { label: ['app=we'] })).toEqual([])
    expect(names('', { label: ['app'] })).toEqual(['web-1', 'db-1'])
    expect(names('', { label: ['app=web', 'app=db'] })).toEqual(['web-1', 'db-1'])
    expect(names('', { label: ['app=db', 'app.kubernetes.io/part-of=shop'] })).toEqual([])
  })

  it('find no label in what every object has', () => {
    expect(names('', { label: ['constructor'] })).toEqual([])
    expect(names('label:constructor')).toEqual([])
    const odd = { ...bare, labels: JSON.parse('{"__proto__":"x"}') as Labels }
    expect(rowTest('', { label: ['__proto__=x'] }, filtered)(odd)).toBe(true)
    expect(facetOptions([odd], '', {}, filtered, 'label')).toEqual([
      { value: '__proto__', count: 1 },
      { value: '__proto__=x', count: 1 },
    ])
  })

  it('count each state as if none were chosen', () => {
    const { counts } = filterAndCount(rows, '1', { status: ['Stopped'] }, filtered, statusField)
    expect(Object.fromEntries(counts)).toEqual({ Running: 1, Stopped: 1 })
  })

  it('offer what the other filters leave, and what is chosen already', () => {
    const facets = { status: ['Running'], os: ['gone'] }
    expect(facetOptions(rows, '', facets, filtered, 'os')).toEqual([
      { value: 'gone', count: 0 },
      { value: 'Ubuntu 24.04 LTS', count: 1 },
    ])
    expect(facetOptions(rows, '', {}, filtered, 'label')).toContainEqual({
      value: 'app.kubernetes.io/part-of=shop',
      count: 1,
    })
  })

  it('leave the rows as they are when nothing is chosen', () => {
    expect(filterAndCount(rows, ' ', { status: [] }, filtered, statusField).found).toBe(rows)
    expect(rowTest('', {}, filtered)(bare)).toBe(true)
  })
})
