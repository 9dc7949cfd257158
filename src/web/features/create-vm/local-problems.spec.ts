import { expect, it } from 'vitest'

import { newDraft, withDevices } from './draft/draft.ts'
import { vmName } from './draft/vm-fields.ts'
import { missing } from './local-problems.ts'

it('asks for a start, unless the VM boots from the network', () => {
  const draft = vmName.set(newDraft('demo'), 'shop')
  expect(missing(draft)).toEqual({ source: ['Choose what to start from.'] })
  const interfaces = [{ name: 'default', masquerade: {}, bootOrder: 1 }]
  expect(missing(withDevices(draft, { interfaces }))).toEqual({})
})
