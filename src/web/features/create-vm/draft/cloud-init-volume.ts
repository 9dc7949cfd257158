/** The volume that cloud-init reads: its texts stand in the VM, or in a Secret created with it. */
import type { Volume } from '../../../../kube/vm-devices.ts'
import { devicesOf, field, valueAt, withDevices, type Draft, type Field } from './draft.ts'
import {
  freeSecretName,
  ownObject,
  textUnder,
  withoutSecretText,
  withSecretText,
} from './secrets.ts'

/** What KubeVirt takes of each text in the VM itself (pkg/virt-api/webhooks, cloudInitUserMaxLen). */
export const inlineLimitBytes = 2048
const volumeName = 'cloudinit'
export const cloudConfigHeader = '#cloud-config\n'

type Source = NonNullable<Volume['cloudInitNoCloud']>

interface Part {
  text: 'userData' | 'networkData'
  base64: 'userDataBase64' | 'networkDataBase64'
  reference: 'secretRef' | 'networkDataSecretRef'
  /** In the Secret. */
  key: string
  suffix: string
}

const userPart: Part = {
  text: 'userData',
  base64: 'userDataBase64',
  reference: 'secretRef',
  key: 'userdata',
  suffix: 'cloud-init',
}
const networkPart: Part = {
  text: 'networkData',
  base64: 'networkDataBase64',
  reference: 'networkDataSecretRef',
  key: 'networkdata',
  suffix: 'cloud-init-network',
}

function cloudInitVolume(draft: Draft): { volume: Volume; source: Source } | undefined {
  for (const volume of devicesOf(draft).volumes) {
    const source = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive
    if (source) return { volume, source }
  }
  return undefined
}

/** Whether keys are to come by the volume, which then has to be there even if it says nothing else. */
function needsNoCloud({ vm }: Draft): boolean {
  const found = valueAt(vm, ['spec', 'template', 'spec', 'accessCredentials'])
  const list = Array.isArray(found) ? found : []
  return list.some((one: unknown) =>
    Boolean(valueAt(one, ['sshPublicKey', 'propagationMethod', 'noCloud'])),
  )
}

/** With a volume for cloud-init, where keys are to come by one and there is none yet. */
export function withNoCloudVolume(draft: Draft): Draft {
  if (!needsNoCloud(draft) || cloudInitVolume(draft)) return draft
  return withSource(draft, { userData: cloudConfigHeader })
}

function withoutVolume(draft: Draft, name: string | undefined): Draft {
  const { disks, volumes } = devicesOf(draft)
  return withDevices(draft, {
    disks: disks.filter((disk) => disk.name !== name),
    volumes: volumes.filter((volume) => volume.name !== name),
  })
}

function withSource(draft: Draft, source: Source): Draft {
  const found = cloudInitVolume(draft)
  const { disks, volumes } = devicesOf(draft)
  const key = found?.volume.cloudInitConfigDrive ? 'cloudInitConfigDrive' : 'cloudInitNoCloud'
  const name = found?.volume.name ?? volumeName
  const volume: Volume = { ...found?.volume, name, [key]: source }
  return withDevices(draft, {
    disks: disks.some((disk) => disk.name === name)
      ? disks
      : [...disks, { name, disk: { bus: 'virtio' } }],
    volumes: found
      ? volumes.map((one) => (one === found.volume ? volume : one))
      : [...volumes, volume],
  })
}

function read(draft: Draft, { text, base64, reference, key }: Part): string {
  const source = cloudInitVolume(draft)?.source
  if (!source) return ''
  const coded = source[base64]
  if (coded) return textUnder({ metadata: {}, data: { [key]: coded } }, key)
  const secret = source[reference]?.name
  if (secret === undefined) return source[text] ?? ''
  return textUnder(ownObject(draft, 'Secret', secret), key)
}

function write(draft: Draft, value: string, part: Part): Draft {
  const found = cloudInitVolume(draft)
  const { [part.text]: _, [part.base64]: __, [part.reference]: ref, ...rest } = found?.source ?? {}
  const isLong = new TextEncoder().encode(value).length > inlineLimitBytes
  const secret =
    ownObject(draft, 'Secret', ref?.name)?.metadata.name ?? freeSecretName(draft, part.suffix)
  const clean = isLong ? draft : withoutSecretText(draft, ref?.name, part.key)
  if (isLong)
    return withSource(withSecretText(clean, secret, part.key, value), {
      ...rest,
      [part.reference]: { name: secret },
    })
  if (value !== '') return withSource(clean, { ...rest, [part.text]: value })
  if (Object.keys(rest).length > 0) return withSource(clean, rest)
  return withNoCloudVolume(withoutVolume(clean, found?.volume.name))
}

function textField(part: Part): Field<string> {
  return field(
    (draft) => read(draft, part),
    (draft, value) => write(draft, value, part),
  )
}

/** The whole text of user data; empty for none. */
export const userData = textField(userPart)
/** The whole text of network data; empty for none. */
export const networkData = textField(networkPart)

function referenceOf(draft: Draft, part: Part): string | undefined {
  return cloudInitVolume(draft)?.source[part.reference]?.name
}

function foreign(draft: Draft, part: Part): string | undefined {
  const name = referenceOf(draft, part)
  return name !== undefined && !ownObject(draft, 'Secret', name) ? name : undefined
}

/** The Secret of the cluster that holds the user data, where the draft doesn't. */
export function foreignSecret(draft: Draft): string | undefined {
  return foreign(draft, userPart)
}

/** The Secret of the cluster that holds the network data, where the draft doesn't. */
export function foreignNetworkSecret(draft: Draft): string | undefined {
  return foreign(draft, networkPart)
}

/** Whether the user data goes into a Secret, since it is too long for the VM. */
export function isInSecret(draft: Draft): boolean {
  return referenceOf(draft, userPart) !== undefined
}
