import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'

import { configurationSchema } from './configuration-schema.ts'

/** The schema as JSON Schema has it: what of it is needed to walk its keys. */
interface SchemaNode {
  type?: string
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
}

const root = z.toJSONSchema(configurationSchema, { io: 'input' }) as SchemaNode

/** A key that holds a value rather than further keys. */
export interface SettingKey {
  /** E.g. `['listen', 'port']`. */
  path: string[]
  node: SchemaNode
}

/** Every key with a value of its own, lists included; what is in a list of objects is not. */
export const settingKeys: readonly SettingKey[] = leaves(root, [])

/** Every key there is, those of the objects in lists too, as `clusters[].name`. */
export const allKeys: readonly string[] = names(root, '')

/** The environment variable for a key: `listen.port` is `CONSOLE_LISTEN_PORT`. */
export function variableOf(path: readonly string[]) {
  const words = path.map((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase())
  return `CONSOLE_${words.join('_')}`
}

/** What a person who wrote an unknown key at a path may have meant: `did you mean …?` and the rest. */
export function suggestionFor(path: readonly PropertyKey[], key: string) {
  const known = Object.keys(nodeAt(path)?.properties ?? {})
  const nearest = closest(
    key.toLowerCase(),
    known.map((one) => one.toLowerCase()),
  )
  const isNear = distance(key.toLowerCase(), nearest) <= Math.min(3, key.length / 2)
  const meant = known.find((one) =>
    isNear ? one.toLowerCase() === nearest : one.toLowerCase().startsWith(key.toLowerCase()),
  )
  return `${meant === undefined ? '' : `did you mean ${meant}? `}Known here: ${known.join(', ')}`
}

function nodeAt(path: readonly PropertyKey[]) {
  let node: SchemaNode | undefined = root
  for (const key of path) {
    node = typeof key === 'number' ? node?.items : node?.properties?.[String(key)]
  }
  return node
}

function leaves(node: SchemaNode, path: string[]): SettingKey[] {
  if (!node.properties) return [{ path, node }]
  return Object.entries(node.properties).flatMap(([key, child]) => leaves(child, [...path, key]))
}

function names(node: SchemaNode, prefix: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    `${prefix}${key}`,
    ...names(child, `${prefix}${key}.`),
    ...(child.items ? names(child.items, `${prefix}${key}[].`) : []),
  ])
}
