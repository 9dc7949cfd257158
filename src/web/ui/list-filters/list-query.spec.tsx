import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { expect, it } from 'vitest'

import { useListQuery } from './list-query.ts'

const keys = ['status', 'label']

/** A query in a router of its own, and what the address says of it. */
function renderQuery(search = '') {
  let router: ReturnType<typeof createMemoryRouter> | undefined
  function wrapper({ children }: { children: ReactNode }) {
    router ??= createMemoryRouter([{ path: '*', element: children }], {
      initialEntries: [`/list${search}`],
    })
    return <RouterProvider router={router} />
  }
  const { result } = renderHook(() => useListQuery(keys, 'name'), { wrapper })
  return {
    query: () => result.current,
    address: () => router?.state.location.search,
    go: (to: string) => act(() => router?.navigate(to)),
    goBack: () => act(() => router?.navigate(-1)),
  }
}

it('reads what a link says', () => {
  const { query } = renderQuery('?q=web&status=Running&status=Paused&sort=-age&other=1')
  expect(query()).toMatchObject({
    text: 'web',
    facets: { status: ['Running', 'Paused'] },
    sort: { column: 'age', isDescending: true },
    isFiltered: true,
  })
})

it('puts what is chosen in the address, changes that follow each other included', async () => {
  const { query, address } = renderQuery('?other=1')
  act(() => {
    query().toggle('status', 'Running')
    query().toggle('label', 'app=web')
    query().setSort({ column: 'age', isDescending: false })
  })
  await waitFor(() => expect(address()).toBe('?other=1&status=Running&label=app%3Dweb&sort=age'))
  act(() => query().toggle('status', 'Running'))
  act(() => query().setSort({ column: 'name', isDescending: false }))
  await waitFor(() => expect(address()).toBe('?other=1&label=app%3Dweb'))
})

it('shows what is typed at once, and has it in the address soon after', async () => {
  const { query, address } = renderQuery('?status=Running')
  act(() => query().setText('we'))
  act(() => query().setText('web'))
  expect(query().text).toBe('web')
  expect(address()).toBe('?status=Running')
  act(() => query().toggle('status', 'Paused'))
  await waitFor(() => expect(address()).toBe('?status=Running&status=Paused&q=web'))
  expect(query().text).toBe('web')
})

it('follows the address when one goes elsewhere, whatever was being typed', async () => {
  const { query, go, goBack } = renderQuery('?q=web')
  act(() => query().setText('webs'))
  await go('/list?q=db')
  await waitFor(() => expect(query().text).toBe('db'))
  await goBack()
  await waitFor(() => expect(query().text).toBe('web'))
})

it('clears text and facets, and keeps the order', async () => {
  const { query, address } = renderQuery('?q=web&status=Running&sort=age')
  act(() => query().setText('webs'))
  act(() => query().clear())
  await waitFor(() => expect(address()).toBe('?sort=age'))
  expect(query()).toMatchObject({ text: '', facets: {}, isFiltered: false })
})
