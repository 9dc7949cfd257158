/**
 * What cloud-init does with the guest's network: version 2 of its network data, by form or as a text
 * (https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html).
 */
import { isMap, parseDocument, type Document, type YAMLMap } from 'yaml'

import { networkData } from './cloud-init-volume.ts'
import { devicesOf, field, type Draft, type Field } from './draft.ts'

interface Parsed {
  document: Document.Parsed
  /** Where the interfaces are: some texts have `network` around all. */
  path: string[]
}

/** The text, where it is one that the form can edit. */
function parsed(text: string): Parsed | undefined {
  const document = parseDocument(text.trim() === '' ? 'version: 2\n' : text, {
    prettyErrors: false,
  })
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined
  const root = isMap(document.get('network')) ? ['network'] : []
  if (document.getIn([...root, 'version']) !== 2) return undefined
  const path = [...root, 'ethernets']
  const ethernets = document.getIn(path)
  const isEditable =
    ethernets === undefined ||
    (isMap(ethernets) && ethernets.items.every(({ value }) => isMap(value)))
  return isEditable ? { document, path } : undefined
}

/** Whether the form can show and change the text. */
export function isNetworkForm(draft: Draft): boolean {
  return parsed(networkData.get(draft)) !== undefined
}

function ethernetsOf({ document, path }: Parsed): YAMLMap | undefined {
  const found = document.getIn(path)
  return isMap(found) ? found : undefined
}

/** Names of the interfaces, as the guest has them. */
export function ethernetNames(draft: Draft): string[] {
  const found = parsed(networkData.get(draft))
  return found ? (ethernetsOf(found)?.items ?? []).map(({ key }) => String(key)) : []
}

function change(draft: Draft, edit: (found: Parsed) => void): Draft {
  const found = parsed(networkData.get(draft))
  if (!found) return draft
  edit(found)
  const isEmpty = (ethernetsOf(found)?.items.length ?? 0) === 0
  if (isEmpty) found.document.deleteIn(found.path)
  const left = found.document.toJS() as Record<string, unknown>
  const root = (found.path.length > 1 ? left['network'] : left) as object
  const says = Object.keys(root).some((key) => key !== 'version')
  return networkData.set(draft, says ? found.document.toString({ lineWidth: 0 }) : '')
}

/** One more interface, by DHCP, under the name that a guest on KubeVirt most likely has for it. */
export function addEthernet(draft: Draft): Draft {
  const names = new Set(ethernetNames(draft))
  const number = devicesOf(draft).interfaces.length
  const likely = Array.from({ length: Math.max(1, number) }, (_, at) => `enp${at + 1}s0`)
  let name = likely.find((one) => !names.has(one))
  for (let at = number + 1; name === undefined; at++)
    if (!names.has(`enp${at}s0`)) name = `enp${at}s0`
  return change(draft, ({ document, path }) => document.setIn([...path, name], { dhcp4: true }))
}

export function removeEthernet(draft: Draft, index: number): Draft {
  const name = ethernetNames(draft)[index]
  return change(draft, ({ document, path }) => document.deleteIn([...path, name]))
}

function read(draft: Draft, index: number, ...rest: string[]): unknown {
  const found = parsed(networkData.get(draft))
  const name = ethernetNames(draft)[index]
  if (!found || name === undefined) return undefined
  const value = found.document.toJS() as unknown
  return [...found.path, name, ...rest].reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key],
    value,
  )
}

function write(draft: Draft, index: number, rest: string[], value: unknown): Draft {
  const name = ethernetNames(draft)[index]
  if (name === undefined) return draft
  return change(draft, ({ document, path }) => {
    const at = [...path, name, ...rest]
    if (value === undefined) document.deleteIn(at)
    else document.setIn(at, document.createNode(value))
  })
}

/** The name of the interface in the guest. */
export function ethernetName(index: number): Field<string> {
  return field(
    (draft) => ethernetNames(draft)[index] ?? '',
    (draft, name) =>
      change(draft, (found) => {
        const pair = ethernetsOf(found)?.items[index]
        if (pair) pair.key = found.document.createNode(name)
      }),
  )
}

/** The MAC address that the interface is found by, rather than by its name; empty for its name. */
export function ethernetMac(index: number): Field<string> {
  return field(
    (draft) => textOf(read(draft, index, 'match', 'macaddress')),
    (draft, mac) => {
      if (mac !== '') return write(draft, index, ['match', 'macaddress'], mac)
      const match = read(draft, index, 'match') as object | undefined
      const isOnly = match !== undefined && Object.keys(match).length === 1
      return write(draft, index, isOnly ? ['match'] : ['match', 'macaddress'], undefined)
    },
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

export const ethernetDhcp = (index: number): Field<boolean> =>
  field(
    (draft) => read(draft, index, 'dhcp4') === true,
    (draft, isOn) => write(draft, index, ['dhcp4'], isOn),
  )

function listField(index: number, ...path: string[]): Field<string> {
  return field(
    (draft) => listOf(read(draft, index, ...path)).join('\n'),
    (draft, text) => {
      const lines = text.split('\n').map((one) => one.trim())
      if (lines.some((one) => one !== '')) return write(draft, index, path, lines)
      // A parent with nothing else in it says nothing.
      const parent = path.slice(0, -1)
      const others = Object.keys((read(draft, index, ...parent) as object | undefined) ?? {})
      const isOnly = parent.length > 0 && others.length <= 1
      return write(draft, index, isOnly ? parent : path, undefined)
    },
  )
}

/** With their prefix, as in `192.0.2.10/24`, one a line. */
export const ethernetAddresses = (index: number) => listField(index, 'addresses')
export const ethernetDns = (index: number) => listField(index, 'nameservers', 'addresses')

interface Route {
  to?: string
  via?: string
}

const everywhere = new Set(['default', '0.0.0.0/0', '::/0'])

/** The router for everything else: the default route, or `gateway4` as older texts have it. */
export function ethernetGateway(index: number): Field<string> {
  const routes = (draft: Draft) => {
    const found = read(draft, index, 'routes')
    return Array.isArray(found) ? (found as Route[]) : []
  }
  return field(
    (draft) => {
      const old = read(draft, index, 'gateway4') ?? read(draft, index, 'gateway6')
      return textOf(old ?? routes(draft).find(({ to = '' }) => everywhere.has(to))?.via)
    },
    (draft, via) => {
      const older = ['gateway4', 'gateway6'].find((key) => read(draft, index, key) !== undefined)
      if (older) return write(draft, index, [older], via === '' ? undefined : via)
      const others = routes(draft).filter(({ to = '' }) => !everywhere.has(to))
      // Older releases of cloud-init don't know the word `default`.
      const to = via.includes(':') ? '::/0' : '0.0.0.0/0'
      const next = via === '' ? others : [...others, { to, via }]
      return write(draft, index, ['routes'], next.length === 0 ? undefined : next)
    },
  )
}

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ipv4 = new RegExp(`^(?:${octet}\\.){3}${octet}$`)

function isAddress(text: string): boolean {
  if (ipv4.test(text)) return true
  return /^[\da-f:]+$/i.test(text) && URL.canParse(`http://[${text}]/`)
}

function isPrefixed(text: string): boolean {
  const [address = '', prefix = ''] = text.split('/')
  const most = address.includes(':') ? 128 : 32
  return isAddress(address) && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most
}

/** What the form knows to be wrong with the text. */
export function networkDataProblems(draft: Draft): string[] {
  const text = networkData.get(draft)
  if (text === '') return []
  const [error] = parseDocument(text).errors
  if (error) return [error.message.split('\n')[0] ?? '']
  const names = ethernetNames(draft)
  if (names.includes('')) return ['Name each interface as the guest does.']
  return names.flatMap((name, index) => {
    const lines = (list: Field<string>) =>
      list
        .get(draft)
        .split('\n')
        .filter((line) => line !== '')
    const addresses = lines(ethernetAddresses(index)).filter((line) => !isPrefixed(line))
    const others = [...lines(ethernetDns(index)), ...lines(ethernetGateway(index))].filter(
      (line) => !isAddress(line),
    )
    return [
      ...addresses.map(
        (one) => `${name}: ${one} isn’t an address with prefix, as in 192.0.2.10/24.`,
      ),
      ...others.map((one) => `${name}: ${one} isn’t an IP address.`),
    ]
  })
}
