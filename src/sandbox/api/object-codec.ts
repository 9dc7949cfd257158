/**
 * From what a client sent to an object that may be stored: checks of kind and version, unknown
 * fields, defaults, validation; and which fields a version of an object has.
 */
import type { ResourceDefinition, ResourceVersionDefinition } from '../kinds/resource-definition.ts'
import type { ApiError, KubeObject } from './cluster.ts'
import { type FieldError, badRequest, invalid, invalidValue } from './failures.ts'
import { type JsonObject, isObject, textOf } from './json-values.ts'
import { kindRules } from './kind-rules.ts'
import { keyOf } from './lifecycle.ts'
import { metadataErrors, metadataUpdateErrors } from './object-meta.ts'
import { missingType } from './request-body.ts'
import {
  type Models,
  applyDefaults,
  decodingProblem,
  missingMembers,
  pruneUnknown,
  resolved,
  validateSchema,
} from './schema.ts'
import type { View } from './typed-values.ts'
import type { FieldValidation } from './write-options.ts'

export const apiVersionOf = ({ group }: ResourceDefinition, version: string): string =>
  group ? `${group}/${version}` : version

export function viewOf(
  definition: ResourceDefinition,
  version: ResourceVersionDefinition,
  models: Models,
): View {
  return { schema: version.schema, models, builtin: !definition.custom }
}

const METADATA_FIELDS = new Set([
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
])

function cannotHandle({ kind }: ResourceDefinition, version: string, why: string): ApiError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`)
}

/** Metadata is Go-typed for every kind: strings only in its maps, no nulls, no other members. */
function decodeMetadata(
  definition: ResourceDefinition,
  version: string,
  metadata: JsonObject,
): string[] {
  const unknown: string[] = []
  for (const key of Object.keys(metadata)) {
    if (!METADATA_FIELDS.has(key)) unknown.push(`metadata.${key}`)
    if (!METADATA_FIELDS.has(key) || metadata[key] === null || key === 'selfLink') {
      delete metadata[key]
    }
  }
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field]
    if (!isObject(map)) continue
    for (const [key, value] of Object.entries(map)) {
      if (value === null) map[key] = ''
      else if (typeof value !== 'string') {
        const found =
          typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'array' : typeof value
        throw cannotHandle(
          definition,
          version,
          `json: cannot unmarshal ${found} into Go struct field ObjectMeta.metadata.${field} of type string`,
        )
      }
    }
  }
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences']) {
    const value = metadata[field]
    if (value !== undefined && Object.keys(value as object).length === 0) delete metadata[field]
  }
  return unknown
}

export interface Decoding {
  definition: ResourceDefinition
  version: ResourceVersionDefinition
  models: Models
  fieldValidation: FieldValidation
  /** Duplicate fields found while reading, and where unknown ones are reported. */
  duplicates?: string[]
  warn: (message: string) => void
  /** How Strict refuses; a patch does so in its own words. */
  strictError?: (why: string) => ApiError
}

/**
 * Makes a decoded body an object of the expected kind, in place: prunes, drops nulls, fills in
 * defaults. Throws ApiError 400 and, for a custom resource of a wrong kind, 422.
 */
export function decodeObject(body: JsonObject, decoding: Decoding): KubeObject {
  const { definition, version, models } = decoding
  const apiVersion = apiVersionOf(definition, version.name)
  if (definition.custom) {
    if (!body['kind']) throw missingType(definition.kind, 'Kind', body)
    if (!body['apiVersion']) throw missingType(definition.kind, 'apiVersion', body)
  }
  const given = textOf(body['apiVersion'] ?? apiVersion)
  if (given !== apiVersion) {
    throw badRequest(
      `the API version in the data (${given}) does not match the expected API version (${apiVersion})`,
    )
  }
  const kind = textOf(body['kind'] ?? definition.kind)
  if (!isObject(body['metadata'])) body['metadata'] = {}
  const metadata = body['metadata'] as JsonObject
  if (kind !== definition.kind) {
    if (!definition.custom) {
      throw badRequest(
        `${kind} in version "${version.name}" cannot be handled as a ${definition.kind}: no kind "${kind}" is registered`,
      )
    }
    throw invalid({ group: definition.group, kind, name: textOf(metadata['name']) }, [
      invalidValue('kind', kind, `must be ${definition.kind}`),
    ])
  }

  const object = body as KubeObject
  const unknown = decodeMetadata(definition, version.name, metadata)
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object
  unknown.push(...pruneUnknown(content, withoutMetadata(version.schema, models), models).toSorted())
  for (const key of Object.keys(object))
    if (!(key in content) && !isTypeField(key)) delete object[key]
  Object.assign(object, content)
  report(decoding, unknown)
  if (!definition.custom) {
    const problem =
      decodingProblem(content, version.schema, models, definition.kind) ??
      kindRules[keyOf(definition)]?.decode?.(object)
    if (problem) throw cannotHandle(definition, version.name, problem)
  }
  applyDefaults(object, withoutMetadata(version.schema, models), models)
  object.kind = kind
  object.apiVersion = apiVersion
  return object
}

const isTypeField = (key: string) => key === 'apiVersion' || key === 'kind' || key === 'metadata'

const bare = new WeakMap<object, ResourceVersionDefinition['schema']>()

/** Defaults of metadata, kind and apiVersion are no schema's business. */
function withoutMetadata(given: ResourceVersionDefinition['schema'], models: Models) {
  const schema = resolved(given, models)
  if (!schema?.properties) return schema
  let found = bare.get(schema)
  if (!found) {
    const {
      metadata: _metadata,
      kind: _kind,
      apiVersion: _apiVersion,
      ...properties
    } = schema.properties
    const required = (schema.required ?? []).filter((key) => !isTypeField(key))
    found = { ...schema, properties, required }
    bare.set(schema, found)
  }
  return found
}

function report(decoding: Decoding, unknown: string[]): void {
  const { definition, version, fieldValidation, duplicates = [], warn, strictError } = decoding
  const findings = [
    ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ]
  if (!findings.length || fieldValidation === 'Ignore') return
  if (fieldValidation === 'Warn') {
    for (const finding of findings) warn(finding)
    return
  }
  const why = `strict decoding error: ${findings.join(', ')}`
  throw strictError?.(why) ?? cannotHandle(definition, version.name, why)
}

/** Prunes and fills in again after hooks have changed an object. */
export function normalizeObject(
  object: KubeObject,
  version: ResourceVersionDefinition,
  models: Models,
): void {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object
  pruneUnknown(content, withoutMetadata(version.schema, models), models)
  for (const key of Object.keys(object))
    if (!(key in content) && !isTypeField(key)) delete object[key]
  applyDefaults(object, withoutMetadata(version.schema, models), models)
}

/** Errors that keep the CRD validator from looking at rules in CEL, which it then says. */
const BLOCKING = new Set<FieldError['reason']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])
const UNCHECKED: FieldError = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

/** The largest object that etcd takes. */
const ETCD_LIMIT_BYTES = 1_048_576

/** Throws ApiError 422. */
export function validateObject(
  definition: ResourceDefinition,
  version: ResourceVersionDefinition,
  models: Models,
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object
  const schema = withoutMetadata(version.schema, models)
  const about = { group: definition.group, kind: definition.kind, name: object.metadata.name }
  const errors = [
    ...metadataErrors(definition, object),
    ...(old ? metadataUpdateErrors(object, old) : []),
    // The registry of custom resources checks this twice, and lists the causes twice.
    ...(old && definition.custom ? metadataUpdateErrors(object, old) : []),
  ]
  if (definition.custom) {
    errors.push(...validateSchema(content, schema, models))
    if (errors.some(({ reason }) => BLOCKING.has(reason))) errors.push(UNCHECKED)
  } else {
    const own = kindRules[keyOf(definition)]?.validate?.(object, old) ?? []
    errors.push(...own)
    for (const missing of missingMembers(content, schema, models)) {
      const told = own.some(({ field }) => field === missing.field)
      // Status is the server's to write, and its schema's requirements are no client's fault.
      if (!told && !missing.field.startsWith('status')) errors.push(missing)
    }
    const data = object['data']
    if (isObject(data) && JSON.stringify(data).length > ETCD_LIMIT_BYTES) {
      errors.push({
        field: '[]',
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${ETCD_LIMIT_BYTES} bytes`,
      })
    }
  }
  if (errors.length) throw invalid(about, errors)
}
