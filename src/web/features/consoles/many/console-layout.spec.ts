import { describe, expect, it } from 'vitest'

import {
  columnsFor,
  consoleId,
  layoutPath,
  readLayout,
  withConsoles,
  withKind,
  withMoved,
  withoutConsole,
  type ConsoleLayout,
} from './console-layout.ts'

function layout(search: string): ConsoleLayout {
  return readLayout(new URLSearchParams(search))
}

function ids({ consoles }: ConsoleLayout): string[] {
  return consoles.map(consoleId)
}

describe('the layout in the address', () => {
  it('comes back as it was written', () => {
    const path = '/kubevirt/consoles?c=demo/web-1/vnc&c=demo/db.prod-1/serial&cols=2'
    expect(layoutPath(layout(path.split('?')[1] ?? ''))).toBe(path)
  })

  it.each([
    ['what is no console', 'c=demo/web-1&c=demo/web-1/ssh&c=/x/vnc&c=a/b/vnc/x', []],
    ['what it says twice', 'c=demo/a/vnc&c=demo/a/vnc', ['demo/a/vnc']],
    [
      'more than nine',
      Array.from({ length: 12 }, (_, index) => `c=demo/vm-${index}/vnc`).join('&'),
      Array.from({ length: 9 }, (_, index) => `demo/vm-${index}/vnc`),
    ],
  ])('leaves out %s', (_what, search, expected) => {
    expect(ids(layout(search))).toEqual(expected)
  })

  it('leaves out columns and a maximised console that there can’t be', () => {
    expect(layout('c=demo/a/vnc&cols=99&max=demo/b/vnc')).toEqual({
      consoles: [{ namespace: 'demo', name: 'a', kind: 'vnc' }],
    })
  })
})

describe('a changed layout', () => {
  const abc = layout('c=demo/a/vnc&c=demo/b/vnc&c=demo/c/vnc')

  it.each([
    ['to the left', 1, ['demo/a/vnc', 'demo/c/vnc', 'demo/b/vnc']],
    ['to the front', 0, ['demo/c/vnc', 'demo/a/vnc', 'demo/b/vnc']],
    ['no further than the front', -1, ['demo/c/vnc', 'demo/a/vnc', 'demo/b/vnc']],
    ['no further than the end', 9, ['demo/a/vnc', 'demo/b/vnc', 'demo/c/vnc']],
  ])('moves one %s', (_where, to, expected) => {
    expect(ids(withMoved(abc, 'demo/c/vnc', to))).toEqual(expected)
  })

  it('takes another console of the same machine into its place', () => {
    expect(ids(withKind(abc, 'demo/b/vnc', 'serial'))).toEqual([
      'demo/a/vnc',
      'demo/b/serial',
      'demo/c/vnc',
    ])
  })

  it('lets two consoles of one machine change places rather than show one twice', () => {
    const both = withConsoles(abc, [{ namespace: 'demo', name: 'a', kind: 'serial' }])
    expect(ids(withKind(both, 'demo/a/vnc', 'serial'))).toEqual([
      'demo/a/serial',
      'demo/b/vnc',
      'demo/c/vnc',
      'demo/a/vnc',
    ])
  })

  it('shows all again when the one that had all the room is removed', () => {
    const maximised = { ...abc, maximised: 'demo/b/vnc' }
    expect(withoutConsole(maximised, 'demo/b/vnc').maximised).toBeUndefined()
    expect(withoutConsole(maximised, 'demo/a/vnc').maximised).toBe('demo/b/vnc')
  })
})

it.each([
  [1, 1],
  [2, 2],
  [4, 2],
  [5, 3],
  [9, 3],
])('%i consoles stand in %i columns', (count, columns) => {
  const consoles = Array.from({ length: count }, (_, index) => ({
    namespace: 'demo',
    name: `vm-${index}`,
    kind: 'vnc' as const,
  }))
  expect(columnsFor({ consoles })).toBe(columns)
})
