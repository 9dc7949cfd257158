import { readFileSync } from 'node:fs'

import { parse } from 'yaml'
import type { z } from 'zod'

import { messageOf } from '../cluster-connection.ts'
import { settingKeys, suggestionFor, variableOf } from './configuration-keys.ts'
import type { SettingKey } from './configuration-keys.ts'
import { configurationSchema } from './configuration-schema.ts'
import type { Configuration } from './configuration-schema.ts'

/** A value and who gave it, for messages: the name of a flag or of an environment variable. */
export interface GivenValue {
  path: string[]
  value: unknown
  from: string
}

/**
 * The configuration out of a file (YAML or JSON), the environment and flags, each stronger than the
 * one before it. A value in the environment is text: lists are written with commas, or as JSON.
 * @param flags what the command line says
 * @throws Error that says for each mistake where it is, what it is, and what is expected
 */
export function readConfigurationSources(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  flags: readonly GivenValue[],
): Configuration {
  const given: unknown = file === undefined ? {} : readFile(file)
  if (!isRecord(given)) throw new Error(`${file}: the configuration must be a list of keys`)
  const origins = new Map<string, string>()
  for (const { path, value, from } of [...fromEnvironment(env), ...flags]) {
    put(given, path, value)
    origins.set(path.join('.'), from)
  }
  const result = configurationSchema.safeParse(given, { reportInput: true })
  if (result.success) return result.data
  const lines = result.error.issues.flatMap((issue) => words(issue, file, origins))
  throw new Error(
    lines.length === 1
      ? `The configuration has a mistake. ${lines[0]}`
      : `The configuration has ${lines.length} mistakes:\n  ${lines.join('\n  ')}`,
  )
}

function readFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The configuration ${file} can't be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
  try {
    // An empty file says nothing, and that is allowed.
    // A tag that isn't known is judged with the value that it stands before.
    return parse(text, { logLevel: 'error' }) ?? {}
  } catch (error) {
    throw new Error(`The configuration ${file} is neither YAML nor JSON: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function fromEnvironment(env: NodeJS.ProcessEnv): GivenValue[] {
  return settingKeys.flatMap((key) => {
    const name = variableOf(key.path)
    const text = env[name]
    return text === undefined ? [] : [{ path: key.path, value: typed(text, key), from: name }]
  })
}

/** Text that isn't of the key's type stays text, for the schema to refuse in its words. */
function typed(text: string, { node }: SettingKey): unknown {
  if (node.type === 'integer') return /^\d+$/.test(text) ? Number(text) : text
  if (node.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (node.type !== 'array' && node.type !== 'object') return text
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  if (node.type === 'object') return text
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown) {
  const [key = '', ...rest] = path
  if (!rest.length) {
    target[key] = value
    return
  }
  // What the file has there and isn't an object is replaced by what is stronger.
  const child = isRecord(target[key]) ? target[key] : {}
  target[key] = child
  put(child, rest, value)
}

function words(
  issue: z.core.$ZodIssue,
  file: string | undefined,
  origins: ReadonlyMap<string, string>,
): string[] {
  const path = pathText(issue.path)
  const place = [...origins].find(([key]) => path === key || path.startsWith(`${key}[`))
  const where = place?.[1] ?? `${file === undefined ? '' : `${file}: `}${path}`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = pathText([...issue.path, key])
      return `${file === undefined ? '' : `${file}: `}${full} is no key; ${suggestionFor(issue.path, key)}`
    })
  }
  const found = issue.input === undefined ? 'it is missing' : `not ${shown(issue.input)}`
  return [`${where}: expected ${expectation(issue)}; ${found}`]
}

/** The schema's own words where it has some; the library's for the rest begin with "Invalid". */
function expectation(issue: z.core.$ZodIssue) {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid')) {
    return (
      { object: 'further keys', array: 'a list', string: 'text', boolean: 'true or false' }[
        String(issue.expected)
      ] ?? String(issue.expected)
    )
  }
  return issue.message.replace(/^(Invalid input: )?expected /, '')
}

function shown(value: unknown) {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function pathText(path: readonly PropertyKey[]) {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at ? '.' : ''}${String(key)}`))
    .join('')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
