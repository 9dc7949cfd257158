/**
 * What happens to an object between its first and its last version: identity, generation,
 * finalizers, graceful deletion. Both the HTTP face and the controllers' {@link Store} come here.
 * https://github.com/kubernetes/kubernetes/tree/v1.35.0/staging/src/k8s.io/apiserver/pkg/registry/rest
 */
import { randomBytes, randomUUID } from 'node:crypto'

import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import {
  ApiError,
  type BodyWriter,
  type DeleteOptions,
  type KubeObject,
  type NewObject,
  type ObjectMeta,
  type ResourceKey,
} from './cluster.ts'
import { alreadyExists, forbidden } from './failures.ts'
import { deepEqual } from './json-values.ts'
import { kindRules } from './kind-rules.ts'
import { type ObjectStore, rowKey } from './object-store.ts'

export const keyOf = ({ group, plural }: ResourceDefinition): ResourceKey => `${group}/${plural}`

/** Built-in kinds whose registries count generations; custom resources all do. */
const COUNTED = new Set<ResourceKey>([
  '/pods',
  'apps/deployments',
  'apps/daemonsets',
  'apps/replicasets',
  'apps/statefulsets',
  'batch/jobs',
  'batch/cronjobs',
  'networking.k8s.io/networkpolicies',
  'networking.k8s.io/ingresses',
  'policy/poddisruptionbudgets',
  'apiextensions.k8s.io/customresourcedefinitions',
  'admissionregistration.k8s.io/validatingwebhookconfigurations',
  'admissionregistration.k8s.io/mutatingwebhookconfigurations',
])

const PROTECTED_NAMESPACES = ['default', 'kube-system', 'kube-public']

export const timestamp = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')

const aboutObject = ({ group, plural }: ResourceDefinition, name: string) => ({
  group,
  kind: plural,
  name,
})

interface WriteOptions {
  dryRun?: boolean
}

interface Deletion {
  /** The object as it was last, or as it now waits for its end. */
  object: KubeObject
  gone: boolean
}

export interface Lifecycle {
  /** Completes and stores a new object. Throws {@link ApiError} 409 AlreadyExists. */
  create(definition: ResourceDefinition, object: NewObject, options?: WriteOptions): KubeObject
  /** Stores a new object that is complete. Throws {@link ApiError} 409 AlreadyExists. */
  adopt(definition: ResourceDefinition, object: KubeObject, writeBody?: BodyWriter): void
  /** Stores the next version. Without an effect, the old one stays and is returned. */
  replace(
    definition: ResourceDefinition,
    old: KubeObject,
    next: KubeObject,
    options?: WriteOptions,
  ): KubeObject
  remove(
    definition: ResourceDefinition,
    old: KubeObject,
    options?: DeleteOptions & WriteOptions,
  ): Deletion
  close(): void
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'
const randomSuffix = () =>
  [...randomBytes(5)].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]).join('')

/** kind and apiVersion first, then metadata: the rest of the server counts on that order. */
function arranged(object: NewObject | KubeObject, definition: ResourceDefinition): KubeObject {
  const storage = definition.versions.find(({ storage: used }) => used) ?? definition.versions[0]
  const { group } = definition
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object
  const version = storage?.name ?? 'v1'
  return {
    kind: definition.kind,
    apiVersion: group ? `${group}/${version}` : version,
    metadata: metadata as ObjectMeta,
    ...rest,
  }
}

export function createLifecycle(objects: ObjectStore, now: () => Date): Lifecycle {
  const timers = new Set<NodeJS.Timeout>()

  const counts = (definition: ResourceDefinition) =>
    definition.custom || COUNTED.has(keyOf(definition))

  function current(definition: ResourceDefinition, { metadata }: KubeObject) {
    return objects.table(keyOf(definition)).objects.get(rowKey(metadata.namespace, metadata.name))
  }

  function requireAbsent(definition: ResourceDefinition, object: KubeObject): void {
    const existing = current(definition, object)
    if (!existing) return
    const deleting = existing.metadata.deletionTimestamp ? 'object is being deleted: ' : ''
    throw alreadyExists(aboutObject(definition, object.metadata.name), deleting)
  }

  /** Everything that a new generation counts: not metadata, and status only where it is no subresource. */
  function specChanged(definition: ResourceDefinition, old: KubeObject, next: KubeObject): boolean {
    const strip = (object: KubeObject) => {
      const { kind: _kind, apiVersion: _apiVersion, metadata: _metadata, status, ...rest } = object
      return definition.custom && !definition.statusSubresource ? { ...rest, status } : rest
    }
    return !deepEqual(strip(old), strip(next))
  }

  function graceOf(definition: ResourceDefinition, old: KubeObject, asked?: number): number {
    if (keyOf(definition) !== '/pods') return 0
    const spec = old['spec'] as { nodeName?: string; terminationGracePeriodSeconds?: number }
    const status = old['status'] as { phase?: string } | undefined
    if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0
    return asked ?? spec.terminationGracePeriodSeconds ?? 30
  }

  function finalizersFor(old: KubeObject, policy: DeleteOptions['propagationPolicy']): string[] {
    const finalizers = old.metadata.finalizers ?? []
    if (!policy) return finalizers
    const others = finalizers.filter((item) => item !== 'orphan' && item !== 'foregroundDeletion')
    if (policy === 'Foreground') return [...others, 'foregroundDeletion']
    return policy === 'Orphan' ? [...others, 'orphan'] : others
  }

  function markDeleted(
    definition: ResourceDefinition,
    old: KubeObject,
    finalizers: string[],
    grace: number,
  ): KubeObject {
    const { finalizers: _finalizers, ...metadata } = old.metadata
    const isNamespace = keyOf(definition) === '/namespaces'
    return {
      ...old,
      metadata: {
        ...metadata,
        deletionTimestamp:
          old.metadata.deletionTimestamp ?? timestamp(new Date(now().getTime() + grace * 1000)),
        ...(isNamespace ? {} : { deletionGracePeriodSeconds: grace }),
        ...(finalizers.length ? { finalizers } : {}),
        ...(metadata.generation && !metadata.deletionTimestamp
          ? { generation: metadata.generation + 1 }
          : {}),
      },
      ...(isNamespace
        ? { status: { ...(old['status'] as object | undefined), phase: 'Terminating' } }
        : {}),
    }
  }

  /** A pod whose kubelet does not finish it goes when its grace period is over. */
  function removeLater(definition: ResourceDefinition, pod: KubeObject, grace: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      const found = current(definition, pod)
      if (found?.metadata.uid === pod.metadata.uid) {
        lifecycle.remove(definition, found, { gracePeriodSeconds: 0 })
      }
    }, grace * 1000)
    timer.unref()
    timers.add(timer)
  }

  const lifecycle: Lifecycle = {
    create(definition, object, { dryRun = false } = {}) {
      const { resourceVersion: _version, ...given } = object.metadata
      const metadata = {
        ...given,
        name: given.name || `${(given.generateName ?? '').slice(0, 58)}${randomSuffix()}`,
        uid: given.uid ?? randomUUID(),
        creationTimestamp: given.creationTimestamp ?? timestamp(now()),
      } as ObjectMeta
      if (counts(definition)) metadata.generation ??= 1
      if (!metadata.managedFields?.length) delete metadata.managedFields
      const { protectionFinalizer } = definition
      if (protectionFinalizer && !metadata.finalizers?.includes(protectionFinalizer)) {
        metadata.finalizers = [...(metadata.finalizers ?? []), protectionFinalizer]
      }
      const next = arranged({ ...object, metadata }, definition)
      kindRules[keyOf(definition)]?.prepare?.(next)
      kindRules[keyOf(definition)]?.allocate?.(next)
      requireAbsent(definition, next)
      return dryRun ? next : objects.put(keyOf(definition), next)
    },

    adopt(definition, object, writeBody) {
      requireAbsent(definition, object)
      objects.put(keyOf(definition), object, writeBody)
    },

    replace(definition, old, next, { dryRun = false } = {}) {
      const { metadata } = next
      const raised =
        metadata.generation !== undefined || counts(definition)
          ? (old.metadata.generation ?? 1) + (specChanged(definition, old, next) ? 1 : 0)
          : undefined
      const arrangedNext = arranged(
        {
          ...next,
          metadata: {
            ...metadata,
            resourceVersion: old.metadata.resourceVersion,
            ...(raised === undefined ? {} : { generation: raised }),
          },
        },
        definition,
      )
      const finished =
        old.metadata.deletionTimestamp !== undefined &&
        !arrangedNext.metadata.finalizers?.length &&
        !arrangedNext.metadata.deletionGracePeriodSeconds &&
        keyOf(definition) !== '/namespaces'
      if (finished) {
        // The writer gets its last version back, not the one that tells of the removal.
        if (!dryRun) objects.remove(keyOf(definition), arrangedNext)
        return arrangedNext
      }
      if (deepEqual(arrangedNext, old)) return old
      return dryRun ? arrangedNext : objects.put(keyOf(definition), arrangedNext)
    },

    remove(definition, old, options = {}) {
      const { dryRun = false, propagationPolicy, gracePeriodSeconds } = options
      const key = keyOf(definition)
      const isNamespace = key === '/namespaces'
      if (isNamespace && PROTECTED_NAMESPACES.includes(old.metadata.name)) {
        throw forbidden(
          aboutObject(definition, old.metadata.name),
          'this namespace may not be deleted',
        )
      }
      const finalizers = finalizersFor(old, propagationPolicy)
      const grace = graceOf(definition, old, gracePeriodSeconds)
      const already = old.metadata.deletionTimestamp !== undefined
      const waits = finalizers.length > 0 || isNamespace || grace > 0
      if (already && waits) {
        const unchanged =
          deepEqual(finalizers, old.metadata.finalizers ?? []) &&
          (old.metadata.deletionGracePeriodSeconds ?? 0) <= grace
        if (unchanged) return { object: old, gone: false }
      }
      const marked = markDeleted(definition, old, finalizers, grace)
      if (!waits) {
        return { object: dryRun ? marked : objects.remove(key, marked), gone: true }
      }
      if (dryRun) return { object: marked, gone: false }
      objects.put(key, marked)
      if (grace > 0) removeLater(definition, marked, grace)
      return { object: marked, gone: false }
    },

    close() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
  return lifecycle
}

/** The refusal of content for a namespace that is not there, or on its way out. */
export function checkNamespace(
  objects: ObjectStore,
  { group, plural }: ResourceDefinition,
  namespace: string,
  name: string | undefined,
): ApiError | undefined {
  const found = objects.table('/namespaces').objects.get(rowKey(undefined, namespace))
  if (!found) {
    return new ApiError(404, `namespaces "${namespace}" not found`, {
      reason: 'NotFound',
      details: { name: namespace, kind: 'namespaces' },
    })
  }
  if (!found.metadata.deletionTimestamp) return undefined
  return forbidden(
    { group, kind: plural, name },
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  )
}
