import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'

import { networkData } from '../draft/cloud-init-volume.ts'
import { newDraft } from '../draft/draft.ts'
import { renderStep } from '../spec-step.tsx'
import { NetworkDataFields } from './NetworkDataFields.tsx'

afterEach(cleanup)

it('gives an interface an address by form, which the text shows', async () => {
  const user = userEvent.setup()
  const drawn = renderStep(<NetworkDataFields />, {
    problems: { networkData: ['enp1s0: 192.0.2.10 isn’t an address with prefix'] },
  })
  expect(screen.getByText(/isn’t an address with prefix/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Set up an interface' }))
  await user.click(screen.getByRole('checkbox', { name: 'Address by DHCP' }))
  await user.type(screen.getByRole('textbox', { name: 'Static addresses' }), '192.0.2.10/24')
  await user.type(screen.getByRole('textbox', { name: 'Gateway' }), '192.0.2.1')
  expect(networkData.get(drawn.draft)).toBe(
    'version: 2\nethernets:\n  enp1s0:\n    dhcp4: false\n    addresses:\n      - 192.0.2.10/24\n    routes:\n      - to: 0.0.0.0/0\n        via: 192.0.2.1\n',
  )
  await user.click(screen.getByRole('button', { name: 'Remove Interface 1' }))
  expect(networkData.get(drawn.draft)).toBe('')
})

it('leaves other texts, and Secrets of the cluster, as they are', () => {
  const text = 'version: 1\nconfig: []\n'
  renderStep(<NetworkDataFields />, { draft: networkData.set(newDraft('demo'), text) })
  expect(screen.queryByRole('button', { name: 'Set up an interface' })).toBeNull()
  expect(screen.getByRole('textbox', { name: 'Network data' })).toHaveProperty('value', text)
  cleanup()
  const draft = newDraft('demo')
  draft.vm.spec.template.spec!.volumes = [
    { name: 'c', cloudInitNoCloud: { networkDataSecretRef: { name: 'office-net' } } },
  ]
  renderStep(<NetworkDataFields />, { draft })
  expect(screen.getByText(/set up by Secret office-net/)).toBeTruthy()
})
