import { act, cleanup, render, screen } from '@testing-library/react'
import { Provider } from 'react-redux'
import { createStore } from 'redux'
import { afterEach, expect, it, vi } from 'vitest'

import { whenUserEnds } from '../data/user-end.ts'
import type { ConsoleState } from '../host/openshift-user.ts'
import { useActing } from './acting-user.ts'

// The console's SDK is the console's: no package of it is installed.
vi.mock('../host/openshift.ts', () => ({
  openshiftHost: ({ name }: { name: string }) => ({
    session: { mode: 'openshift', cluster: '', user: name, users: [] },
    transport: {},
    providesFrame: true,
  }),
}))

afterEach(cleanup)

it('opens the host anew for whom somebody impersonates, and ends what the former user had', () => {
  const signedIn: ConsoleState = { sdkCore: { user: { username: 'anna' } } }
  const store = createStore((state: ConsoleState = signedIn, action: { type: string }) => {
    if (action.type === 'news') return { sdkCore: { ...state.sdkCore } }
    if (action.type === 'bob') {
      return { sdkCore: { ...state.sdkCore, impersonate: { kind: 'User', name: 'bob' } } }
    }
    return action.type === 'anna' ? signedIn : state
  })
  const clients = new Set<unknown>()
  function Page() {
    const { host, client } = useActing()
    clients.add(client)
    return <p>{host.session.user}</p>
  }
  const end = vi.fn<() => void>()
  const stop = whenUserEnds(end)
  render(
    <Provider store={store}>
      <Page />
    </Provider>,
  )
  expect(screen.getByText('anna')).toBeTruthy()
  act(() => void store.dispatch({ type: 'news' }))
  expect(clients.size).toBe(1)
  act(() => void store.dispatch({ type: 'bob' }))
  expect(screen.getByText('bob')).toBeTruthy()
  act(() => void store.dispatch({ type: 'anna' }))
  expect(screen.getByText('anna')).toBeTruthy()
  expect(clients.size).toBe(3)
  expect(end).toHaveBeenCalledTimes(2)
  stop()
})
