/**
 * CDI's DataVolumes: a claim per DataVolume, filled over time.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/datavolume/controller-base.go
 */
import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'

import type { KubeObject, NewObject, Store } from '../api/cluster.ts'
import { importHttp, isLocalUrl } from '../cdi/http-import.ts'
import type { ImageTarget } from '../cdi/image-import.ts'
import { importRegistry, isLocalRegistry, registryObstacle } from '../cdi/registry-import.ts'
import { POD_PHASE, POD_READY, POD_RESTARTS, UPLOAD_TARGET } from '../cdi/upload-controller.ts'
import { isoImage } from '../guests/iso-image.ts'
import { timestamp, withCondition } from '../kubevirt/conditions.ts'
import { refusedByLimits } from '../kubevirt/limit-range.ts'
import {
  annotation,
  controllerReference,
  keys,
  type DataVolume,
  type DataVolumeSpec,
  type PersistentVolumeClaim,
  type StorageClass,
  type VolumeSnapshot,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { exceededQuota, quotaKey } from '../kubevirt/quota.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { claimOf } from './data-volume-claim.ts'
import { claimFile } from './guest-config.ts'
import {
  crashImporter,
  endImporter,
  startImporter,
  startImporterCleanUp,
  unreachable,
} from './importer-pod.ts'
import { POPULATED_BY, provision } from './volume-binder.ts'
import { copyVolume, snapshotFile } from './volume-sources.ts'

const STEP_MS = 900
const RETRY_MS = 5000
/** CDI asks its importers for their progress every other second. */
const PROGRESS_MS = 500
/** Length of an import, as an annotation on the DataVolume; the seed keeps some in progress. */
export const IMPORT_SECONDS = 'sandbox.kubevirt-console.io/import-seconds'
const DEFAULT_IMPORT_SECONDS = 8
const SELECTED_NODE = 'volume.kubernetes.io/selected-node'

type SourceKind = 'blank' | 'import' | 'clone' | 'upload'

export function startDataVolumeController(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'datavolume', sync)
  const working = new Set<string>()
  startImporterCleanUp(context)

  for (const dataVolume of store.list(keys.dataVolume)) queue.addObject(dataVolume)
  context.onClose(
    store.subscribe<DataVolume>(keys.dataVolume, ({ type, object }) => {
      if (type === 'DELETED') working.delete(object.metadata.uid)
      else queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe(keys.pvc, ({ object }) => {
      const owner = object.metadata.ownerReferences?.find(({ kind }) => kind === 'DataVolume')
      if (owner) queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
    }),
  )
  context.onClose(
    store.subscribe(keys.storageClass, () => {
      for (const dataVolume of store.list<DataVolume>(keys.dataVolume))
        if (!dataVolume.status?.phase) queue.addObject(dataVolume)
    }),
  )
  for (const key of [keys.dataSource, quotaKey]) {
    context.onClose(
      store.subscribe(key, () => {
        for (const dataVolume of store.list<DataVolume>(keys.dataVolume)) {
          if (dataVolume.status?.phase === 'Pending') queue.addObject(dataVolume)
        }
      }),
    )
  }

  function sync(namespace: string, name: string): void {
    const dataVolume = store.get<DataVolume>(keys.dataVolume, namespace, name)
    if (!dataVolume || dataVolume.metadata.deletionTimestamp) return
    const { phase } = dataVolume.status ?? {}
    // A claim that is missing is made again, also of one that has succeeded
    // (v1.63.0 pkg/controller/datavolume/controller-base.go handlePvcCreation).
    if (phase === 'Failed') return
    if (phase === 'Succeeded' && store.get(keys.pvc, namespace, name)) return
    const source = resolveSource(store, dataVolume.metadata.namespace, dataVolume.spec)
    if (!source) {
      setStatus(
        dataVolume,
        'Pending',
        'N/A',
        'source',
        'the source of the DataVolume was not found',
      )
      return
    }
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
    if (!pvc) {
      createClaim(dataVolume)
      return
    }
    if (pvc.metadata.deletionTimestamp && !working.has(dataVolume.metadata.uid)) {
      // A predecessor's claim, kept by a guest; its end brings this DataVolume back here.
      setStatus(dataVolume, 'Pending', 'N/A', 'Pending', `PVC ${name} is being deleted`)
      return
    }
    const storageClass = store.get<StorageClass>(
      keys.storageClass,
      undefined,
      pvc.spec.storageClassName ?? '',
    )
    if (!storageClass) {
      setStatus(dataVolume, 'Pending', 'N/A', 'ErrClaimNotValid', 'no storage class for the claim')
      return
    }
    const bypass = annotation(dataVolume, 'cdi.kubevirt.io/storage.bind.immediate.requested')
    if (
      storageClass.volumeBindingMode === 'WaitForFirstConsumer' &&
      bypass === undefined &&
      !annotation(pvc, SELECTED_NODE)
    ) {
      const phase = source.kind === 'clone' ? 'WaitForFirstConsumer' : 'PendingPopulation'
      setStatus(
        dataVolume,
        phase,
        'N/A',
        'WaitForFirstConsumer',
        'PVC waits for its first consumer',
      )
      return
    }
    if (!working.has(dataVolume.metadata.uid)) {
      working.add(dataVolume.metadata.uid)
      fill(dataVolume, pvc, storageClass, source)
    } else if (source.kind === 'upload') {
      followUpload(dataVolume, pvc, storageClass, source)
    }
  }

  function createClaim(dataVolume: DataVolume): void {
    const { namespace, name } = dataVolume.metadata
    const claim = claimOf(store, dataVolume.spec)
    if (claim === undefined) {
      // v1.63.0 pkg/controller/datavolume/util.go MessageErrStorageClassNotFound; a class that
      // comes to be the default brings it back here.
      const why = 'PVC spec is missing accessMode and no storageClass to choose profile'
      if (dataVolume.status?.conditions === undefined)
        cluster.event(dataVolume, 'Warning', 'ErrClaimNotValid', why)
      setUnset(dataVolume, why)
      return
    }
    const pvc: NewObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        labels: {
          ...dataVolume.metadata.labels,
          app: 'containerized-data-importer',
          'app.kubernetes.io/component': 'storage',
          'app.kubernetes.io/managed-by': 'cdi-controller',
        },
        annotations: {
          'cdi.kubevirt.io/storage.contentType': dataVolume.spec.contentType ?? 'kubevirt',
          'cdi.kubevirt.io/storage.pod.restarts': '0',
          [POPULATED_BY]: 'true',
        },
        ownerReferences: [controllerReference(dataVolume)],
      },
      spec: claim,
      status: { phase: 'Pending' },
    }
    // v1.63.0 only logs what isn't about quota, and tries again.
    if (refusedByLimits(store, keys.pvc, pvc)) {
      queue.addAfter(`${namespace ?? ''}/${name}`, RETRY_MS)
      return
    }
    const exceeded = exceededQuota(store, keys.pvc, pvc)
    if (exceeded) {
      // v1.63.0 pkg/controller/common/util.go ErrExceededQuota; more of the quota brings it back here.
      const why = `persistentvolumeclaims "${name}" is forbidden: ${exceeded}`
      if (dataVolume.status?.phase !== 'Pending')
        cluster.event(dataVolume, 'Warning', 'ErrExceededQuota', why)
      setStatus(dataVolume, 'Pending', 'N/A', 'ErrExceededQuota', why)
      return
    }
    store.create(keys.pvc, pvc)
    cluster.event(dataVolume, 'Normal', 'Pending', `PVC ${name} Pending`)
    setStatus(dataVolume, 'Pending', 'N/A', 'Pending', `PVC ${name} Pending`)
  }

  function fill(
    dataVolume: DataVolume,
    pvc: PersistentVolumeClaim,
    storageClass: StorageClass,
    source: Source,
  ): void {
    const words = { blank: 'Import', import: 'Import', clone: 'Clone', upload: 'Upload' }
    const word = words[source.kind]
    setStatus(dataVolume, `${word}Scheduled`, 'N/A', 'Pending', '')
    cluster.event(
      dataVolume,
      'Normal',
      `${word}Scheduled`,
      `${word} into ${dataVolume.metadata.name} scheduled`,
    )
    if (source.kind === 'upload') {
      // The upload controller takes it from here.
      store.update(keys.pvc, pvc.metadata.namespace, pvc.metadata.name, ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, [UPLOAD_TARGET]: '' }
      })
      return
    }
    context.later(STEP_MS, () => {
      if (source.kind === 'import') startImporter(context, pvc, source.url ?? '')
      const why = source.isImage
        ? registryObstacle(source.url ?? '')
        : unreachable(source.url ?? '')
      if (why !== undefined) {
        setStatus(dataVolume, 'ImportInProgress', 'N/A', 'Pod is running', '')
        crashImporter(context, dataVolume, pvc, why)
        return
      }
      const read = source.kind === 'import' && readerOf(source.url ?? '')
      if (read) {
        importFrom(read, dataVolume, pvc, storageClass)
        return
      }
      const seconds = Number(annotation(dataVolume, IMPORT_SECONDS) ?? DEFAULT_IMPORT_SECONDS)
      step(dataVolume, pvc, storageClass, source, word, source.kind === 'blank' ? 1 : seconds, 0)
    })
  }

  /** A real import; the importer is restarted as often as it fails. */
  function importFrom(
    read: ImageReader,
    dataVolume: DataVolume,
    pvc: PersistentVolumeClaim,
    storageClass: StorageClass,
  ): void {
    const { uid } = dataVolume.metadata
    const file = claimFile(context.diskDirectory, pvc)
    const sizeBytes = parseQuantity(pvc.spec.resources.requests.storage)
    const run = async (): Promise<string | undefined> => {
      setStatus(dataVolume, 'ImportInProgress', 'N/A', 'Pod is running', '')
      let told = 0
      await context.guests.ready()
      const target = { file, sizeBytes, tool: context.guests.imageTool }
      const failure = await read(target, (share) => {
        if (Date.now() - told < PROGRESS_MS || !working.has(uid)) return
        told = Date.now()
        const progress = `${(share * 100).toFixed(2)}%`
        setStatus(dataVolume, 'ImportInProgress', progress, 'Pod is running', '')
      })
      if (!working.has(uid)) await rm(file, { force: true })
      else if (failure === undefined)
        finish(dataVolume, pvc, storageClass, { kind: 'import' }, 'Import')
      return failure
    }
    run().then(
      (failure) => failure === undefined || crashImporter(context, dataVolume, pvc, failure, run),
      (error: unknown) => context.log(`import of ${dataVolume.metadata.name}: ${String(error)}`),
    )
  }

  /** What the annotations of the claim tell of the pod that takes the bytes. */
  function followUpload(
    dataVolume: DataVolume,
    pvc: PersistentVolumeClaim,
    storageClass: StorageClass,
    source: Source,
  ): void {
    if (annotation(pvc, POD_PHASE) === 'Succeeded') {
      finish(dataVolume, pvc, storageClass, source, 'Upload')
      return
    }
    const restartCount = Number(annotation(pvc, POD_RESTARTS) ?? 0)
    if (restartCount > (dataVolume.status?.restartCount ?? 0)) {
      store.update<DataVolume>(
        keys.dataVolume,
        pvc.metadata.namespace,
        dataVolume.metadata.name,
        (draft) => {
          draft.status = { ...draft.status, restartCount }
        },
      )
      const message = annotation(pvc, 'cdi.kubevirt.io/storage.condition.running.message') ?? ''
      setStatus(dataVolume, 'UploadReady', 'N/A', 'Error', message)
      cluster.event(dataVolume, 'Warning', 'Error', message)
    } else if (
      annotation(pvc, POD_READY) === 'true' &&
      dataVolume.status?.phase !== 'UploadReady'
    ) {
      setStatus(dataVolume, 'UploadReady', 'N/A', 'Pod is running', '')
      const { name } = pvc.metadata
      cluster.event(dataVolume, 'Normal', 'UploadReady', `Upload into ${name} ready`)
    }
  }

  function step(
    dataVolume: DataVolume,
    pvc: PersistentVolumeClaim,
    storageClass: StorageClass,
    source: Source,
    word: string,
    seconds: number,
    elapsed: number,
  ): void {
    if (!working.has(dataVolume.metadata.uid)) return
    if (elapsed >= seconds) {
      const end = () => finish(dataVolume, pvc, storageClass, source, word)
      if (source.file === undefined) end()
      else void clone(source.file, pvc).finally(end)
      return
    }
    const percent = (elapsed / seconds) * 100
    const progress = source.kind === 'blank' ? 'N/A' : `${percent.toFixed(2)}%`
    setStatus(dataVolume, `${word}InProgress`, progress, 'Pod is running', '')
    const next = Math.min(seconds, elapsed + Math.max(1, seconds / 50))
    context.later((next - elapsed) * 1000, () =>
      step(dataVolume, pvc, storageClass, source, word, seconds, next),
    )
  }

  async function clone(file: string, pvc: PersistentVolumeClaim): Promise<void> {
    try {
      const { storage } = pvc.spec.resources.requests
      await copyVolume(file, claimFile(context.diskDirectory, pvc), storage)
    } catch (error) {
      context.log(`clone into ${pvc.metadata.name}: ${String(error)}`)
    }
  }

  function finish(
    dataVolume: DataVolume,
    pvc: PersistentVolumeClaim,
    storageClass: StorageClass,
    source: Source,
    word: string,
  ): void {
    const { namespace, name } = pvc.metadata
    const current = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
    if (!current) {
      working.delete(dataVolume.metadata.uid)
      return
    }
    // At once, or a guest might find half of it.
    if (source.isoUrl)
      writeFileSync(claimFile(context.diskDirectory, current), standIn(source.isoUrl))
    if (current.status?.phase !== 'Bound') provision(context, current, storageClass)
    if (source.kind === 'import') endImporter(context, current)
    store.update(keys.pvc, namespace, name, ({ metadata }) => {
      metadata.annotations = {
        ...metadata.annotations,
        'cdi.kubevirt.io/storage.condition.running': 'false',
        'cdi.kubevirt.io/storage.condition.running.reason': 'Completed',
        'cdi.kubevirt.io/storage.pod.phase': 'Succeeded',
      }
    })
    setStatus(dataVolume, 'Succeeded', '100.0%', 'Completed', `${word} Complete`)
    working.delete(dataVolume.metadata.uid)
    cluster.event(
      dataVolume,
      'Normal',
      `${word}Succeeded`,
      word === 'Upload'
        ? `Successfully uploaded into ${name}`
        : `Successfully ${word === 'Clone' ? 'cloned' : 'imported'} into PVC ${name}`,
    )
  }

  function setStatus(
    dataVolume: DataVolume,
    phase: string,
    progress: string,
    reason: string,
    message: string,
  ): void {
    const { namespace, name, uid } = dataVolume.metadata
    if (store.get(keys.dataVolume, namespace, name)?.metadata.uid !== uid) return
    store.update<DataVolume>(keys.dataVolume, namespace, name, (draft) => {
      const bound = phase === 'Succeeded'
      const running =
        phase.endsWith('InProgress') || (phase === 'UploadReady' && reason !== 'Error')
      let conditions = draft.status?.conditions
      const set = (type: string, on: boolean, why: string, text: string): void => {
        conditions = withCondition(conditions, {
          type,
          status: on ? 'True' : 'False',
          reason: why,
          message: text,
        })
      }
      set('Bound', bound, bound ? 'Bound' : 'Pending', `PVC ${name} ${bound ? 'Bound' : 'Pending'}`)
      set('Running', running, running ? 'Pod is running' : reason, message)
      set('Ready', bound, bound ? '' : 'TransferRunning', '')
      draft.status = {
        ...draft.status,
        phase,
        progress,
        claimName: name,
        restartCount: draft.status?.restartCount ?? 0,
        ...(conditions
          ? {
              // CDI's conditions have a heartbeat in place of KubeVirt's probe time.
              conditions: conditions.map(({ lastProbeTime: _probed, ...condition }) => ({
                ...condition,
                lastHeartbeatTime: condition.lastTransitionTime ?? timestamp(),
              })),
            }
          : {}),
      }
    })
  }

  /** Without a claim there is no phase. */
  function setUnset({ metadata }: DataVolume, message: string): void {
    store.update<DataVolume>(keys.dataVolume, metadata.namespace, metadata.name, (draft) => {
      const condition = (type: string, reason: string, text: string) => ({
        type,
        status: 'False' as const,
        reason,
        message: text,
        lastHeartbeatTime: timestamp(),
        lastTransitionTime: timestamp(),
      })
      draft.status ??= {
        conditions: [
          condition('Bound', 'ErrClaimNotValid', message),
          condition('Ready', '', ''),
          condition('Running', '', ''),
        ],
      }
    })
  }

  interface Source {
    kind: SourceKind
    /** Disk file to copy, for clones. */
    file?: string
    /** Where an import is from. */
    url?: string
    /** The URL is of a container image. */
    isImage?: boolean
    /** What isn't fetched, but is stood in for by an ISO image that bears its name. */
    isoUrl?: string
  }

  /** Follows sourceRef and DataSources; undefined while the source isn't there. */
  function resolveSource(
    objects: Store,
    namespace: string | undefined,
    spec: Pick<DataVolumeSpec, 'source' | 'sourceRef'>,
  ): Source | undefined {
    if (spec.sourceRef) {
      const found = objects.get(
        keys.dataSource,
        spec.sourceRef.namespace ?? namespace,
        spec.sourceRef.name,
      ) as (KubeObject & { spec: { source: NonNullable<DataVolumeSpec['source']> } }) | undefined
      return (
        found && resolveSource(objects, found.metadata.namespace, { source: found.spec.source })
      )
    }
    const { source = {} } = spec
    if (source['blank']) return { kind: 'blank' }
    if (source['upload']) return { kind: 'upload' }
    const claim = source['pvc']
    if (claim) {
      const pvc = objects.get<PersistentVolumeClaim>(
        keys.pvc,
        claim.namespace ?? namespace,
        claim.name ?? '',
      )
      return pvc && { kind: 'clone', file: claimFile(context.diskDirectory, pvc) }
    }
    const snapshot = source['snapshot']
    if (snapshot) {
      const found = objects.get<VolumeSnapshot>(
        keys.volumeSnapshot,
        snapshot.namespace ?? namespace,
        snapshot.name ?? '',
      )
      if (!found?.status?.readyToUse) return undefined
      return { kind: 'clone', file: snapshotFile(context.diskDirectory, found) }
    }
    const url =
      Object.values(source)
        .map(({ url: address }) => address)
        .find((address) => typeof address === 'string') ?? ''
    const isImage = source['registry'] !== undefined
    const hasStandIn = isImage || url.endsWith('.iso')
    return { kind: 'import', url, isImage, ...(hasStandIn && { isoUrl: url }) }
  }
}

type ImageReader = (
  target: ImageTarget,
  onProgress: (share: number) => void,
) => Promise<string | undefined>

/** How an import is really made; undefined for what is not on this machine. */
function readerOf(url: string): ImageReader | undefined {
  if (isLocalUrl(url)) return (target, onProgress) => importHttp(url, target, onProgress)
  if (isLocalRegistry(url)) return (target, onProgress) => importRegistry(url, target, onProgress)
  return undefined
}

/** What a guest can read in place of an image that is not fetched. */
function standIn(url: string): Buffer {
  const name = url.slice(url.lastIndexOf('/') + 1).replace(/\.iso$/, '')
  return isoImage(
    name
      .toUpperCase()
      .replaceAll(/[^A-Z\d]/g, '_')
      .slice(0, 32),
    [{ name: 'README.TXT', content: `The sandbox made this image in place of ${url}\n` }],
  )
}
