import { cleanup, render, screen } from '@testing-library/react'
import { Provider } from 'react-redux'
import { MemoryRouter } from 'react-router'
import { createStore } from 'redux'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { ClaimAlert, ClaimDeletionAlert, isBeingFilled, type Claim } from './claims.tsx'

const answers = vi.hoisted(() => new Map<string, unknown>())

vi.mock('@openshift-console/dynamic-plugin-sdk', async (original) => ({
  ...(await original<object>()),
  consoleFetch: (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://console')
    const items = searchParams.get('watch')
      ? []
      : (answers.get(pathname.split('/').at(-1) ?? '') ?? [])
    return Promise.resolve(Response.json({ metadata: { resourceVersion: '1' }, items }))
  },
}))

const metadata = {
  name: 'disk',
  namespace: 'demo',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
}
const owned = {
  ...metadata,
  ownerReferences: [
    { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', name: 'disk', uid: 'd' },
  ],
}

function show(part: React.ReactNode) {
  render(
    <Provider store={createStore(() => ({ sdkCore: {} }))}>
      <MemoryRouter>{part}</MemoryRouter>
    </Provider>,
  )
}

afterEach(() => {
  cleanup()
  answers.clear()
})

describe('isBeingFilled', () => {
  it('is a matter of claims that a DataVolume owns and CDI still works on', () => {
    const phase = (value: string) => ({
      ...owned,
      annotations: { 'cdi.kubevirt.io/storage.pod.phase': value },
    })
    const cases: [Claim, boolean][] = [
      [{ metadata, status: { phase: 'Pending' } }, false],
      [{ metadata: owned, status: { phase: 'Pending' } }, true],
      [{ metadata: owned, status: { phase: 'Bound' } }, false],
      [{ metadata: phase('Running'), status: { phase: 'Bound' } }, true],
      [{ metadata: phase('Succeeded'), status: { phase: 'Bound' } }, false],
    ]
    expect(cases.map(([claim]) => isBeingFilled(claim))).toEqual(cases.map(([, is]) => is))
  })
})

describe('on the console’s page of a claim', () => {
  it('says which VMs lose it, before it is deleted', async () => {
    const spec = {
      template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: 'disk' } }] } },
    }
    answers.set('virtualmachines', [{ metadata: { ...metadata, name: 'web-1' }, spec }])
    show(<ClaimDeletionAlert pvc={{ metadata }} />)
    expect(await screen.findByText('A VM uses this claim', { exact: false })).toBeDefined()
    expect(screen.getByRole('link', { name: 'web-1' }).getAttribute('href')).toBe(
      '/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/web-1/storage',
    )
  })

  it('says how far CDI is with it, and nothing once it is filled', async () => {
    const dataVolume = (phase: string) => [
      { metadata, spec: {}, status: { phase, progress: '45.2%' } },
    ]
    answers.set('datavolumes', dataVolume('ImportInProgress'))
    show(<ClaimAlert pvc={{ metadata: owned }} />)
    expect(await screen.findByText(/being imported: 45 %/)).toBeDefined()
  })
})
