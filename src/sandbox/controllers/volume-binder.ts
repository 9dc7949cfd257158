/**
 * Claims and volumes: binding, dynamic provisioning (at once, or when a pod needs the claim),
 * growth, and reclaiming.
 */
import { rm } from 'node:fs/promises'

import type { KubeObject } from '../api/cluster.ts'
import { timestamp } from '../kubevirt/conditions.ts'
import {
  annotation,
  keys,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { claimFile } from './guest-config.ts'
import { bindTo, boundByController, standingVolume } from './standing-volumes.ts'
import { createGrowth, mountsClaim } from './volume-growth.ts'
import { copyVolume, volumeSource } from './volume-sources.ts'

const PROVISIONING_MS = 600
const RETRY_MS = 2000
const NO_PROVISIONER = 'kubernetes.io/no-provisioner'
const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
/** A claim that CDI fills is handed over only then; its DataVolume controller binds it. */
export const POPULATED_BY = 'cdi.kubevirt.io/storage.usePopulator'

export function startVolumeBinder(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'persistentvolume-binder', sync)
  const provisioning = new Set<string>()
  /** Claims whose source isn't there; said once. */
  const failing = new Set<string>()
  const grow = createGrowth(context)

  for (const pvc of store.list(keys.pvc)) queue.addObject(pvc)
  context.onClose(
    store.subscribe<PersistentVolumeClaim>(keys.pvc, ({ type, object }) => {
      if (type === 'DELETED') reclaim(object)
      else queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe(keys.storageClass, () => {
      for (const pvc of store.list<PersistentVolumeClaim>(keys.pvc)) {
        if (pvc.status?.phase !== 'Bound') queue.addObject(pvc)
      }
    }),
  )

  context.onClose(
    // A file system grows when a pod mounts it.
    store.subscribe<Pod>(keys.pod, ({ object: { metadata, spec, status } }) => {
      if (status?.phase !== 'Running') return
      for (const { persistentVolumeClaim } of spec.volumes ?? [])
        if (persistentVolumeClaim)
          queue.add(`${metadata.namespace ?? ''}/${persistentVolumeClaim.claimName}`)
    }),
  )

  function sync(namespace: string, name: string): void {
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
    if (!pvc) return
    if (pvc.metadata.deletionTimestamp) {
      releaseProtection(pvc)
    } else if (pvc.status?.phase === 'Bound') {
      grow(pvc)
    } else {
      bind(pvc)
    }
  }

  function bind(pvc: PersistentVolumeClaim): void {
    const { namespace, name, uid } = pvc.metadata
    if (!pvc.status?.phase) {
      store.update<PersistentVolumeClaim>(keys.pvc, namespace, name, (draft) => {
        draft.status = { ...draft.status, phase: 'Pending' }
      })
    }
    const className = pvc.spec.storageClassName ?? defaultClass()
    if (className === undefined) {
      cluster.event(
        pvc,
        'Normal',
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      )
      return
    }
    if (pvc.spec.storageClassName === undefined) {
      store.update<PersistentVolumeClaim>(keys.pvc, namespace, name, ({ spec }) => {
        spec.storageClassName = className
      })
    }
    const storageClass = store.get<StorageClass>(keys.storageClass, undefined, className)
    if (!storageClass) {
      cluster.event(
        pvc,
        'Warning',
        'ProvisioningFailed',
        `storageclass.storage.k8s.io "${className}" not found`,
      )
      return
    }
    if (annotation(pvc, POPULATED_BY) === 'true') return
    const waits =
      storageClass.volumeBindingMode === 'WaitForFirstConsumer' && !annotation(pvc, SELECTED_NODE)
    if (waits) {
      if (!provisioning.has(uid)) {
        cluster.event(
          pvc,
          'Normal',
          'WaitForFirstConsumer',
          'waiting for first consumer to be created before binding',
        )
      }
      return
    }
    if (provisioning.has(uid)) return
    const standing = standingVolume(store, pvc, className)
    if (standing) return bindTo(store, pvc, standing)
    if (storageClass.provisioner === NO_PROVISIONER) {
      const why = `no volume plugin matched name: ${NO_PROVISIONER}`
      cluster.event(pvc, 'Warning', 'ProvisioningFailed', why)
      return
    }
    const { file, problem } = volumeSource(store, context.diskDirectory, pvc)
    if (problem !== undefined) {
      if (!failing.has(uid)) cluster.event(pvc, 'Warning', 'ProvisioningFailed', problem)
      failing.add(uid)
      queue.addAfter(`${namespace ?? ''}/${name}`, RETRY_MS)
      return
    }
    failing.delete(uid)
    provisioning.add(uid)
    cluster.event(
      pvc,
      'Normal',
      'Provisioning',
      `External provisioner is provisioning volume for claim "${namespace}/${name}"`,
    )
    context.later(PROVISIONING_MS, () => {
      void fill(pvc, storageClass, file).finally(() => provisioning.delete(uid))
    })
  }

  /** Makes the volume, with what its source holds. */
  async function fill(
    pvc: PersistentVolumeClaim,
    storageClass: StorageClass,
    file: string | undefined,
  ): Promise<void> {
    const { namespace, name, uid } = pvc.metadata
    const size = pvc.spec.resources.requests.storage
    if (file !== undefined)
      await copyVolume(file, claimFile(context.diskDirectory, pvc), size).catch((error: unknown) =>
        context.log(`volume of ${name}: ${String(error)}`),
      )
    const current = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
    if (current?.metadata.uid === uid && current.status?.phase !== 'Bound')
      provision(context, current, storageClass)
  }

  function defaultClass(): string | undefined {
    return store
      .list<StorageClass>(keys.storageClass)
      .find((c) => annotation(c, 'storageclass.kubernetes.io/is-default-class') === 'true')
      ?.metadata.name
  }

  /** A claim stays as long as a pod mounts it. */
  function releaseProtection(pvc: PersistentVolumeClaim): void {
    const { namespace, name } = pvc.metadata
    if (!pvc.metadata.finalizers?.includes('kubernetes.io/pvc-protection')) return
    const used = store
      .list<Pod>(keys.pod, namespace)
      .some((pod) => !isOver(pod) && mountsClaim(pod, name))
    if (used) {
      queue.addAfter(`${namespace}/${name}`, 2000)
      return
    }
    store.update(keys.pvc, namespace, name, ({ metadata }) => {
      metadata.finalizers =
        metadata.finalizers?.filter((f) => f !== 'kubernetes.io/pvc-protection') ?? []
    })
  }

  function reclaim(pvc: PersistentVolumeClaim): void {
    const volume = pvc.spec.volumeName
    if (!volume) return
    const pv = store.get(keys.pv, undefined, volume)
    if (!pv) return
    const { persistentVolumeReclaimPolicy } = pv['spec'] as {
      persistentVolumeReclaimPolicy?: string
    }
    if (persistentVolumeReclaimPolicy === 'Retain') {
      store.update(keys.pv, undefined, volume, (draft) => {
        draft['status'] = { phase: 'Released', lastPhaseTransitionTime: timestamp() }
      })
      return
    }
    store.update(keys.pv, undefined, volume, ({ metadata }) => {
      metadata.finalizers = []
    })
    store.delete(keys.pv, undefined, volume)
    rm(claimFile(context.diskDirectory, pvc), { force: true }).catch((error: unknown) =>
      context.log(`volume ${volume}: ${String(error)}`),
    )
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** Makes a volume for a claim and binds them to each other. */
export function provision(
  { cluster }: Pick<ControllerContext, 'cluster'>,
  pvc: PersistentVolumeClaim,
  storageClass: StorageClass,
): KubeObject {
  const { namespace, name, uid } = pvc.metadata
  const volumeName = `pvc-${uid}`
  const size = pvc.spec.resources.requests.storage
  const accessModes = pvc.spec.accessModes ?? ['ReadWriteOnce']
  const volume = cluster.store.create(keys.pv, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeName,
      annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner },
      finalizers: ['kubernetes.io/pv-protection'],
    },
    spec: {
      accessModes,
      capacity: { storage: size },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        resourceVersion: pvc.metadata.resourceVersion,
        uid,
      },
      csi: {
        driver: storageClass.provisioner,
        fsType: 'ext4',
        volumeAttributes: {
          'storage.kubernetes.io/csiProvisionerIdentity': storageClass.provisioner,
        },
        volumeHandle: volumeName,
      },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: pvc.spec.volumeMode ?? 'Filesystem',
    },
    status: { phase: 'Bound', lastPhaseTransitionTime: timestamp() },
  })
  cluster.store.update<PersistentVolumeClaim>(keys.pvc, namespace, name, (draft) => {
    draft.spec.volumeName = volumeName
    draft.spec.volumeMode ??= 'Filesystem'
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      ...boundByController,
      'volume.beta.kubernetes.io/storage-provisioner': storageClass.provisioner,
      'volume.kubernetes.io/storage-provisioner': storageClass.provisioner,
    }
    draft.status = { phase: 'Bound', accessModes, capacity: { storage: size } }
  })
  cluster.event(
    pvc,
    'Normal',
    'ProvisioningSucceeded',
    `Successfully provisioned volume ${volumeName}`,
  )
  return volume
}
