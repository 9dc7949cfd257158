/** What cloud-init does at the first boot, as a form asks for it. */
import { isMap, parseDocument, type Document } from 'yaml'

import { cloudConfigHeader, userData } from './cloud-init-volume.ts'
import { field, type Field } from './draft.ts'

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
      const whole = userData.get(draft)
      // A header alone would be a comment of nothing, with a line between it and what comes.
      const text = whole === cloudConfigHeader ? '' : whole
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
    : `${cloudConfigHeader}${text}`
}
