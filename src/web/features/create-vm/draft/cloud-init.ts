/** What cloud-init does at the first boot: a text in the VM, or in a Secret created with it. */
import { isMap, parseDocument, type Document } from 'yaml'

import type { Volume } from '../../../../kube/vm-devices.ts'
import { devicesOf, field, withDevices, type Draft, type Field, type Manifest } from './draft.ts'

/** What KubeVirt takes in the VM itself (pkg/virt-api/webhooks, cloudInitUserMaxLen). */
export const inlineLimitBytes = 2048
const volumeName = 'cloudinit'

interface SecretManifest extends Manifest {
  stringData?: Record<string, string>
  data?: Record<string, string>
}

type CloudInit = NonNullable<Volume['cloudInitNoCloud']>

function cloudInitVolume(draft: Draft): { volume: Volume; source: CloudInit } | undefined {
  for (const volume of devicesOf(draft).volumes) {
    const source = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive
    if (source) return { volume, source }
  }
  return undefined
}

function fromBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (one) => one.codePointAt(0) ?? 0))
  } catch {
    return ''
  }
}

function secretOf({ others }: Draft, name: string | undefined): SecretManifest | undefined {
  return others.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name)
}

/** The Secret of the cluster that holds the text, where the draft doesn't. */
export function foreignSecret(draft: Draft): string | undefined {
  const name = cloudInitVolume(draft)?.source.secretRef?.name
  return name !== undefined && !secretOf(draft, name) ? name : undefined
}

/** Whether the text goes into a Secret, since it is too long for the VM. */
export function isInSecret(draft: Draft): boolean {
  return cloudInitVolume(draft)?.source.secretRef !== undefined
}

function readUserData(draft: Draft): string {
  const source = cloudInitVolume(draft)?.source
  if (!source) return ''
  if (source.userDataBase64) return fromBase64(source.userDataBase64)
  if (!source.secretRef) return source.userData ?? ''
  const secret = secretOf(draft, source.secretRef.name)
  return secret?.stringData?.['userdata'] ?? fromBase64(secret?.data?.['userdata'] ?? '')
}

function writeUserData(draft: Draft, text: string): Draft {
  const found = cloudInitVolume(draft)
  const { disks, volumes } = devicesOf(draft)
  const secret = secretOf(draft, found?.source.secretRef?.name)
  const others = draft.others.filter((one) => one !== secret)
  if (text === '') {
    const name = found?.volume.name
    return withDevices(
      { ...draft, others },
      {
        disks: disks.filter((disk) => disk.name !== name),
        volumes: volumes.filter((volume) => volume.name !== name),
      },
    )
  }
  const isLong = new TextEncoder().encode(text).length > inlineLimitBytes
  const secretName = secret?.metadata.name ?? `${draft.vm.metadata.name || 'vm'}-cloud-init`
  const { userData: _, userDataBase64: __, secretRef: ___, ...rest } = found?.source ?? {}
  const source = {
    ...rest,
    ...(isLong ? { secretRef: { name: secretName } } : { userData: text }),
  }
  const { namespace } = draft.vm.metadata
  const newSecret: SecretManifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, ...(namespace !== undefined && { namespace }) },
    stringData: { userdata: text },
  }
  const key = found?.volume.cloudInitConfigDrive ? 'cloudInitConfigDrive' : 'cloudInitNoCloud'
  const name = found?.volume.name ?? volumeName
  const volume: Volume = { ...found?.volume, name, [key]: source }
  return withDevices(
    { ...draft, others: isLong ? [...others, newSecret] : others },
    {
      disks: disks.some((disk) => disk.name === name)
        ? disks
        : [...disks, { name, disk: { bus: 'virtio' } }],
      volumes: found
        ? volumes.map((one) => (one === found.volume ? volume : one))
        : [...volumes, volume],
    },
  )
}

/** The whole text of user data; empty for none. */
export const userData: Field<string> = field(readUserData, writeUserData)

/** What the form asks for; lists are a line for each item. */
export interface CloudConfig {
  user: string
  password: string
  sshKeys: string
  packages: string
  commands: string
}

const keys = {
  user: 'user',
  password: 'password',
  sshKeys: 'ssh_authorized_keys',
  packages: 'packages',
  commands: 'runcmd',
} as const

const header = '#cloud-config\n'

/** The document, where the text is one that the form can edit. */
function cloudConfigOf(text: string): Document.Parsed | undefined {
  if (text.trim() !== '' && !text.startsWith('#cloud-config')) return undefined
  const document = parseDocument(text, { prettyErrors: false })
  const isEditable =
    document.errors.length === 0 && (document.contents === null || isMap(document.contents))
  return isEditable ? document : undefined
}

/** Whether the form can show and change the text: a script can only be edited as a whole. */
export function isCloudConfig(text: string): boolean {
  return cloudConfigOf(text) !== undefined
}

/** Why cloud-init would pass over the text, in words. */
export function userDataProblem(text: string): string | undefined {
  if (text === '' || text.startsWith('#!')) return undefined
  if (!text.startsWith('#'))
    return 'cloud-init reads texts that begin with #cloud-config, or with #! for a script.'
  if (!text.startsWith('#cloud-config')) return undefined
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) return error.message.split('\n')[0]
  return document.contents === null || isMap(document.contents)
    ? undefined
    : 'Below #cloud-config, keys and values are expected, as in hostname: web.'
}

function lineOf(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item)
}

/** One value of the form, read from and written into the text; all else of the text stays. */
export function cloudConfigField(part: keyof CloudConfig): Field<string> {
  const key = keys[part]
  const isList = part === 'sshKeys' || part === 'packages' || part === 'commands'
  return field(
    (draft) => {
      const found: unknown = cloudConfigOf(userData.get(draft))?.toJS()?.[key]
      if (found === undefined || found === null) return ''
      return Array.isArray(found) ? found.map(lineOf).join('\n') : lineOf(found)
    },
    (draft, value) => {
      const text = userData.get(draft)
      const document = cloudConfigOf(text)
      if (!document) return draft
      // A line that is still empty is kept while one types on.
      if (value.trim() === '') document.delete(key)
      else document.set(key, isList ? value.split('\n').map(itemOf) : value)
      if (part === 'password') setPasswordRules(document, value)
      return userData.set(draft, textOf(document, text))
    },
  )
}

/** `["echo", "one"]` is a command with its words apart. */
function itemOf(line: string): unknown {
  if (!line.startsWith('[') && !line.startsWith('{')) return line
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}

/** Without these the password must be changed at once, and can't be used over SSH. */
function setPasswordRules(document: Document.Parsed, password: string): void {
  if (password.trim() === '') {
    document.delete('chpasswd')
    document.delete('ssh_pwauth')
    return
  }
  if (!document.has('chpasswd')) document.set('chpasswd', { expire: false })
  if (!document.has('ssh_pwauth')) document.set('ssh_pwauth', true)
}

function textOf(document: Document.Parsed, before: string): string {
  const isEmpty = !isMap(document.contents) || document.contents.items.length === 0
  if (isEmpty) return ''
  const text = document.toString({ lineWidth: 0 })
  return text.startsWith('#cloud-config') || before.startsWith('#cloud-config')
    ? text
    : `${header}${text}`
}
