import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'

import { secretKind } from '../../../../kube/kinds.ts'
import { draftText } from '../draft/draft-text.ts'
import { renderStep } from '../spec-step.tsx'
import { SshKeyFields } from './SshKeyFields.tsx'

afterEach(cleanup)

const key = 'ssh-ed25519 AAAAC3Nz ada@laptop'
const secrets = [
  { metadata: { name: 'team-keys' }, data: { ada: btoa(key) } },
  { metadata: { name: 'database' }, data: { password: btoa('hunter2') } },
]

it('lets in the keys of a Secret, by cloud-init or for users of the guest agent', async () => {
  const user = userEvent.setup()
  const drawn = renderStep(<SshKeyFields />, { objects: [[secretKind, secrets]] })
  await user.click(screen.getByRole('button', { name: 'Use keys of a Secret' }))
  const one = within(screen.getByRole('group', { name: 'SSH key 1' }))
  const name = one.getByRole('combobox', { name: 'Secret' })
  // Those that hold no key aren't offered.
  const offered = await one.findByText('team-keys', { ignore: false, selector: 'option' })
  expect(offered.parentElement?.textContent).toBe('team-keys')
  await user.type(name, 'team-keys')
  const template = () => drawn.draft.vm.spec.template.spec
  expect(template()).toMatchObject({
    accessCredentials: [
      {
        sshPublicKey: {
          source: { secret: { secretName: 'team-keys' } },
          propagationMethod: { noCloud: {} },
        },
      },
    ],
    // KubeVirt refuses it without such a volume.
    volumes: [{ name: 'cloudinit', cloudInitNoCloud: { userData: '#cloud-config\n' } }],
  })

  const way = one.getByRole('combobox', { name: 'How it gets into the guest' })
  await user.selectOptions(way, 'qemuGuestAgent')
  await user.type(one.getByRole('textbox', { name: 'Users' }), 'ada{Enter}bob')
  expect(template()?.accessCredentials?.[0]?.sshPublicKey?.propagationMethod).toEqual({
    qemuGuestAgent: { users: ['ada', 'bob'] },
  })
  await user.click(screen.getByRole('button', { name: 'Remove SSH key 1' }))
  expect(template()).not.toHaveProperty('accessCredentials')
  expect(template()).not.toHaveProperty('volumes')
})

it('puts a pasted key into a Secret that is made with the VM', async () => {
  const user = userEvent.setup()
  const drawn = renderStep(<SshKeyFields />, {
    problems: { sshKeys: ['spec.template.spec.accessCredentials[0] must have …'] },
  })
  expect(screen.getByText(/must have …/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Paste a public key' }))
  await user.type(screen.getByRole('textbox', { name: 'Public key' }), key)
  expect(drawn.draft.others).toMatchObject([
    { kind: 'Secret', metadata: { name: 'vm-ssh-key' }, stringData: { key1: key } },
  ])
  expect(draftText(drawn.draft)).toContain('secretName: vm-ssh-key')
  await user.click(screen.getByRole('button', { name: 'Remove SSH key 1' }))
  expect(drawn.draft.others).toEqual([])
})
