/** What Windows asks for that other systems don't: an answer file, drivers while it installs, a TPM. */
import type { Volume } from '../../../../kube/vm-devices.ts'
import { devicesOf, field, vmField, withDevices, type Draft, type Field } from './draft.ts'
import {
  freeSecretName,
  ownObject,
  textUnder,
  withoutSecretText,
  withSecretText,
} from './secrets.ts'
import { unattendProblem } from './unattend.ts'

/** The names that KubeVirt looks for, in any case (v1.9.0 pkg/config/sysprep.go). */
export const answerFiles = ['autounattend.xml', 'unattend.xml'] as const
type AnswerFile = (typeof answerFiles)[number]

export function isAnswerFile(key: string): boolean {
  return answerFiles.some((name) => name === key.toLowerCase())
}

const sysprepName = 'sysprep'
const driversName = 'virtio-drivers'

function withDrive(draft: Draft, volume: Volume): Draft {
  const { disks, volumes } = devicesOf(draft)
  const isThere = volumes.some(({ name }) => name === volume.name)
  return withDevices(draft, {
    disks: disks.some(({ name }) => name === volume.name)
      ? disks
      : [...disks, { name: volume.name, cdrom: { bus: 'sata' } }],
    volumes: isThere
      ? volumes.map((one) => (one.name === volume.name ? volume : one))
      : [...volumes, volume],
  })
}

function withoutDrive(draft: Draft, name: string | undefined): Draft {
  const { disks, volumes } = devicesOf(draft)
  return withDevices(draft, {
    disks: disks.filter((disk) => disk.name !== name),
    volumes: volumes.filter((volume) => volume.name !== name),
  })
}

function sysprepVolume(draft: Draft): Volume | undefined {
  return devicesOf(draft).volumes.find(({ sysprep }) => sysprep !== undefined)
}

function ownSecret(draft: Draft): string | undefined {
  const name = sysprepVolume(draft)?.sysprep?.secret?.name
  return ownObject(draft, 'Secret', name)?.metadata.name
}

/** `KIND/NAME` of what holds the answer file, `new` for a Secret made with the VM; empty for none. */
export const sysprepSource: Field<string> = field(
  (draft) => {
    const { secret, configMap } = sysprepVolume(draft)?.sysprep ?? {}
    if (ownSecret(draft) !== undefined) return 'new'
    if (secret?.name) return `Secret/${secret.name}`
    return configMap?.name ? `ConfigMap/${configMap.name}` : ''
  },
  (draft, value) => {
    const own = ownSecret(draft)
    const clean = answerFiles.reduce((at, file) => withoutSecretText(at, own, file), draft)
    const volume = sysprepVolume(draft)
    if (value === '') return withoutDrive(clean, volume?.name)
    const [kind, named = ''] = value.split('/')
    const name = value === 'new' ? freeSecretName(clean, 'sysprep') : named
    const holder = kind === 'ConfigMap' ? { configMap: { name } } : { secret: { name } }
    const next = withDrive(clean, { name: volume?.name ?? sysprepName, sysprep: holder })
    return value === 'new' ? withSecretText(next, name, answerFiles[0], '') : next
  },
)

/** The text of an answer file in the Secret that is made with the VM. */
export function answerText(file: AnswerFile): Field<string> {
  return field(
    (draft) => textUnder(ownObject(draft, 'Secret', ownSecret(draft)), file),
    (draft, text) => {
      const name = ownSecret(draft)
      if (name === undefined) return draft
      const isOnly = answerFiles.every((one) => one === file || answerText(one).get(draft) === '')
      // An empty Secret would be taken for one of the cluster's.
      return text === '' && !isOnly
        ? withoutSecretText(draft, name, file)
        : withSecretText(draft, name, file, text)
    },
  )
}

/** What the form knows to be wrong with the answer file. */
export function sysprepProblems(draft: Draft): string[] {
  if (sysprepSource.get(draft) !== 'new') return []
  const texts = answerFiles
    .map((file) => ({ file, text: answerText(file).get(draft) }))
    .filter(({ text }) => text !== '')
  if (texts.length === 0) return ['Type or drop the answer file.']
  return texts.flatMap(({ file, text }) => {
    const problem = unattendProblem(text)
    return problem === undefined ? [] : `${file}: ${problem}`
  })
}

function driversVolume(draft: Draft): Volume | undefined {
  return devicesOf(draft).volumes.find(
    ({ name, containerDisk }) =>
      containerDisk !== undefined &&
      (name === driversName || /virtio-(?:container-disk|win)/.test(containerDisk.image)),
  )
}

/** The container disk with drivers for Windows, in a drive of its own; empty for none. */
export const driversImage: Field<string> = field(
  (draft) => driversVolume(draft)?.containerDisk?.image ?? '',
  (draft, image) => {
    const volume = driversVolume(draft)
    if (image === '') return withoutDrive(draft, volume?.name)
    const containerDisk = { ...volume?.containerDisk, image }
    return withDrive(draft, { ...volume, name: volume?.name ?? driversName, containerDisk })
  },
)

export type Tpm = '' | 'transient' | 'persistent' | 'off'

const device = vmField<{ enabled?: boolean; persistent?: boolean }>(
  'spec',
  'template',
  'spec',
  'domain',
  'devices',
  'tpm',
)

/** Empty: as the preference says, or else none. */
export const tpm: Field<Tpm> = field<Tpm>(
  (draft) => {
    const found = device.get(draft)
    if (!found) return ''
    if (found.enabled === false) return 'off'
    return found.persistent ? 'persistent' : 'transient'
  },
  (draft, value) =>
    device.set(
      draft,
      { '': undefined, off: { enabled: false }, transient: {}, persistent: { persistent: true } }[
        value
      ],
    ),
)
