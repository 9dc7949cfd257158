import { act, cleanup, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { Provider } from 'react-redux'
import { MemoryRouter } from 'react-router'
import { createStore } from 'redux'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { VirtualMachine } from '../../kube/kinds.ts'
import { useVmConsoleActions, type ConsoleAction } from './actions.ts'

const asked = vi.hoisted((): string[] => [])

vi.mock('@openshift-console/dynamic-plugin-sdk', async (original) => ({
  ...(await original<object>()),
  consoleFetch: (url: string, { method = 'GET' }: RequestInit) => {
    if (method === 'PUT') asked.push(url)
    const answer = url.includes('selfsubjectaccessreviews')
      ? { status: { allowed: true } }
      : { metadata: { resourceVersion: '1' }, items: [] }
    return Promise.resolve(Response.json(answer))
  },
}))

const vm = {
  metadata: {
    name: 'web',
    namespace: 'demo',
    uid: 'u',
    creationTimestamp: '',
    resourceVersion: '1',
  },
  spec: { runStrategy: 'Halted', template: { spec: {} } },
  status: { printableStatus: 'Stopped' },
} as unknown as VirtualMachine

afterEach(cleanup)

describe('useVmConsoleActions', () => {
  it('gives the console the actions of our lists, the same array until something changes', async () => {
    const given = new Set<ConsoleAction[]>()
    let renderAgain = () => undefined as void
    function Menu() {
      const [, setTurn] = useState(0)
      renderAgain = () => setTurn((turn) => turn + 1)
      const [actions, isLoaded] = useVmConsoleActions(vm)
      given.add(actions)
      return isLoaded
        ? actions.map(({ id, label, cta, disabledTooltip }) => (
            <button
              key={id}
              title={disabledTooltip}
              onClick={typeof cta === 'function' ? cta : undefined}
            >
              {label}
            </button>
          ))
        : null
    }
    // No provider of ours: the console calls it in a component of its own.
    render(
      <Provider store={createStore(() => ({ sdkCore: {} }))}>
        <MemoryRouter>
          <Menu />
        </MemoryRouter>
      </Provider>,
    )
    const names = screen.getAllByRole('button').map(({ textContent }) => textContent)
    expect(names.slice(0, 3)).toEqual(['Open console', 'Start', 'Stop'])
    expect(names.slice(-2)).toEqual(['Clone', 'Delete'])
    expect(screen.getByRole('button', { name: 'Stop' }).title).toBe("It isn't running.")
    const before = given.size
    act(renderAgain)
    expect(given.size).toBe(before)

    act(() => screen.getByRole('button', { name: 'Start' }).click())
    await vi.waitFor(() =>
      expect(asked).toEqual([
        '/api/kubernetes/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachines/web/start',
      ]),
    )
  })
})
