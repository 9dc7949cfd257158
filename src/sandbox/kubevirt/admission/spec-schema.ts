/**
 * The schema check that KubeVirt's webhooks make before all else, with go-openapi's texts. Its
 * causes have no field.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/util/openapi/openapi.go
 * https://github.com/go-openapi/errors/blob/v0.22.0/schema.go
 */
import type { StatusCause } from '../../api/cluster.ts'
import type { Schema } from '../../kinds/resource-definition.ts'

/** Checks `spec` of an object; unknown members have been pruned before a webhook sees it. */
export function schemaCauses(object: object, schema: Schema | undefined): StatusCause[] {
  const spec = (object as Record<string, unknown>)['spec']
  const problems = spec === undefined ? ['spec in body is required'] : []
  const specSchema = schema?.properties?.['spec']
  if (specSchema) problems.push(...findProblems(spec ?? null, specSchema, 'spec'))
  return problems.map((message) => ({ message }) as StatusCause)
}

function findProblems(value: unknown, schema: Schema, path: string): string[] {
  const type = schema.type
  if (value === null) {
    return schema.nullable || !type ? [] : [`${path} in body must be of type ${type}: "null"`]
  }
  const actual = Array.isArray(value) ? 'array' : typeof value
  // Go decodes every number alike and accepts whole ones as integers.
  const isWhole = type === 'integer' && Number.isInteger(value)
  if (type && actual !== type && !isWhole) {
    return [`${path} in body must be of type ${type}: "${actual}"`]
  }
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? value.flatMap((item, i) => findProblems(item, items, `${path}.${i}`)) : []
  }
  return typeof value === 'object' ? findMemberProblems(value, schema, path) : []
}

function findMemberProblems(value: object, schema: Schema, path: string): string[] {
  const problems = Object.entries(value).flatMap(([name, member]) => {
    const memberSchema = schema.properties?.[name]
    return memberSchema ? findProblems(member, memberSchema, `${path}.${name}`) : []
  })
  const missing = (schema.required ?? []).filter((name) => !(name in value))
  return [...problems, ...missing.map((name) => `${path}.${name} in body is required`)]
}
