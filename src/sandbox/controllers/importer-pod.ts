/**
 * CDI's importer pods: each writes into a claim of its own, `prime-UID`, whose volume is handed over
 * in the end.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/populators/populator-base.go
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/util.go#L308
 */
import { timestamp, withCondition } from '../kubevirt/conditions.ts'
import {
  annotation,
  controllerReference,
  keys,
  type DataVolume,
  type PersistentVolumeClaim,
  type Pod,
} from '../kubevirt/objects.ts'
import type { ControllerContext } from './controller-context.ts'

const IMAGE = 'quay.io/kubevirt/cdi-importer:v1.63.0'
const IMPORT_POD = 'cdi.kubevirt.io/storage.import.importPodName'
const PRIME = 'cdi.kubevirt.io/storage.populator.pvcPrime'
const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const LOOK_MS = 300
/** The kubelet's back-off for containers that crash doubles up to five minutes. */
const BACK_OFF_MS = 10_000
const LONGEST_BACK_OFF_MS = 300_000

function primeName({ metadata }: PersistentVolumeClaim): string {
  return `prime-${metadata.uid}`
}

function podName(pvc: PersistentVolumeClaim): string {
  return `importer-${primeName(pvc)}`
}

/** Creates the pod that imports from `endpoint`, and the claim it writes into. */
export function startImporter(
  { cluster: { store } }: ControllerContext,
  pvc: PersistentVolumeClaim,
  endpoint: string,
): void {
  const { namespace = '', name } = pvc.metadata
  const labels = {
    app: 'containerized-data-importer',
    'app.kubernetes.io/component': 'storage',
    'app.kubernetes.io/managed-by': 'cdi-controller',
    'cdi.kubevirt.io': 'importer',
  }
  const node = annotation(pvc, SELECTED_NODE)
  if (!store.get(keys.pvc, namespace, primeName(pvc)))
    store.create(keys.pvc, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: primeName(pvc),
        namespace,
        labels,
        annotations: {
          [IMPORT_POD]: podName(pvc),
          'cdi.kubevirt.io/storage.populator.kind': 'VolumeImportSource',
          ...(node !== undefined && { [SELECTED_NODE]: node }),
        },
        ownerReferences: [controllerReference(pvc)],
      },
      spec: pvc.spec,
      status: { phase: 'Pending' },
    })
  store.update(keys.pvc, namespace, name, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [PRIME]: primeName(pvc) }
  })
  if (store.get(keys.pod, namespace, podName(pvc))) return
  store.create(keys.pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(pvc),
      namespace,
      labels,
      ownerReferences: [controllerReference(store.get(keys.pvc, namespace, primeName(pvc))!)],
    },
    spec: {
      containers: [
        {
          name: 'importer',
          image: IMAGE,
          env: [{ name: 'IMPORTER_ENDPOINT', value: endpoint }],
        },
      ],
      restartPolicy: 'OnFailure',
      volumes: [{ name: 'cdi-data-vol', persistentVolumeClaim: { claimName: primeName(pvc) } }],
    },
    status: { phase: 'Pending' },
  })
}

/** Ends the pods of claims that are being deleted, which would wait for each other. */
export function startImporterCleanUp(context: ControllerContext): void {
  const { store } = context.cluster
  context.onClose(
    store.subscribe<PersistentVolumeClaim>(keys.pvc, ({ object }) => {
      const name = annotation(object, IMPORT_POD)
      if (name === undefined || !object.metadata.deletionTimestamp) return
      const pod = store.get(keys.pod, object.metadata.namespace, name)
      if (pod && !pod.metadata.deletionTimestamp)
        store.delete(keys.pod, object.metadata.namespace, name)
    }),
  )
}

/** Takes pod and claim away; nothing happens where there are none. */
export function endImporter(
  { cluster: { store } }: ControllerContext,
  pvc: PersistentVolumeClaim,
): void {
  const { namespace, name } = pvc.metadata
  if (store.get(keys.pvc, namespace, primeName(pvc)))
    store.delete(keys.pvc, namespace, primeName(pvc))
  store.update(keys.pvc, namespace, name, ({ metadata }) => {
    if (metadata.annotations) delete metadata.annotations[PRIME]
  })
}

/**
 * Has the importer of the claim fail with `message` and be restarted until the claim or the pod is
 * gone, or until `tryAgain` has no message for it.
 */
export function crashImporter(
  context: ControllerContext,
  dataVolume: DataVolume,
  pvc: PersistentVolumeClaim,
  message: string,
  tryAgain?: () => Promise<string | undefined>,
): void {
  const { store } = context.cluster
  let why = message
  const { namespace } = pvc.metadata
  /** Of the pod that crashes; one made anew is not ours. */
  let uid: string | undefined
  look(0)

  function pod(): Pod | undefined {
    const found = store.get<Pod>(keys.pod, namespace, podName(pvc))
    if (!found || found.metadata.deletionTimestamp) return undefined
    uid ??= found.metadata.uid
    return found.metadata.uid === uid ? found : undefined
  }

  function look(restarts: number): void {
    const phase = pod()?.status?.phase
    if (phase === undefined) return
    context.later(LOOK_MS, () => (phase === 'Running' ? crash(restarts) : look(restarts)))
  }

  function crash(restarts: number): void {
    if (!pod()) return
    const backOffMs = Math.min(BACK_OFF_MS * 2 ** restarts, LONGEST_BACK_OFF_MS)
    const now = timestamp()
    const terminated = {
      exitCode: 1,
      reason: 'Error',
      message: why,
      startedAt: now,
      finishedAt: now,
    }
    setContainer(restarts, {
      ready: false,
      started: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off ${backOffMs / 1000}s restarting failed container=importer pod=${podName(pvc)}_${namespace ?? ''}(${uid ?? ''})`,
        },
      },
      lastState: { terminated },
    })
    reportCrash(context, dataVolume, pvc, { message: why, restarts })
    if (restarts === 0) context.cluster.event(dataVolume, 'Warning', 'Error', why)
    context.later(backOffMs, () => {
      if (!pod()) return
      setContainer(restarts + 1, {
        ready: true,
        started: true,
        state: { running: { startedAt: timestamp() } },
        lastState: { terminated },
      })
      if (tryAgain) void runAgain(restarts + 1, tryAgain)
      else context.later(LOOK_MS * 5, () => crash(restarts + 1))
    })
  }

  async function runAgain(restarts: number, run: () => Promise<string | undefined>): Promise<void> {
    const failure = await run()
    if (failure === undefined) return
    why = failure
    crash(restarts)
  }

  function setContainer(restartCount: number, state: object): void {
    store.update<Pod>(keys.pod, namespace, podName(pvc), ({ status }) => {
      status!.containerStatuses = status!.containerStatuses!.map((container) => ({
        ...container,
        ...state,
        restartCount,
      }))
    })
  }
}

function reportCrash(
  { cluster: { store } }: ControllerContext,
  { metadata }: DataVolume,
  pvc: PersistentVolumeClaim,
  { message, restarts }: { message: string; restarts: number },
): void {
  store.update(keys.pvc, pvc.metadata.namespace, pvc.metadata.name, (draft) => {
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      'cdi.kubevirt.io/storage.condition.running': 'false',
      'cdi.kubevirt.io/storage.condition.running.message': message,
      'cdi.kubevirt.io/storage.condition.running.reason': crashReason(message),
      'cdi.kubevirt.io/storage.pod.restarts': String(restarts),
    }
  })
  const current = store.get<DataVolume>(keys.dataVolume, metadata.namespace, metadata.name)
  if (current?.metadata.uid !== metadata.uid) return
  store.update<DataVolume>(keys.dataVolume, metadata.namespace, metadata.name, ({ status }) => {
    const conditions = withCondition(status!.conditions, {
      type: 'Running',
      status: 'False',
      reason: crashReason(message),
      message,
    })
    status!.restartCount = restarts
    status!.conditions = conditions.map(({ lastProbeTime: _probed, ...condition }) => ({
      ...condition,
      lastHeartbeatTime: condition.lastTransitionTime ?? timestamp(),
    }))
  })
}

/** An image that couldn't be had has a reason of its own (v1.63.0 pkg/controller/util.go). */
function crashReason(message: string): string {
  return message.includes('failed to pull image') ? 'ImagePullFailed' : 'Error'
}

/**
 * Why nothing can be had from a URL: names below `.invalid` exist nowhere (RFC 6761). In the words of
 * Go's resolver, as the importer passes them on.
 */
export function unreachable(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  if (!hostname.endsWith('.invalid')) return undefined
  return `Unable to process data: Get "${url}": dial tcp: lookup ${hostname} on 10.96.0.10:53: no such host`
}

/** What the importer prints, as far as it has come; in klog's format. */
export function importerLog({ spec, status }: Pod): { time: Date; text: string }[] {
  const [container] = spec.containers
  const env = (container?.['env'] ?? []) as { name: string; value?: string }[]
  const url = env.find(({ name }) => name === 'IMPORTER_ENDPOINT')?.value ?? ''
  const [current] = status?.containerStatuses ?? []
  const { terminated } = (current?.lastState ?? {}) as {
    terminated?: { message: string; finishedAt: string }
  }
  const started = current?.state.running?.startedAt ?? terminated?.finishedAt
  if (started === undefined) return []
  const time = new Date(started)
  const line = (level: string, place: string, words: string) => ({
    time,
    text: `${level}${klogTime(time)}       1 ${place}] ${words}`,
  })
  return [
    line('I', 'importer.go:108', 'Starting importer'),
    line('I', 'importer.go:183', 'begin import process'),
    line('I', 'http-datasource.go:290', `Attempting to get ${url}`),
    ...(terminated && !current?.state.running
      ? [line('E', 'importer.go:213', terminated.message)]
      : []),
  ]
}

function klogTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split('T')
  return `${date.slice(5).replace('-', '')} ${clock.replace('Z', '000')}`
}
