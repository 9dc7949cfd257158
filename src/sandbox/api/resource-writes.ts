/**
 * Create, update, patch, apply and delete of stored resources, as a client asks for them.
 * https://github.com/kubernetes/apiserver/tree/v0.35.0/pkg/endpoints/handlers
 */
import type { IncomingMessage } from 'node:http'

import type { ResourceDefinition, ResourceVersionDefinition } from '../kinds/resource-definition.ts'
import {
  type AdmissionHook,
  type AdmissionRequest,
  ApiError,
  type KubeObject,
  type ObjectMeta,
  type ResourceKey,
  type User,
} from './cluster.ts'
import {
  badRequest,
  conflict,
  invalid,
  invalidValue,
  modifiedMeanwhile,
  notFound,
  plainFailure,
  unsupportedMediaType,
} from './failures.ts'
import { readJson } from './go-json.ts'
import { type JsonObject, copyOf, deepEqual, isObject, textOf } from './json-values.ts'
import { kindRules } from './kind-rules.ts'
import { type Lifecycle, checkNamespace, keyOf, timestamp } from './lifecycle.ts'
import { type Writer, applyConfiguration, managedAfterUpdate } from './managed-fields.ts'
import {
  apiVersionOf,
  decodeObject,
  normalizeObject,
  validateObject,
  viewOf,
} from './object-codec.ts'
import { finalizerWarnings } from './object-meta.ts'
import { type ObjectStore, rowKey } from './object-store.ts'
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts'
import { mediaTypeOf, readBody, readObject, readOptionalObject, readYaml } from './request-body.ts'
import type { Models } from './schema.ts'
import { undeclaredField } from './typed-values.ts'
import {
  type DeleteSettings,
  type WriteSettings,
  deleteSettings,
  writeSettings,
} from './write-options.ts'

/** One request for a stored resource, after authorization. */
export interface ResourceCall {
  request: IncomingMessage
  definition: ResourceDefinition
  version: ResourceVersionDefinition
  namespace: string | undefined
  name: string
  subresource: string | undefined
  query: URLSearchParams
  user: User
  warn(message: string): void
}

export interface WriteContext {
  objects: ObjectStore
  lifecycle: Lifecycle
  models: Models
  now: () => Date
  hooks: (key: ResourceKey) => readonly AdmissionHook[]
}

export interface Written {
  code: number
  object: KubeObject
}

const about = ({ definition: { group, plural }, name }: ResourceCall) => ({
  group,
  kind: plural,
  name,
})

export function findObject({ objects }: WriteContext, call: ResourceCall): KubeObject {
  const found = objects.table(keyOf(call.definition)).objects.get(rowKey(call.namespace, call.name))
  if (!found) throw notFound(about(call))
  return found
}

/** Paths that this endpoint does not own in managedFields. */
function ignoredPaths({ definition, subresource }: ResourceCall): string[] {
  if (subresource === 'status') return ['f:spec']
  return definition.statusSubresource ? ['f:status'] : []
}

function writerOf(call: ResourceCall, { fieldManager }: WriteSettings, now: Date): Writer {
  return {
    manager: fieldManager,
    apiVersion: apiVersionOf(call.definition, call.version.name),
    subresource: call.subresource,
    time: timestamp(now),
    ignored: ignoredPaths(call),
  }
}

function runHooks(
  context: WriteContext,
  call: ResourceCall,
  phase: 'mutate' | 'validate',
  operation: AdmissionRequest['operation'],
  object: KubeObject,
  old: KubeObject | undefined,
  dryRun: boolean,
): boolean {
  const key = keyOf(call.definition)
  let ran = false
  for (const hook of context.hooks(key)) {
    const step = hook[phase]
    if (!step) continue
    ran = true
    step.call(hook, {
      key,
      operation,
      subresource: call.subresource,
      namespace: call.namespace,
      name: call.name || object.metadata.name,
      user: call.user,
      dryRun,
      object,
      old,
      warn: (message) => call.warn(message),
    })
  }
  return ran
}

/** The object in the terms of the version that the client speaks. */
function inVersion(
  object: KubeObject,
  { definition, version }: Pick<ResourceCall, 'definition' | 'version'>,
): KubeObject {
  const apiVersion = apiVersionOf(definition, version.name)
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}

// ---- create ------------------------------------------------------------------------------------

/** Metadata that a client may set on a new object. */
function submittedMetadata(metadata: Partial<ObjectMeta>, namespace: string | undefined) {
  const { name, generateName, labels, annotations, finalizers, ownerReferences, managedFields } =
    metadata
  return Object.fromEntries(
    Object.entries({
      name,
      generateName,
      namespace,
      labels,
      annotations,
      ownerReferences,
      finalizers,
      managedFields,
    }).filter(([, value]) => value !== undefined),
  ) as Partial<ObjectMeta>
}

function checkNames(call: ResourceCall, { metadata }: KubeObject): void {
  if (call.namespace !== undefined && metadata.namespace && metadata.namespace !== call.namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  }
  if (!call.name) return
  if (!metadata.name) {
    throw badRequest(
      `the name of the object (${call.name} based on URL) was undeterminable: name must be provided`,
    )
  }
  if (metadata.name !== call.name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${call.name})`,
    )
  }
}

/** The object in the request's body, decoded as its kind and field validation ask. */
async function submittedObject(
  context: WriteContext,
  call: ResourceCall,
  { fieldValidation }: ReturnType<typeof writeSettings>,
) {
  const { definition, version, request } = call
  const { value, duplicates } = await readObject(request, definition.kind)
  return decodeObject(value as JsonObject, {
    definition,
    version,
    models: context.models,
    fieldValidation,
    duplicates,
    warn: (message) => call.warn(message),
  })
}

export async function createObject(context: WriteContext, call: ResourceCall): Promise<Written> {
  const settings = writeSettings('CreateOptions', call.query, call.request)
  const object = await submittedObject(context, call, settings)
  checkNames({ ...call, name: '' }, object)
  return { code: 201, object: admitNew(context, call, object, settings) }
}

function admitNew(
  context: WriteContext,
  call: ResourceCall,
  object: KubeObject,
  settings: WriteSettings,
  applied = false,
): KubeObject {
  const { definition, version, namespace } = call
  const { models, objects, lifecycle } = context
  const { resourceVersion } = object.metadata
  object.metadata = submittedMetadata(object.metadata, namespace) as ObjectMeta
  if (definition.statusSubresource) delete object['status']
  if (namespace !== undefined) {
    const refusal = checkNamespace(objects, definition, namespace, object.metadata.name)
    if (refusal) throw refusal
  }
  prepareForStatus(definition, object)
  if (!applied) {
    const view = viewOf(definition, version, models)
    const writer = writerOf(call, settings, context.now())
    object.metadata.managedFields = managedAfterUpdate(undefined, object, view, writer)
  }
  const changed = runHooks(context, call, 'mutate', 'CREATE', object, undefined, settings.dryRun)
  if (changed) normalizeObject(object, version, models)
  validateObject(definition, version, models, named(object), undefined)
  for (const warning of finalizerWarnings(object)) call.warn(warning)
  runHooks(context, call, 'validate', 'CREATE', object, undefined, settings.dryRun)
  if (resourceVersion) {
    throw plainFailure('resourceVersion should not be set on objects to be created')
  }
  const created = lifecycle.create(definition, object, { dryRun: settings.dryRun })
  return created
}

/** What the registry of a built-in kind fills in belongs to its first writer, except for status. */
function prepareForStatus(definition: ResourceDefinition, object: KubeObject): void {
  if (definition.custom) return
  kindRules[keyOf(definition)]?.prepare?.(object)
}

/** For validation, a name that is yet to be generated. */
function named(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata
  if (name || !generateName) return object
  return { ...object, metadata: { ...object.metadata, name: `${generateName}xxxxx` } }
}

// ---- update ------------------------------------------------------------------------------------

function checkVersion(
  call: ResourceCall,
  old: KubeObject,
  next: KubeObject,
  isPatch: boolean,
): void {
  const { resourceVersion, uid } = next.metadata
  if (resourceVersion && !/^\d+$/.test(resourceVersion)) {
    throw plainFailure(
      `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    )
  }
  if (!resourceVersion || Number(resourceVersion) === 0) {
    if (call.definition.custom) {
      throw invalid(about(call), [
        invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
      ])
    }
  } else if (resourceVersion !== old.metadata.resourceVersion) throw modifiedMeanwhile(about(call))
  if (!isPatch && uid && uid !== old.metadata.uid) {
    const { group, plural } = call.definition
    const key = ['/registry', group, plural, call.namespace, call.name].filter(Boolean).join('/')
    throw conflict(
      about(call),
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  }
}

/** The fields that a client cannot change, put back in place. */
function restoreMetadata(old: KubeObject, next: KubeObject): void {
  const { metadata } = next
  metadata.creationTimestamp = old.metadata.creationTimestamp
  metadata.resourceVersion = old.metadata.resourceVersion
  metadata.uid ||= old.metadata.uid
  metadata.name = old.metadata.name
  for (const field of [
    'generation',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'namespace',
    'generateName',
  ] as const) {
    const value = old.metadata[field]
    if (value === undefined) delete metadata[field]
    else Object.assign(metadata, { [field]: value })
  }
}

/** The status of one and everything else of the other, by endpoint. */
function mergedForEndpoint(call: ResourceCall, old: KubeObject, next: KubeObject): KubeObject {
  const { managedFields } = next.metadata
  if (call.subresource === 'status') {
    const { status: _status, ...rest } = old
    const { managedFields: _managed, ...metadata } = old.metadata
    return {
      ...rest,
      metadata: { ...metadata, ...(managedFields ? { managedFields } : {}) },
      ...(next['status'] === undefined ? {} : { status: next['status'] }),
    }
  }
  if (call.subresource === 'finalize') {
    return { ...old, metadata: { ...old.metadata }, spec: next['spec'] }
  }
  if (!call.definition.statusSubresource) return next
  const { status: _status, ...rest } = next
  return {
    ...rest,
    ...(old['status'] === undefined ? {} : { status: old['status'] }),
  } as KubeObject
}

function admitUpdate(
  context: WriteContext,
  call: ResourceCall,
  old: KubeObject,
  submitted: KubeObject,
  settings: WriteSettings,
  { applied = false, isPatch = false } = {},
): KubeObject {
  const { definition, version } = call
  const { models, lifecycle } = context
  checkNames(call, submitted)
  const uid = submitted.metadata.uid
  if (applied) submitted.metadata.resourceVersion ??= old.metadata.resourceVersion
  checkVersion(call, old, submitted, isPatch)
  restoreMetadata(old, submitted)
  if (uid) submitted.metadata.uid = uid
  kindRules[keyOf(definition)]?.carryOver?.(submitted, old)
  if (!applied) {
    const managed = managedAfterUpdate(
      old,
      submitted,
      viewOf(definition, version, models),
      writerOf(call, settings, context.now()),
    )
    if (managed.length) submitted.metadata.managedFields = managed
    else delete submitted.metadata.managedFields
  }
  const next = mergedForEndpoint(call, old, submitted)
  const changed = runHooks(context, call, 'mutate', 'UPDATE', next, old, settings.dryRun)
  if (changed) normalizeObject(next, version, models)
  validateObject(definition, version, models, next, old)
  for (const warning of finalizerWarnings(next, old)) call.warn(warning)
  runHooks(context, call, 'validate', 'UPDATE', next, old, settings.dryRun)
  if (sameButTimes(next, old)) return old
  return lifecycle.replace(definition, old, next, { dryRun: settings.dryRun })
}

/** A write that changes nothing but the times of managedFields is none. */
function sameButTimes(next: KubeObject, old: KubeObject): boolean {
  const untimed = ({ apiVersion: _apiVersion, ...object }: KubeObject) => ({
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: (object.metadata.managedFields ?? []).map((entry) => ({
        ...(entry as object),
        time: undefined,
      })),
    },
  })
  return deepEqual(untimed(next), untimed(old))
}

export async function updateObject(context: WriteContext, call: ResourceCall): Promise<Written> {
  const settings = writeSettings('UpdateOptions', call.query, call.request)
  const object = await submittedObject(context, call, settings)
  checkNames(call, object)
  const old = findObject(context, call)
  return { code: 200, object: admitUpdate(context, call, old, object, settings) }
}

// ---- patch -------------------------------------------------------------------------------------

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

function patchTypes({ custom }: ResourceDefinition): string[] {
  return custom
    ? [JSON_PATCH, MERGE_PATCH, APPLY_PATCH]
    : [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH]
}

function readPatch(text: string): unknown {
  try {
    return readJson(text).value
  } catch (error) {
    throw badRequest(
      `error decoding patch: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

export async function patchObject(context: WriteContext, call: ResourceCall): Promise<Written> {
  const { definition, version, query, request } = call
  const type = mediaTypeOf(request)
  if (!patchTypes(definition).includes(type)) {
    if (definition.custom) throw unsupportedMediaType(patchTypes(definition))
    throw new ApiError(415, '415: Unsupported Media Type', {
      reason: 'UnsupportedMediaType',
      details: {},
    })
  }
  const settings = writeSettings('PatchOptions', query, request, type === APPLY_PATCH)
  const text = await readBody(request)
  if (type === APPLY_PATCH) return applyObject(context, call, text, settings)
  const patch = readPatch(text)
  const old = findObject(context, call)
  const before = inVersion(old, call) as unknown as JsonObject
  const patched =
    type === JSON_PATCH
      ? jsonPatch(before, patch)
      : type === MERGE_PATCH
        ? mergePatch(before, patch)
        : strategicMergePatch(before, patch, viewOf(definition, version, context.models))
  const shown = JSON.stringify(patched)
  const object = decodeObject(patched, {
    definition,
    version,
    models: context.models,
    fieldValidation: settings.fieldValidation,
    warn: (message) => call.warn(message),
    strictError: (why) =>
      new ApiError(422, ` "" is invalid: patch: Invalid value: ${JSON.stringify(shown)}: ${why}`, {
        reason: 'Invalid',
        details: {
          causes: [
            {
              reason: 'FieldValueInvalid',
              message: `Invalid value: ${JSON.stringify(shown)}: ${why}`,
              field: 'patch',
            },
          ],
        },
      }),
  })
  const next = admitUpdate(context, call, old, object, settings, { isPatch: true })
  return { code: 200, object: next }
}

function readConfiguration(call: ResourceCall, text: string): JsonObject {
  const { definition, version } = call
  const { value } = readYaml(text, 'error decoding YAML: ')
  if (!isObject(value))
    throw badRequest('error decoding YAML: json: cannot unmarshal into an object')
  const group = (given: unknown) => {
    const [first = '', second] = textOf(given).split('/')
    return second === undefined ? `/${first}` : `${first}/${second}`
  }
  const apiVersion = apiVersionOf(definition, version.name)
  if (value['apiVersion'] !== apiVersion || value['kind'] !== definition.kind) {
    throw badRequest(
      `invalid object type: ${group(value['apiVersion'])}, Kind=${textOf(value['kind'])}`,
    )
  }
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  if (metadata['managedFields'] !== undefined) {
    throw badRequest('metadata.managedFields must be nil')
  }
  return value
}

function applyObject(
  context: WriteContext,
  call: ResourceCall,
  text: string,
  settings: WriteSettings,
): Written {
  const { definition, version, namespace, name } = call
  const { models, objects } = context
  const config = readConfiguration(call, text)
  const metadata = (isObject(config['metadata']) ? config['metadata'] : {}) as Partial<ObjectMeta>
  config['metadata'] = metadata
  metadata.name ??= name
  if (namespace !== undefined) metadata.namespace ??= namespace
  checkNames(call, config as KubeObject)
  const view = viewOf(definition, version, models)
  const unknown = undeclaredField(config, view)
  if (unknown) {
    const { group } = definition
    const type = `${group}${group ? '/' : '/'}${version.name}, Kind=${definition.kind}`
    throw plainFailure(
      `failed to create typed patch object (${namespace === undefined || !metadata.namespace ? '' : call.definition.custom ? '' : metadata.namespace}/${name}; ${type}): ${unknown}: field not declared in schema`,
    )
  }
  const live = objects.table(keyOf(definition)).objects.get(rowKey(namespace, name))
  const asked = metadata.resourceVersion
  if (live && asked && asked !== live.metadata.resourceVersion) throw modifiedMeanwhile(about(call))
  const merged = copyOf(
    applyConfiguration(
      live && (inVersion(live, call) as unknown as JsonObject),
      config,
      view,
      writerOf(call, settings, context.now()),
      settings.force,
    ),
  )
  const object = decodeObject(merged, {
    definition,
    version,
    models,
    fieldValidation: settings.fieldValidation,
    warn: (message) => call.warn(message),
  })
  if (!live) {
    return { code: 201, object: admitNew(context, call, object, settings, true) }
  }
  const next = admitUpdate(context, call, live, object, settings, { applied: true, isPatch: true })
  return { code: 200, object: next }
}

// ---- delete ------------------------------------------------------------------------------------

function checkPreconditions(
  { definition: { group, kind }, name }: ResourceCall,
  { preconditions: { uid, resourceVersion } }: DeleteSettings,
  { metadata }: KubeObject,
): void {
  const target = { group, kind, name }
  if (uid && uid !== metadata.uid) {
    throw conflict(
      target,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    )
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      target,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
  }
}

function deleteOne(
  context: WriteContext,
  call: ResourceCall,
  settings: DeleteSettings,
  old: KubeObject,
): { object: KubeObject; gone: boolean } {
  checkPreconditions(call, settings, old)
  runHooks(context, call, 'mutate', 'DELETE', old, old, settings.dryRun)
  runHooks(context, call, 'validate', 'DELETE', old, old, settings.dryRun)
  return context.lifecycle.remove(call.definition, old, settings)
}

/** The Status of a deletion, or the object where it stays for a while. */
export async function deleteObject(
  context: WriteContext,
  call: ResourceCall,
): Promise<KubeObject | JsonObject> {
  const settings = deleteSettings(await readOptionalObject(call.request), call.query)
  const old = findObject(context, call)
  const { object, gone } = deleteOne(context, call, settings, old)
  if (!gone || keyOf(call.definition) === '/pods') return object
  const { group, plural } = call.definition
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: call.name,
      ...(group ? { group } : {}),
      kind: plural,
      uid: old.metadata.uid,
    },
  }
}

/** Deletes each of the objects; those that are gone meanwhile do not matter. */
export async function deleteObjects(
  context: WriteContext,
  call: ResourceCall,
  list: readonly KubeObject[],
): Promise<void> {
  const settings = deleteSettings(await readOptionalObject(call.request), call.query)
  for (const object of list) {
    const { namespace, name } = object.metadata
    const latest = context.objects
      .table(keyOf(call.definition))
      .objects.get(rowKey(namespace, name))
    if (latest) deleteOne(context, { ...call, namespace, name }, settings, latest)
  }
}
