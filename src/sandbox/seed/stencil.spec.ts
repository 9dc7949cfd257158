import { expect, it } from 'vitest'

import { mark, stencil } from './stencil.ts'

it('puts values where the marks are and shares the rest', () => {
  const stamp = stencil({
    name: mark('name'),
    list: [{ path: `/${mark('space')}/${mark('name')}!` }, { fixed: 1 }],
    fixed: { deep: ['x'] },
  })
  const first = stamp({ name: 'a', space: 's' })
  const second = stamp({ name: 'b', space: 't' })
  expect(first).toEqual({
    name: 'a',
    list: [{ path: '/s/a!' }, { fixed: 1 }],
    fixed: { deep: ['x'] },
  })
  expect(second.list[0]).toEqual({ path: '/t/b!' })
  expect(second.fixed).toBe(first.fixed)
  expect(second.list[1]).toBe(first.list[1])
})

it('refuses a mark without a value', () => {
  expect(() => stencil({ name: mark('name') })({})).toThrow('no value for name')
})
