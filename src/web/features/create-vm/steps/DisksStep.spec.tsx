import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'

import { KubeError } from '../../../../kube/kube-error.ts'
import { devicesOf } from '../draft/draft.ts'
import { renderStep } from '../spec-step.tsx'
import { DisksStep } from './DisksStep.tsx'

afterEach(cleanup)

const create = vi.fn<(...given: unknown[]) => Promise<never>>()

it('adds, changes and removes a disk by the form of a VM’s own page', async () => {
  const user = userEvent.setup()
  const refusal = {
    field: 'spec.template.spec.domain.devices.disks[0].disk.bus',
    message: 'no such bus',
  }
  create.mockRejectedValueOnce(
    new KubeError(422, 'refused', { causes: [refusal, { field: 'spec.other', message: 'else' }] }),
  )
  create.mockResolvedValue({} as never)
  const drawn = renderStep(<DisksStep />, { client: { create } })
  await user.click(screen.getByRole('button', { name: 'Add disk' }))
  const dialog = await screen.findByRole('dialog', { name: 'Add a disk' })
  expect(within(dialog).getByRole('textbox', { name: 'PVC name' })).toHaveProperty(
    'value',
    'vm-disk-1',
  )
  await user.click(within(dialog).getByRole('button', { name: 'Add disk' }))
  expect(await within(dialog).findByText('no such bus')).toBeTruthy()
  expect(within(dialog).queryByText('else')).toBeNull()
  await user.click(within(dialog).getByRole('button', { name: 'Add disk' }))
  const menu = await screen.findByRole('button', { name: 'Actions for disk disk-1' })
  expect(devicesOf(drawn.draft)).toMatchObject({
    disks: [{ name: 'disk-1', disk: { bus: 'virtio' } }],
    dataVolumeTemplates: [{ metadata: { name: 'vm-disk-1' } }],
  })

  expect(screen.getByRole('row', { name: /disk-1/ }).textContent).toContain('New, empty')
  await user.click(menu)
  await user.click(await screen.findByRole('menuitem', { name: 'Edit' }))
  const edit = await screen.findByRole('dialog', { name: 'Edit disk disk-1' })
  await user.selectOptions(within(edit).getByRole('combobox', { name: 'Bus' }), 'scsi')
  await user.click(within(edit).getByRole('button', { name: 'Save' }))
  await screen.findByRole('cell', { name: 'Disk, SCSI' })
  await user.click(screen.getByRole('button', { name: 'Actions for disk disk-1' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Remove' }))
  await screen.findByText(/No disks yet/)
  expect(devicesOf(drawn.draft).dataVolumeTemplates).toEqual([])
})
