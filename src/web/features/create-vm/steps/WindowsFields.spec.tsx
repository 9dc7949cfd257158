import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'

import { clusterPreferenceKind, configMapKind, kubeVirtKind } from '../../../../kube/kinds.ts'
import { newDraft } from '../draft/draft.ts'
import { preference } from '../draft/vm-fields.ts'
import { sysprepProblems } from '../draft/windows.ts'
import { renderStep } from '../spec-step.tsx'
import { BootStep } from './BootStep.tsx'

afterEach(cleanup)

const windows = {
  metadata: { name: 'server', labels: { 'instancetype.kubevirt.io/os-type': 'windows' } },
}
const configMaps = [
  { metadata: { name: 'answers' }, data: { 'Autounattend.xml': '' } },
  { metadata: { name: 'other' }, data: { 'app.ini': '' } },
]
const kubeVirt = { metadata: { name: 'k' }, status: { observedKubeVirtVersion: 'v1.9.0' } }
const answers = '<?xml version="1.0" encoding="utf-16"?>\n<unattend xmlns="urn:x"></unattend>'

it('offers answer file, drivers and TPM where the preference is of Windows', async () => {
  const user = userEvent.setup()
  const drawn = renderStep(<BootStep />, {
    draft: preference.set(newDraft('demo'), 'VirtualMachineClusterPreference/server'),
    objects: [
      [clusterPreferenceKind, [windows]],
      [configMapKind, configMaps],
      [kubeVirtKind, [kubeVirt]],
    ],
  })
  const template = () => drawn.draft.vm.spec.template.spec
  const answer = await screen.findByRole('combobox', { name: 'Answer file' })
  await screen.findByRole('option', { name: 'answers' })
  expect(screen.queryByRole('option', { name: 'other' })).toBeNull()
  await user.selectOptions(answer, 'answers')
  expect(template()).toMatchObject({
    domain: { devices: { disks: [{ name: 'sysprep', cdrom: { bus: 'sata' } }] } },
    volumes: [{ name: 'sysprep', sysprep: { configMap: { name: 'answers' } } }],
  })

  await user.selectOptions(answer, 'A new one, typed or dropped here')
  expect(sysprepProblems(drawn.draft)).toEqual(['Type or drop the answer file.'])
  const text = screen.getByRole('textbox', { name: 'autounattend.xml' })
  fireEvent.change(text, { target: { value: answers } })
  expect(sysprepProblems(drawn.draft)).toEqual([])
  expect(drawn.draft.others).toMatchObject([
    { metadata: { name: 'vm-sysprep' }, stringData: { 'autounattend.xml': answers } },
  ])
  await user.selectOptions(answer, 'None: Windows asks')
  expect(drawn.draft.others).toEqual([])

  const drivers = screen.getByRole('checkbox', { name: 'CD with virtio drivers' })
  await waitFor(() => expect(screen.getByRole('combobox', { name: 'TPM' })).toBeTruthy())
  await user.click(drivers)
  const image = 'quay.io/kubevirt/virtio-container-disk:v1.9.0'
  expect(template()).toMatchObject({
    domain: { devices: { disks: [{ name: 'virtio-drivers', cdrom: { bus: 'sata' } }] } },
    volumes: [{ name: 'virtio-drivers', containerDisk: { image } }],
  })
  await user.selectOptions(screen.getByRole('combobox', { name: 'TPM' }), 'persistent')
  expect(template()?.domain.devices.tpm).toEqual({ persistent: true })
  await user.click(drivers)
  expect(template()).not.toHaveProperty('volumes')
})

it('keeps what is Windows out of the way of other systems', async () => {
  const user = userEvent.setup()
  renderStep(<BootStep />)
  expect(screen.queryByRole('combobox', { name: 'Answer file' })).toBeNull()
  await user.click(screen.getByRole('button', { name: /^Windows: answer file/ }))
  expect(screen.getByRole('combobox', { name: 'Answer file' })).toBeTruthy()
})
