/** The {@link Store} that controllers and the seed use: trusted, synchronous, no HTTP. */
import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import {
  ApiError,
  type KubeObject,
  type NewObject,
  type ObjectMeta,
  type ResourceEvent,
  type ResourceKey,
  type Store,
} from './cluster.ts'
import { type JsonObject, copyOf, deepEqual, shareParts } from './json-values.ts'
import { type Lifecycle, keyOf, timestamp } from './lifecycle.ts'
import { managedAfterUpdate } from './managed-fields.ts'
import { viewOf } from './object-codec.ts'
import { type ObjectStore, type StoredEvent, rangeOf, rowKey } from './object-store.ts'
import { type Models, applyDefaults } from './schema.ts'

/** Who writes an object of a group when a controller does. */
function managerOf({ group }: ResourceDefinition): string {
  if (group.endsWith('kubevirt.io'))
    return group.startsWith('cdi.') ? 'cdi-controller' : 'virt-controller'
  return 'kube-controller-manager'
}

function withManaged(metadata: ObjectMeta, managedFields: unknown[] | undefined): ObjectMeta {
  const { managedFields: _before, ...rest } = metadata
  return managedFields ? { ...rest, managedFields } : rest
}

function setManaged(object: KubeObject, managedFields: unknown[] | undefined): void {
  if (managedFields) object.metadata.managedFields = managedFields
}

/** A copy to be changed; nobody who does so touches managedFields, a third of an object. */
function draftOf({ metadata, ...content }: KubeObject): KubeObject {
  const { managedFields, ...identity } = metadata
  const draft = copyOf({ ...content, metadata: identity }) as KubeObject
  setManaged(draft, managedFields)
  return draft
}

function sameButStatus(before: KubeObject, after: KubeObject): boolean {
  const { status: _was, ...old } = before
  const { status: _is, ...next } = after
  return deepEqual(old, next)
}

/** As client-go words a request for a kind that no server knows. */
function unserved({ group, plural }: ResourceDefinition): ApiError {
  return new ApiError(
    404,
    `the server could not find the requested resource (post ${plural}.${group})`,
    { reason: 'NotFound' },
  )
}

export function createClusterStore(
  objects: ObjectStore,
  lifecycle: Lifecycle,
  definitions: ReadonlyMap<ResourceKey, ResourceDefinition>,
  models: Models,
  now: () => Date,
  isServed: (definition: ResourceDefinition) => boolean,
): Store {
  function definitionOf(key: ResourceKey): ResourceDefinition {
    const found = definitions.get(key)
    if (!found) throw new Error(`the sandbox serves no resource ${key}`)
    return found
  }

  function storageVersion(definition: ResourceDefinition) {
    const version = definition.versions.find(({ storage }) => storage) ?? definition.versions[0]
    if (!version) throw new Error(`${definition.kind} has no version`)
    return version
  }

  /** managedFields of a controller's change: status and the rest are separate entries, as in life. */
  function managed(
    definition: ResourceDefinition,
    before: KubeObject | undefined,
    after: KubeObject,
  ) {
    const version = storageVersion(definition)
    const view = viewOf(definition, version, models)
    const writer = {
      manager: managerOf(definition),
      apiVersion: after.apiVersion,
      time: timestamp(now()),
      subresource: undefined,
      ignored: definition.statusSubresource ? ['f:status'] : [],
    }
    let entries = after.metadata.managedFields
    if (!before || !definition.statusSubresource || !sameButStatus(before, after)) {
      entries = managedAfterUpdate(before as JsonObject | undefined, after, view, writer)
    }
    const statusIsSame = deepEqual(before?.['status'], after['status'])
    if (!definition.statusSubresource || statusIsSame) return entries
    const withMain = { ...after, metadata: withManaged(after.metadata, entries) }
    const start = before && { ...before, metadata: withManaged(before.metadata, entries) }
    return managedAfterUpdate(start, withMain, view, {
      ...writer,
      subresource: 'status',
      ignored: ['f:spec', 'f:metadata', 'f:data'],
    })
  }

  /** A copy with defaults; managedFields of a long history, which a seed may bring, are kept. */
  function completed(definition: ResourceDefinition, given: NewObject): KubeObject {
    const object = copyOf(given) as KubeObject
    if (!definition.namespaced) delete object.metadata.namespace
    const { metadata: _metadata, ...content } = object
    applyDefaults(content, storageVersion(definition).schema, models)
    Object.assign(object, content)
    if (!object.metadata.managedFields) setManaged(object, managed(definition, undefined, object))
    return object
  }

  return {
    get: <T extends KubeObject>(key: ResourceKey, namespace: string | undefined, name: string) => {
      const home = definitionOf(key).namespaced ? namespace : undefined
      return objects.table(key).objects.get(rowKey(home, name)) as T | undefined
    },

    list<T extends KubeObject>(key: ResourceKey, namespace?: string) {
      const table = objects.table(key)
      const { from, to } = rangeOf(table.order, namespace)
      const found: T[] = []
      for (let at = from; at < to; at += 1) {
        found.push(table.objects.get(table.order[at] ?? '') as T)
      }
      return found
    },

    create: <T extends KubeObject>(key: ResourceKey, given: NewObject) => {
      const definition = definitionOf(key)
      if (!isServed(definition)) throw unserved(definition)
      return lifecycle.create(definition, completed(definition, given)) as T
    },

    complete<T extends KubeObject>(key: ResourceKey, given: NewObject) {
      const definition = definitionOf(key)
      return lifecycle.create(definition, completed(definition, given), { dryRun: true }) as T
    },

    adopt: (key, object, writeBody) => lifecycle.adopt(definitionOf(key), object, writeBody),

    update<T extends KubeObject>(
      key: ResourceKey,
      namespace: string | undefined,
      name: string,
      change: (draft: T) => void,
    ) {
      const definition = definitionOf(key)
      const home = definition.namespaced ? namespace : undefined
      const old = objects.table(key).objects.get(rowKey(home, name))
      if (!old) return undefined
      const draft = draftOf(old)
      change(draft as T)
      for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const) {
        const value = draft.metadata[field]
        if (value && Object.keys(value).length === 0) delete draft.metadata[field]
      }
      shareParts(old, draft)
      if (deepEqual(old, draft)) return old as T
      setManaged(draft, managed(definition, old, draft))
      return lifecycle.replace(definition, old, draft) as T
    },

    delete(key, namespace, name, options = {}) {
      const definition = definitionOf(key)
      const home = definition.namespaced ? namespace : undefined
      const old = objects.table(key).objects.get(rowKey(home, name))
      if (old) lifecycle.remove(definition, old, options)
    },

    subscribe<T extends KubeObject>(key: ResourceKey, listener: (event: ResourceEvent<T>) => void) {
      const { watchers } = objects.table(keyOf(definitionOf(key)))
      const watcher = (event: StoredEvent) =>
        listener(event as ResourceEvent<KubeObject> as ResourceEvent<T>)
      watchers.add(watcher)
      return () => {
        watchers.delete(watcher)
      }
    },
  }
}
