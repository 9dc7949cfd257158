/**
 * Claims that wait for an upload: each gets a pod that takes the bytes, and annotations that tell
 * how it is doing.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/controller/upload-controller.go
 */
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'

import { createWorkQueue, type ControllerContext } from '../controllers/controller-context.ts'
import { claimFile } from '../controllers/guest-config.ts'
import {
  annotation,
  controllerReference,
  keys,
  type PersistentVolumeClaim,
  type Pod,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { createUploadServer, type UploadAnswer, type UploadServer } from './upload-server.ts'

/** Marks a claim that is to be filled by an upload. */
export const UPLOAD_TARGET = 'cdi.kubevirt.io/storage.upload.target'
export const POD_PHASE = 'cdi.kubevirt.io/storage.pod.phase'
export const POD_READY = 'cdi.kubevirt.io/storage.pod.ready'
export const POD_RESTARTS = 'cdi.kubevirt.io/storage.pod.restarts'

const IMAGE = 'quay.io/kubevirt/cdi-uploadserver:v1.63.0'

export interface Uploads {
  /** Takes the bytes for a claim that is ready for them. */
  receive(pvc: PersistentVolumeClaim, stream: Readable, isAsync: boolean): Promise<UploadAnswer>
}

export function startUploadController(context: ControllerContext): Uploads {
  const { cluster, diskDirectory, guests } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'upload', sync)
  /** By the claim's uid. */
  const servers = new Map<string, { server: UploadServer; streams: Set<Readable> }>()

  for (const pvc of store.list(keys.pvc)) queue.addObject(pvc)
  context.onClose(
    store.subscribe<PersistentVolumeClaim>(keys.pvc, ({ type, object }) => {
      if (type === 'DELETED') forget(object)
      else if (annotation(object, UPLOAD_TARGET) !== undefined) queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ object }) => {
      const owner = object.metadata.ownerReferences?.find(
        ({ kind }) => kind === 'PersistentVolumeClaim',
      )
      if (owner) queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
    }),
  )

  function sync(namespace: string, name: string): void {
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, namespace, name)
    if (!pvc || annotation(pvc, UPLOAD_TARGET) === undefined) return
    const pod = store.get<Pod>(keys.pod, namespace, podName(pvc))
    const isOver = annotation(pvc, POD_PHASE) === 'Succeeded' || pvc.metadata.deletionTimestamp
    if (isOver) {
      if (pod && !pod.metadata.deletionTimestamp) store.delete(keys.pod, namespace, podName(pvc))
      return
    }
    if (!pod) {
      store.create(keys.pod, uploadPod(pvc))
      return
    }
    const phase = pod.status?.phase ?? 'Pending'
    annotate(pvc, {
      'cdi.kubevirt.io/storage.uploadPodName': podName(pvc),
      [POD_PHASE]: phase,
      [POD_READY]: String(phase === 'Running'),
    })
  }

  function annotate(pvc: PersistentVolumeClaim, annotations: Record<string, string>): void {
    if (Object.entries(annotations).every(([key, value]) => annotation(pvc, key) === value)) return
    store.update(keys.pvc, pvc.metadata.namespace, pvc.metadata.name, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, ...annotations }
    })
  }

  /** The claim as it is now, unless another one bears its name. */
  function current({ metadata }: PersistentVolumeClaim): PersistentVolumeClaim | undefined {
    const pvc = store.get<PersistentVolumeClaim>(keys.pvc, metadata.namespace, metadata.name)
    return pvc?.metadata.uid === metadata.uid ? pvc : undefined
  }

  function serverOf(pvc: PersistentVolumeClaim) {
    const known = servers.get(pvc.metadata.uid)
    if (known) return known
    const file = claimFile(diskDirectory, pvc)
    const target = async () => {
      await guests.ready()
      const sizeBytes = parseQuantity(pvc.spec.resources.requests.storage)
      return { file, sizeBytes, tool: guests.imageTool }
    }
    const onDone = () => {
      const claim = current(pvc)
      if (!claim) return void rm(file, { force: true })
      annotate(claim, { [POD_PHASE]: 'Succeeded', [POD_READY]: 'false' })
    }
    const onFailed = (message: string) => {
      const claim = current(pvc)
      if (!claim) return
      const restarts = Number(annotation(claim, POD_RESTARTS) ?? 0) + 1
      annotate(claim, {
        [POD_RESTARTS]: String(restarts),
        'cdi.kubevirt.io/storage.condition.running': 'false',
        'cdi.kubevirt.io/storage.condition.running.reason': 'Error',
        'cdi.kubevirt.io/storage.condition.running.message': message,
      })
    }
    const entry = {
      server: createUploadServer(target, onDone, onFailed),
      streams: new Set<Readable>(),
    }
    servers.set(pvc.metadata.uid, entry)
    return entry
  }

  function forget(pvc: PersistentVolumeClaim): void {
    const entry = servers.get(pvc.metadata.uid)
    if (!entry) return
    servers.delete(pvc.metadata.uid)
    for (const stream of entry.streams) stream.destroy(new Error('the claim is gone'))
  }

  return {
    async receive(pvc, stream, isAsync) {
      const { server, streams } = serverOf(pvc)
      streams.add(stream)
      try {
        return await server.receive(stream, isAsync)
      } finally {
        streams.delete(stream)
      }
    },
  }
}

function podName({ metadata }: PersistentVolumeClaim): string {
  return `cdi-upload-${metadata.name}`
}

function uploadPod(pvc: PersistentVolumeClaim) {
  const { namespace = '' } = pvc.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(pvc),
      namespace,
      annotations: { 'cdi.kubevirt.io/storage.createdByController': 'yes' },
      labels: {
        app: 'containerized-data-importer',
        'cdi.kubevirt.io': 'cdi-upload-server',
        'app.kubernetes.io/component': 'storage',
        'app.kubernetes.io/managed-by': 'cdi-controller',
      },
      ownerReferences: [controllerReference(pvc)],
    },
    spec: {
      containers: [{ name: 'cdi-upload-server', image: IMAGE }],
      // CDI mounts a claim of its own here, whose volume it hands over when it is filled.
      restartPolicy: 'OnFailure',
    },
  }
}
