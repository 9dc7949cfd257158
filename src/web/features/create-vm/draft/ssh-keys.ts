/** SSH keys that KubeVirt takes from Secrets (spec.template.spec.accessCredentials). */
import { publicKeyProblem } from '../../../../kube/ssh-public-key.ts'
import { cloudConfigHeader, userData, withNoCloudVolume } from './cloud-init-volume.ts'
import { devicesOf, field, valueAt, withValueAt, type Draft, type Field } from './draft.ts'
import {
  freeSecretName,
  ownObject,
  textUnder,
  withoutSecretText,
  withSecretText,
} from './secrets.ts'

/** By cloud-init at the first boot, or by the guest agent while the VM runs. */
export type KeyWay = '' | 'noCloud' | 'configDrive' | 'qemuGuestAgent'

const path = ['spec', 'template', 'spec', 'accessCredentials']
/** KubeVirt takes every key of the Secret (v1.9.0 pkg/cloud-init, resolveSSHPublicKeys). */
const ownKey = 'key1'

function listOf({ vm }: Draft): unknown[] {
  const found = valueAt(vm, path)
  return Array.isArray(found) ? found : []
}

function withList(draft: Draft, list: unknown[]): Draft {
  const vm = withValueAt(draft.vm, path, list.length === 0 ? undefined : list)
  return { ...draft, vm }
}

/** Places of those that are SSH keys; passwords are among the same list. */
export function sshKeyPlaces(draft: Draft): number[] {
  return listOf(draft).flatMap((one, index) =>
    valueAt(one, ['sshPublicKey']) === undefined ? [] : [index],
  )
}

function part(draft: Draft, index: number, ...rest: string[]): unknown {
  return valueAt(listOf(draft)[index], ['sshPublicKey', ...rest])
}

function withPart(draft: Draft, index: number, rest: string[], value: unknown): Draft {
  if (part(draft, index) === undefined) return draft
  const list = listOf(draft).map((one, at) =>
    at === index ? withValueAt(one, ['sshPublicKey', ...rest], value) : one,
  )
  return withList(draft, list)
}

const secretPath = ['source', 'secret', 'secretName']

/** The Secret with the keys. */
export function sshSecret(index: number): Field<string> {
  return field(
    (draft) => (part(draft, index, ...secretPath) as string | undefined) ?? '',
    (draft, name) => withPart(draft, index, ['source'], { secret: { secretName: name } }),
  )
}

/** Whether the Secret is created with the VM. */
export function isOwnKey(draft: Draft, index: number): boolean {
  return ownObject(draft, 'Secret', sshSecret(index).get(draft)) !== undefined
}

/** The public key in the draft's own Secret; nothing for a Secret that is there already. */
export function sshPublicKey(index: number): Field<string> {
  return field(
    (draft) => textUnder(ownObject(draft, 'Secret', sshSecret(index).get(draft)), ownKey),
    (draft, text) => {
      const name = sshSecret(index).get(draft)
      return isOwnKey(draft, index) ? withSecretText(draft, name, ownKey, text) : draft
    },
  )
}

const ways = ['noCloud', 'configDrive', 'qemuGuestAgent'] as const

export function sshWay(index: number): Field<KeyWay> {
  return field<KeyWay>(
    (draft) => ways.find((way) => part(draft, index, 'propagationMethod', way) !== undefined) ?? '',
    (draft, way) => withNoCloudVolume(withPart(draft, index, ['propagationMethod'], methodOf(way))),
  )
}

function methodOf(way: KeyWay): object {
  if (way === '') return {}
  return { [way]: way === 'qemuGuestAgent' ? { users: [] } : {} }
}

const usersPath = ['propagationMethod', 'qemuGuestAgent', 'users']

/** The guest's users that the agent gives the keys to, one a line. */
export function sshUsers(index: number): Field<string> {
  return field(
    (draft) => {
      const users = part(draft, index, ...usersPath)
      return Array.isArray(users) ? users.join('\n') : ''
    },
    (draft, text) =>
      sshWay(index).get(draft) === 'qemuGuestAgent'
        ? withPart(draft, index, usersPath, text === '' ? [] : text.split('\n'))
        : draft,
  )
}

/** One more: from a Secret still to be named, or a new one for a key still to be pasted. */
export function addSshKey(draft: Draft, from: 'secret' | 'new'): Draft {
  const name = from === 'new' ? freeSecretName(draft, 'ssh-key') : ''
  const isDrive = devicesOf(draft).volumes.some((one) => one.cloudInitConfigDrive !== undefined)
  const credential = {
    sshPublicKey: {
      source: { secret: { secretName: name } },
      propagationMethod: methodOf(isDrive ? 'configDrive' : 'noCloud'),
    },
  }
  const next = withNoCloudVolume(withList(draft, [...listOf(draft), credential]))
  return from === 'new' ? withSecretText(next, name, ownKey, '') : next
}

/** Without it, and without the Secret that would have been made for it. */
export function removeSshKey(draft: Draft, index: number): Draft {
  const name = sshSecret(index).get(draft)
  const list = listOf(draft).filter((_, at) => at !== index)
  const next = withList(draft, list)
  const isUsed = sshKeyPlaces(next).some((at) => sshSecret(at).get(next) === name)
  const clean = isUsed ? next : withoutSecretText(next, name, ownKey)
  return userData.get(clean) === cloudConfigHeader ? userData.set(clean, '') : clean
}

/** What the form knows to be wrong with them. */
export function sshKeyProblems(draft: Draft): string[] {
  const found = sshKeyPlaces(draft).flatMap((index) => {
    if (sshSecret(index).get(draft) === '') return ['Name the Secret with the SSH keys.']
    if (!isOwnKey(draft, index)) return []
    return publicKeyProblem(sshPublicKey(index).get(draft)) ?? []
  })
  return [...new Set(found)]
}
