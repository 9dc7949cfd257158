import { describe, expect, it } from 'vitest'

import { userData } from './cloud-init-volume.ts'
import { cloudConfigField } from './cloud-init.ts'
import { newDraft } from './draft.ts'
import {
  addSshKey,
  removeSshKey,
  sshKeyProblems,
  sshPublicKey,
  sshSecret,
  sshWay,
} from './ssh-keys.ts'
import { withoutSecrets } from './stored-draft.ts'
import { vmName } from './vm-fields.ts'

const key = 'ssh-ed25519 AAAAC3Nz ada@laptop'
const own = () => sshPublicKey(0).set(addSshKey(newDraft('demo'), 'new'), key)

describe('an SSH key in a Secret', () => {
  it('is named as the VM, and renamed with it', () => {
    const draft = vmName.set(own(), 'web')
    expect(sshSecret(0).get(draft)).toBe('web-ssh-key')
    expect(draft.others).toMatchObject([
      { metadata: { name: 'web-ssh-key', namespace: 'demo' }, stringData: { key1: key } },
    ])
    const second = addSshKey(draft, 'new')
    expect(sshSecret(1).get(second)).toBe('web-ssh-key-2')
  })

  it('keeps the volume it comes by while nothing else needs it', () => {
    const user = cloudConfigField('user')
    const named = user.set(own(), 'ada')
    expect(userData.get(user.set(named, ''))).toBe('#cloud-config\n')
    const byAgent = sshWay(0).set(user.set(named, ''), 'qemuGuestAgent')
    expect(removeSshKey(byAgent, 0).vm).toEqual(newDraft('demo').vm)
    expect(userData.get(removeSshKey(named, 0))).toBe('#cloud-config\nuser: ada\n')
  })

  it('is kept through a reload, for it is public', () => {
    const draft = cloudConfigField('password').set(own(), 'hunter2')
    const kept = withoutSecrets(draft)
    expect(sshPublicKey(0).get(kept)).toBe(key)
    expect(userData.get(kept)).toBe('#cloud-config\n')
    const typed = sshPublicKey(0).set(draft, '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret')
    expect(JSON.stringify(withoutSecrets(typed))).not.toContain('PRIVATE')
  })

  it('is missed while there is none', () => {
    expect(sshKeyProblems(addSshKey(newDraft('demo'), 'secret'))).toEqual([
      'Name the Secret with the SSH keys.',
    ])
    expect(sshKeyProblems(addSshKey(newDraft('demo'), 'new'))).toHaveLength(1)
    expect(sshKeyProblems(own())).toEqual([])
    // What is in a Secret of the cluster is not ours to judge.
    expect(sshKeyProblems(sshSecret(0).set(own(), 'team-keys'))).toEqual([])
  })
})
