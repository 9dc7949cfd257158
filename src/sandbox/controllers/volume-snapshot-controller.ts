/**
 * VolumeSnapshots of the CSI snapshotter: a content object and a copy of the claim's file for each.
 * https://github.com/kubernetes-csi/external-snapshotter/blob/v8.2.0/pkg/common-controller/snapshot_controller.go
 */
import { rm } from 'node:fs/promises'

import type { KubeObject } from '../api/cluster.ts'
import { timestamp } from '../kubevirt/conditions.ts'
import {
  annotation,
  keys,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { createWorkQueue, objectKey, type ControllerContext } from './controller-context.ts'
import { claimFile } from './guest-config.ts'
import { copyVolume, snapshotFile } from './volume-sources.ts'

const SNAPSHOT_MS = 800
const RETRY_MS = 2000
const DEFAULT_CLASS = 'snapshot.storage.kubernetes.io/is-default-class'
const FINALIZERS = [
  'snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection',
  'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
]

/** What a snapshot is taken of, and how. */
interface Order {
  pvc: PersistentVolumeClaim
  volume: PersistentVolume
  snapshotClass: VolumeSnapshotClass
}

export function startVolumeSnapshotController(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'snapshot-controller', sync)
  const taking = new Set<string>()

  for (const snapshot of store.list(keys.volumeSnapshot)) queue.addObject(snapshot)
  context.onClose(
    store.subscribe<VolumeSnapshot>(keys.volumeSnapshot, ({ type, object }) => {
      if (type !== 'DELETED') queue.addObject(object)
    }),
  )

  function sync(namespace: string, name: string): void {
    const snapshot = store.get<VolumeSnapshot>(keys.volumeSnapshot, namespace, name)
    if (!snapshot) return
    if (snapshot.metadata.deletionTimestamp) return forget(snapshot)
    if (snapshot.status?.readyToUse || taking.has(snapshot.metadata.uid)) return
    const order = orderOf(snapshot)
    if (typeof order === 'string') return fail(snapshot, order)
    taking.add(snapshot.metadata.uid)
    begin(snapshot, order)
    context.later(SNAPSHOT_MS, () => {
      void take(snapshot, order).finally(() => taking.delete(snapshot.metadata.uid))
    })
  }

  /** The order, or why there can be none, in the snapshotter's words. */
  function orderOf({ spec, metadata }: VolumeSnapshot): Order | string {
    const claimName = spec.source.persistentVolumeClaimName ?? ''
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, metadata.namespace, claimName)
    const inputs = (why: string) =>
      `failed to get input parameters to create snapshot ${metadata.name}: ${JSON.stringify(why)}`
    if (!pvc)
      return `snapshot controller failed to update ${metadata.name} on API server: cannot get claim from snapshot`
    const volume = store.get<PersistentVolume>(keys.pv, undefined, pvc.spec.volumeName ?? '')
    if (!volume)
      return inputs(
        `the PVC ${claimName} is not yet bound to a PV, will not attempt to take a snapshot`,
      )
    const driver = volume.spec.csi?.driver
    const named = spec.volumeSnapshotClassName
    const snapshotClass =
      named === undefined
        ? store
            .list<VolumeSnapshotClass>(keys.volumeSnapshotClass)
            .find((one) => one.driver === driver && annotation(one, DEFAULT_CLASS) === 'true')
        : store.get<VolumeSnapshotClass>(keys.volumeSnapshotClass, undefined, named)
    if (!snapshotClass)
      return named === undefined
        ? 'cannot find default snapshot class'
        : inputs(
            `failed to retrieve snapshot class ${named} from the informer: "volumesnapshotclass.snapshot.storage.k8s.io \\"${named}\\" not found"`,
          )
    if (driver === undefined)
      return `cannot find CSI PersistentVolumeSource for volume ${volume.metadata.name}`
    return { pvc, volume, snapshotClass }
  }

  function fail(snapshot: VolumeSnapshot, why: string): void {
    const message = `Failed to create snapshot content with error ${why}`
    if (snapshot.status?.error?.message !== message) {
      setStatus(snapshot, { readyToUse: false, error: { message, time: timestamp() } })
      cluster.event(snapshot, 'Warning', 'SnapshotContentCreationFailed', message)
    }
    queue.addAfter(objectKey(snapshot), RETRY_MS)
  }

  function setStatus({ metadata }: VolumeSnapshot, status: VolumeSnapshot['status']): void {
    store.update<VolumeSnapshot>(
      keys.volumeSnapshot,
      metadata.namespace,
      metadata.name,
      (draft) => {
        draft.metadata.finalizers = FINALIZERS
        draft.status = status!
      },
    )
  }

  function begin(snapshot: VolumeSnapshot, { volume, snapshotClass }: Order): void {
    const { namespace = '', name, uid, resourceVersion } = snapshot.metadata
    store.create(keys.volumeSnapshotContent, {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotContent',
      metadata: {
        name: contentName(snapshot),
        finalizers: ['snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection'],
      },
      spec: {
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: snapshotClass.driver,
        source: { volumeHandle: volume.spec.csi?.volumeHandle ?? '' },
        sourceVolumeMode: volume.spec.volumeMode ?? 'Filesystem',
        volumeSnapshotClassName: snapshotClass.metadata.name,
        volumeSnapshotRef: {
          apiVersion: 'snapshot.storage.k8s.io/v1',
          kind: 'VolumeSnapshot',
          name,
          namespace,
          resourceVersion,
          uid,
        },
      },
    })
    store.update<VolumeSnapshot>(keys.volumeSnapshot, namespace, name, ({ spec }) => {
      spec.volumeSnapshotClassName = snapshotClass.metadata.name
    })
    setStatus(snapshot, {
      boundVolumeSnapshotContentName: contentName(snapshot),
      readyToUse: false,
    })
    cluster.event(
      snapshot,
      'Normal',
      'CreatingSnapshot',
      `Waiting for a snapshot ${namespace}/${name} to be created by the CSI driver.`,
    )
  }

  async function take(snapshot: VolumeSnapshot, { pvc }: Order): Promise<void> {
    const { namespace = '', name, uid } = snapshot.metadata
    await copyVolume(
      claimFile(context.diskDirectory, pvc),
      snapshotFile(context.diskDirectory, snapshot),
    )
    if (store.get(keys.volumeSnapshot, namespace, name)?.metadata.uid !== uid) return
    const size = pvc.status?.capacity?.storage ?? pvc.spec.resources.requests.storage
    store.update(keys.volumeSnapshotContent, undefined, contentName(snapshot), (draft) => {
      draft['status'] = {
        creationTime: Date.now() * 1e6,
        readyToUse: true,
        restoreSize: parseQuantity(size),
        snapshotHandle: uid,
      }
    })
    setStatus(snapshot, {
      boundVolumeSnapshotContentName: contentName(snapshot),
      creationTime: timestamp(),
      readyToUse: true,
      restoreSize: size,
    })
    const key = `${namespace}/${name}`
    cluster.event(
      snapshot,
      'Normal',
      'SnapshotCreated',
      `Snapshot ${key} was successfully created by the CSI driver.`,
    )
    cluster.event(snapshot, 'Normal', 'SnapshotReady', `Snapshot ${key} is ready to use.`)
  }

  /** The content goes with its snapshot, but for the policy Retain. */
  function forget(snapshot: VolumeSnapshot): void {
    const content = store.get(keys.volumeSnapshotContent, undefined, contentName(snapshot)) as
      | (KubeObject & { spec: { deletionPolicy: string } })
      | undefined
    if (content?.spec.deletionPolicy === 'Delete') {
      store.update(keys.volumeSnapshotContent, undefined, content.metadata.name, (draft) => {
        draft.metadata.finalizers = []
      })
      store.delete(keys.volumeSnapshotContent, undefined, content.metadata.name)
      rm(snapshotFile(context.diskDirectory, snapshot), { force: true }).catch((error: unknown) =>
        context.log(String(error)),
      )
    }
    const { namespace, name } = snapshot.metadata
    store.update(keys.volumeSnapshot, namespace, name, ({ metadata }) => {
      metadata.finalizers = metadata.finalizers?.filter((one) => !FINALIZERS.includes(one)) ?? []
    })
  }
}

function contentName({ metadata }: VolumeSnapshot): string {
  return `snapcontent-${metadata.uid}`
}
