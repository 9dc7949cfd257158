/** The pieces of hand-written schemas. */

export const string = { type: 'string' }
export const integer = { type: 'integer' }
export const boolean = { type: 'boolean' }
export const time = { type: 'string', format: 'date-time' }
export const nullableTime = { ...time, nullable: true }
export const quantity = { 'x-kubernetes-int-or-string': true }
export const intOrString = { 'x-kubernetes-int-or-string': true }
export const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

export function list(items) {
  return { type: 'array', items }
}

export function mapOf(additionalProperties) {
  return { type: 'object', additionalProperties }
}

export function oneOf(...values) {
  return { type: 'string', enum: values }
}

export function object(properties, required) {
  return { type: 'object', properties, ...(required && { required }) }
}

export function described(description, schema) {
  return { ...schema, description }
}

/** A list whose entries server-side apply tells apart by these members. */
export function keyedBy(...keys) {
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys }
}

export const setOf = { 'x-kubernetes-list-type': 'set' }

export function resource(description, members, required = ['spec']) {
  const meta = { apiVersion: string, kind: string, metadata: { type: 'object' } }
  return described(description, object({ ...meta, ...members }, required))
}
