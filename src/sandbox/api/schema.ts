/**
 * What structural schemas do to an object: prune unknown fields, drop stray nulls, fill in defaults,
 * and validate, with the texts of apiextensions-apiserver and of the JSON decoder of built-in kinds.
 * https://github.com/kubernetes/apiextensions-apiserver/tree/v0.35.0/pkg/apiserver/schema
 */
import type { Schema } from '../kinds/resource-definition.ts'
import {
  type FieldError,
  duplicate,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  wrongType,
} from './failures.ts'
import { type JsonObject, copyOf, deepEqual, isObject } from './json-values.ts'

export type Models = Record<string, Schema>

/** A schema with its reference followed. */
export function resolved(schema: Schema | undefined, models: Models): Schema | undefined {
  let current = schema
  for (let hops = 0; current?.$ref !== undefined && hops < 8; hops += 1) {
    current = models[current.$ref.replace('#/components/schemas/', '')]
  }
  return current
}

/** The schema of a member, undefined when the member is unknown. */
export function memberSchema(
  schema: Schema | undefined,
  key: string,
  models: Models,
): Schema | undefined {
  const known = schema?.properties?.[key]
  if (known) return resolved(known, models)
  const rest = schema?.additionalProperties
  if (rest === true) return {}
  return rest ? resolved(rest, models) : undefined
}

const isOpen = (schema: Schema | undefined) =>
  schema === undefined ||
  schema['x-kubernetes-preserve-unknown-fields'] === true ||
  schema.additionalProperties === true ||
  (schema.type !== 'array' &&
    schema.properties === undefined &&
    schema.additionalProperties === undefined)

/**
 * Removes fields that the schema does not declare and nulls that it does not allow.
 * Returns the paths of the unknown fields, in order of appearance.
 */
export function pruneUnknown(value: unknown, schema: Schema | undefined, models: Models): string[] {
  const unknown: string[] = []
  const walk = (current: unknown, given: Schema | undefined, path: string): void => {
    const at = resolved(given, models)
    if (Array.isArray(current)) {
      const items = resolved(at?.items, models)
      current.forEach((item, index) => walk(item, items, `${path}[${index}]`))
      return
    }
    if (!isObject(current)) return
    for (const key of Object.keys(current)) {
      const member = memberSchema(at, key, models)
      const here = path ? `${path}.${key}` : key
      if (member === undefined && !isOpen(at)) {
        unknown.push(here)
        delete current[key]
      } else if (current[key] === null && member && member.nullable !== true) {
        if (member.default === undefined) delete current[key]
        else current[key] = copyOf(member.default)
      } else walk(current[key], member, here)
    }
  }
  // A list's schema may lack `items` where an object was sent; its members are unknown then.
  walk(value, schema, '')
  return unknown
}

const defaultsBelow = new WeakMap<Schema, boolean>()

/** Whether a schema has defaults anywhere; most large parts of most schemas have none. */
function hasDefaults(schema: Schema, models: Models): boolean {
  const known = defaultsBelow.get(schema)
  if (known !== undefined) return known
  // Schemas that contain themselves are being looked through already.
  defaultsBelow.set(schema, false)
  const at = resolved(schema, models) ?? schema
  const members = [...Object.values(at.properties ?? {}), at.items, at.additionalProperties]
  const found = members.some(
    (member) =>
      isObject(member) && (member['default'] !== undefined || hasDefaults(member, models)),
  )
  defaultsBelow.set(schema, found)
  return found
}

/** Fills in the defaults of absent members, also below members that are there. */
export function applyDefaults(value: unknown, schema: Schema | undefined, models: Models): void {
  const at = resolved(schema, models)
  if (!at || !hasDefaults(at, models)) return
  if (Array.isArray(value)) {
    if (at.items) for (const item of value) applyDefaults(item, at.items, models)
    return
  }
  if (!isObject(value)) return
  for (const [key, given] of Object.entries(at.properties ?? {})) {
    const member = resolved(given, models)
    const fallback = given.default ?? member?.default
    if (value[key] === undefined && fallback !== undefined) value[key] = copyOf(fallback)
    if (value[key] !== undefined) applyDefaults(value[key], member, models)
  }
  if (isObject(at.additionalProperties)) {
    for (const key of Object.keys(value)) {
      if (!at.properties?.[key]) applyDefaults(value[key], at.additionalProperties, models)
    }
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function hasType(value: unknown, schema: Schema): boolean {
  if (schema['x-kubernetes-int-or-string']) {
    return typeof value === 'string' || Number.isInteger(value)
  }
  const type = typeName(value)
  return !schema.type || type === schema.type || (schema.type === 'number' && type === 'integer')
}

/** Findings about a custom resource, in the words of the CRD validator. */
export function validateSchema(
  value: unknown,
  schema: Schema | undefined,
  models: Models,
): FieldError[] {
  const errors: FieldError[] = []

  function string(text: string, at: Schema, path: string): void {
    const { maxLength, minLength, pattern } = at
    if (maxLength !== undefined && text.length > maxLength) errors.push(tooLong(path, maxLength))
    if (minLength !== undefined && text.length < minLength) {
      errors.push(
        invalidValue(path, text, `${path} in body should be at least ${minLength} chars long`),
      )
    }
    if (pattern !== undefined && !new RegExp(pattern).test(text)) {
      errors.push(invalidValue(path, text, `${path} in body should match '${pattern}'`))
    }
  }

  function number(count: number, at: Schema, path: string): void {
    if (at.maximum !== undefined && count > at.maximum) {
      errors.push(
        invalidValue(path, count, `${path} in body should be less than or equal to ${at.maximum}`),
      )
    }
    if (at.minimum !== undefined && count < at.minimum) {
      errors.push(
        invalidValue(
          path,
          count,
          `${path} in body should be greater than or equal to ${at.minimum}`,
        ),
      )
    }
  }

  function array(list: unknown[], at: Schema, path: string): void {
    list.forEach((item, index) => walk(item, at.items, `${path}[${index}]`))
    if (at.maxItems !== undefined && list.length > at.maxItems) {
      errors.push(tooMany(path, list.length, at.maxItems))
    }
    const keys = at['x-kubernetes-list-map-keys']
    if (at['x-kubernetes-list-type'] === 'set' || keys) {
      const identity = (item: unknown) =>
        keys && isObject(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item
      list.forEach((item, index) => {
        if (list.slice(0, index).some((other) => deepEqual(identity(other), identity(item)))) {
          errors.push(duplicate(`${path}[${index}]`, identity(item)))
        }
      })
    }
  }

  function object(members: JsonObject, at: Schema, path: string): void {
    for (const key of at.required ?? []) {
      if (members[key] === undefined) errors.push(required(path ? `${path}.${key}` : key))
    }
    for (const [key, member] of Object.entries(members)) {
      const found = memberSchema(at, key, models)
      if (found) walk(member, found, path ? `${path}.${key}` : key)
    }
  }

  function walk(current: unknown, given: Schema | undefined, path: string): void {
    const at = resolved(given, models)
    if (!at || (current === null && at.nullable)) return
    if (!hasType(current, at)) {
      // The validator names the value by its type, and integers by none of their own.
      const found = typeName(current)
      const wanted = at.type ?? 'integer,string'
      errors.push(wrongType(path, found, `${path} in body must be of type ${wanted}: "${found}"`))
      return
    }
    if (at.enum && !at.enum.some((allowed) => deepEqual(allowed, current))) {
      errors.push(notSupported(path, current, at.enum))
    }
    if (typeof current === 'string') string(current, at, path)
    else if (typeof current === 'number') number(current, at, path)
    else if (Array.isArray(current)) array(current, at, path)
    else if (isObject(current)) object(current, at, path)
  }

  walk(value, schema, '')
  return errors
}

const GO_TYPES: Record<string, string> = {
  boolean: 'bool',
  integer: 'int32',
  number: 'float64',
  string: 'string',
}

/**
 * The first value of a built-in object that Go's JSON decoder would refuse, in its words, e.g.
 * `json: cannot unmarshal number into Go struct field ConfigMap.data of type string`.
 */
export function decodingProblem(
  value: unknown,
  schema: Schema | undefined,
  models: Models,
  kind: string,
): string | undefined {
  const walk = (current: unknown, given: Schema | undefined, path: string): string | undefined => {
    const at = resolved(given, models)
    if (!at || current === null) return undefined
    if (!hasType(current, at)) {
      const found = typeof current === 'object' ? typeName(current) : typeof current
      const word = found === 'boolean' ? 'bool' : found
      const wanted = GO_TYPES[at.type ?? ''] ?? at.type ?? 'string'
      return `json: cannot unmarshal ${word} into Go struct field ${kind}${path} of type ${wanted}`
    }
    if (Array.isArray(current)) {
      for (const item of current) {
        const problem = walk(item, at.items, path)
        if (problem) return problem
      }
    } else if (isObject(current)) {
      for (const [key, member] of Object.entries(current)) {
        const here = at.properties?.[key] ? `${path}.${key}` : path
        const problem = walk(member, memberSchema(at, key, models), here)
        if (problem) return problem
      }
    }
    return undefined
  }
  return walk(value, schema, '')
}

/** Required members of built-in kinds, which their validation code checks one by one. */
export function missingMembers(
  value: unknown,
  schema: Schema | undefined,
  models: Models,
): FieldError[] {
  return validateSchema(value, schema, models).filter(
    ({ reason }) => reason === 'FieldValueRequired',
  )
}
