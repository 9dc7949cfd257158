/**
 * The clean-up controllers of kube-controller-manager: dependents of deleted owners, foreground and
 * orphan deletion, content of terminating namespaces, and the protection of volumes in use.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import type { KubeObject, OwnerReference, ResourceKey, Store } from './cluster.ts'
import { isObject } from './json-values.ts'
import { type Lifecycle, keyOf } from './lifecycle.ts'
import { type ObjectStore, type StoredEvent, rangeOf, rowKey } from './object-store.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'
const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection'
const VOLUME_PROTECTION = 'kubernetes.io/pv-protection'

interface Item {
  definition: ResourceDefinition
  object: KubeObject
}

export function createGarbageCollector(
  objects: ObjectStore,
  lifecycle: Lifecycle,
  store: Store,
  definitions: readonly ResourceDefinition[],
): { close(): void } {
  const byKey = new Map(definitions.map((definition) => [keyOf(definition), definition]))
  const pending = new Map<string, () => void>()
  let scheduled: NodeJS.Immediate | undefined

  /** Work is done after the request that caused it, once per object however often it is asked for. */
  function later(id: string, work: () => void): void {
    pending.set(id, work)
    scheduled ??= setImmediate(() => {
      scheduled = undefined
      const batch = [...pending.values()]
      pending.clear()
      for (const task of batch) task()
    })
  }

  const read = (definition: ResourceDefinition, object: KubeObject) => {
    const { namespace, name, uid } = object.metadata
    const found = objects.table(keyOf(definition)).objects.get(rowKey(namespace, name))
    return found?.metadata.uid === uid ? found : undefined
  }

  function dropFinalizer(definition: ResourceDefinition, object: KubeObject, name: string): void {
    const { namespace, name: objectName } = object.metadata
    store.update(keyOf(definition), namespace, objectName, (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((item) => item !== name)
    })
  }

  function keepOwners({ definition, object }: Item, kept: OwnerReference[]): void {
    const { namespace, name } = object.metadata
    store.update(keyOf(definition), namespace, name, (draft) => {
      draft.metadata.ownerReferences = kept
    })
  }

  const dependentsOf = (owner: KubeObject): Item[] =>
    objects.dependents(owner.metadata.uid).flatMap(({ key, object }) => {
      const definition = byKey.get(key)
      return definition ? [{ definition, object }] : []
    })

  /** Whether an owner is there, absent, or waits for its dependents in foreground deletion. */
  function ownerState(
    { apiVersion, kind, name, uid }: OwnerReference,
    namespace: string | undefined,
  ): 'solid' | 'absent' | 'waiting' {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
    const definition = definitions.find((item) => item.group === group && item.kind === kind)
    // Owners of unknown kinds cannot be looked up; their dependents are left alone.
    if (!definition) return 'solid'
    const home = definition.namespaced ? namespace : undefined
    const owner = objects.table(keyOf(definition)).objects.get(rowKey(home, name))
    if (owner?.metadata.uid !== uid) return 'absent'
    const waiting =
      owner.metadata.deletionTimestamp && owner.metadata.finalizers?.includes(FOREGROUND)
    return waiting ? 'waiting' : 'solid'
  }

  function collect({ definition, object }: Item): void {
    const found = read(definition, object)
    const owners = found?.metadata.ownerReferences ?? []
    if (!found || found.metadata.deletionTimestamp || !owners.length) return
    const states = owners.map((owner) => ownerState(owner, found.metadata.namespace))
    if (states.includes('solid')) {
      const kept = owners.filter((_owner, index) => states[index] === 'solid')
      if (kept.length === owners.length) return
      keepOwners({ definition, object: found }, kept)
      return
    }
    const foreground = states.includes('waiting') && dependentsOf(found).length > 0
    lifecycle.remove(definition, found, {
      propagationPolicy: foreground ? 'Foreground' : 'Background',
    })
  }

  function finishForeground({ definition, object }: Item): void {
    const owner = read(definition, object)
    if (!owner?.metadata.finalizers?.includes(FOREGROUND)) return
    const dependents = dependentsOf(owner)
    for (const dependent of dependents) collect(dependent)
    const blocked = dependentsOf(owner).some((dependent) =>
      dependent.object.metadata.ownerReferences?.some(
        ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion,
      ),
    )
    const latest = read(definition, owner)
    if (!blocked && latest) dropFinalizer(definition, latest, FOREGROUND)
  }

  function orphan({ definition, object }: Item): void {
    const owner = read(definition, object)
    if (!owner?.metadata.finalizers?.includes(ORPHAN)) return
    for (const dependent of dependentsOf(owner)) {
      const { ownerReferences = [] } = dependent.object.metadata
      keepOwners(
        dependent,
        ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid),
      )
    }
    dropFinalizer(definition, owner, ORPHAN)
  }

  function emptyNamespace(namespace: KubeObject): void {
    const definition = byKey.get('/namespaces')
    const found = definition && read(definition, namespace)
    if (!found?.metadata.deletionTimestamp) return
    const { name } = found.metadata
    let left = 0
    for (const table of objects.tables()) {
      const content = byKey.get(table.key)
      if (!content?.namespaced) continue
      const { from, to } = rangeOf(table.order, name)
      for (const row of table.order.slice(from, to)) {
        const object = table.objects.get(row)
        if (object && !lifecycle.remove(content, object).gone) left += 1
      }
    }
    // Others may hold the namespace by spec.finalizers of their own.
    const spec = isObject(found['spec']) ? found['spec'] : {}
    const holds = (Array.isArray(spec['finalizers']) ? spec['finalizers'] : []).filter(
      (item) => item !== 'kubernetes',
    )
    if (left || holds.length || found.metadata.finalizers?.length) return
    objects.remove('/namespaces', found)
  }

  const claimsOf = (pod: KubeObject): unknown[] => {
    const volumes = isObject(pod['spec']) ? pod['spec']['volumes'] : undefined
    return (Array.isArray(volumes) ? volumes : []).map((volume: unknown) =>
      isObject(volume) && isObject(volume['persistentVolumeClaim'])
        ? volume['persistentVolumeClaim']['claimName']
        : undefined,
    )
  }
  const phaseOf = ({ status }: KubeObject) => (isObject(status) ? status['phase'] : undefined)

  function releaseClaim(claim: KubeObject): void {
    const definition = byKey.get('/persistentvolumeclaims')
    const found = definition && read(definition, claim)
    if (!definition || !found?.metadata.finalizers?.includes(CLAIM_PROTECTION)) return
    const { namespace, name } = found.metadata
    const pods = objects.table('/pods')
    const { from, to } = rangeOf(pods.order, namespace)
    const used = pods.order.slice(from, to).some((row) => {
      const pod = pods.objects.get(row)
      if (!pod || ['Succeeded', 'Failed'].includes(String(phaseOf(pod)))) return false
      return claimsOf(pod).includes(name)
    })
    if (!used) dropFinalizer(definition, found, CLAIM_PROTECTION)
  }

  function releaseVolume(volume: KubeObject): void {
    const definition = byKey.get('/persistentvolumes')
    const found = definition && read(definition, volume)
    if (!definition || !found?.metadata.finalizers?.includes(VOLUME_PROTECTION)) return
    if (phaseOf(found) !== 'Bound') dropFinalizer(definition, found, VOLUME_PROTECTION)
  }

  function onEvent(definition: ResourceDefinition, { type, object }: StoredEvent): void {
    const { uid, namespace, deletionTimestamp, finalizers = [], ownerReferences } = object.metadata
    const item = { definition, object }
    const key = keyOf(definition)
    if (type === 'DELETED') {
      for (const dependent of dependentsOf(object)) {
        later(`collect ${dependent.object.metadata.uid}`, () => collect(dependent))
      }
    } else if (deletionTimestamp) {
      if (finalizers.includes(FOREGROUND)) later(`foreground ${uid}`, () => finishForeground(item))
      if (finalizers.includes(ORPHAN)) later(`orphan ${uid}`, () => orphan(item))
      if (key === '/namespaces') later(`namespace ${uid}`, () => emptyNamespace(object))
      if (key === '/persistentvolumeclaims') later(`claim ${uid}`, () => releaseClaim(object))
      if (key === '/persistentvolumes') later(`volume ${uid}`, () => releaseVolume(object))
    } else if (type === 'ADDED' && ownerReferences?.length) {
      later(`collect ${uid}`, () => collect(item))
    }
    if (type === 'ADDED') return
    wakeOwners(object)
    if (type === 'DELETED' && namespace) wakeNamespace(namespace)
    if (key === '/pods') wakeClaims(object)
  }

  function wakeOwners({ metadata: { ownerReferences = [], namespace } }: KubeObject): void {
    for (const owner of ownerReferences) {
      if (ownerState(owner, namespace) !== 'waiting') continue
      const definition = definitions.find(
        (item) =>
          item.kind === owner.kind &&
          (item.group
            ? owner.apiVersion.startsWith(`${item.group}/`)
            : !owner.apiVersion.includes('/')),
      )
      const home = definition?.namespaced ? namespace : undefined
      const object =
        definition && objects.table(keyOf(definition)).objects.get(rowKey(home, owner.name))
      if (object) later(`foreground ${owner.uid}`, () => finishForeground({ definition, object }))
    }
  }

  function wakeNamespace(name: string): void {
    const namespace = objects.table('/namespaces').objects.get(rowKey(undefined, name))
    if (!namespace?.metadata.deletionTimestamp) return
    later(`namespace ${namespace.metadata.uid}`, () => emptyNamespace(namespace))
  }

  function wakeClaims(pod: KubeObject): void {
    for (const name of claimsOf(pod)) {
      const row = rowKey(pod.metadata.namespace, String(name))
      const claim = objects.table('/persistentvolumeclaims').objects.get(row)
      if (!claim?.metadata.deletionTimestamp) continue
      later(`claim ${claim.metadata.uid}`, () => releaseClaim(claim))
    }
  }

  const watches = definitions.map((definition) => {
    const { watchers } = objects.table(keyOf(definition) as ResourceKey)
    const watcher = (event: StoredEvent) => onEvent(definition, event)
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  })
  return {
    close() {
      for (const stop of watches) stop()
      if (scheduled) clearImmediate(scheduled)
      pending.clear()
    },
  }
}
