/**
 * CDI's DataImportCrons: an import of the image whenever it has changed, and the DataSource that
 * names the latest. Nothing reaches a registry here, so an image never changes: what a poll finds is
 * made of its URL.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/dataimportcron-controller.go
 */
import { createHash } from 'node:crypto'

import { cronSchedule } from '../cdi/cron-schedule.ts'
import { timestamp, withCondition } from '../kubevirt/conditions.ts'
import {
  annotation,
  keys,
  type Condition,
  type DataImportCron,
  type DataSource,
  type DataVolume,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'

const CRON_LABEL = 'cdi.kubevirt.io/dataImportCron'
const DESIRED_DIGEST = 'cdi.kubevirt.io/storage.import.sourceDesiredDigest'
const POLL_MS = 1500
const MINUTE_MS = 60_000

export function startDataImportCronController(context: ControllerContext): void {
  const { store } = context.cluster
  const queue = createWorkQueue(context, 'dataimportcron', sync)
  const crons = () => store.list<DataImportCron>(keys.dataImportCron)

  for (const cron of crons()) queue.addObject(cron)
  context.onClose(
    store.subscribe(keys.dataImportCron, ({ type, object }) => {
      if (type === 'DELETED') cleanUp(object as DataImportCron)
      else queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe(keys.dataVolume, ({ object }) => {
      const cron = object.metadata.labels?.[CRON_LABEL]
      if (cron) queue.add(`${object.metadata.namespace ?? ''}/${cron}`)
    }),
  )
  if (context.pace > 0) waitForMinute()

  function waitForMinute(): void {
    context.later((MINUTE_MS - (Date.now() % MINUTE_MS)) / context.pace, () => {
      const now = new Date()
      for (const cron of crons()) if (cronSchedule(cron.spec.schedule)?.(now)) poll(cron)
      waitForMinute()
    })
  }

  /** What CDI's poller writes of the registry's answer. */
  function poll({ metadata, spec }: DataImportCron): void {
    const { namespace, name } = metadata
    if (!store.get(keys.dataImportCron, namespace, name)) return
    const digest = createHash('sha256').update(imageOf(spec)).digest('hex')
    store.update<DataImportCron>(keys.dataImportCron, namespace, name, (draft) => {
      draft.metadata.annotations = {
        ...draft.metadata.annotations,
        [DESIRED_DIGEST]: `sha256:${digest}`,
      }
      draft.status = { ...draft.status, lastExecutionTimestamp: timestamp() }
    })
  }

  function sync(namespace: string, name: string): void {
    const cron = store.get<DataImportCron>(keys.dataImportCron, namespace, name)
    if (!cron || cron.metadata.deletionTimestamp) return
    const digest = annotation(cron, DESIRED_DIGEST)
    if (digest === undefined) {
      keepDataSource(cron)
      setStatus(cron, { progressing: none, upToDate: no('NoDigest', 'No source digest') })
      context.later(POLL_MS, () => poll(cron))
      return
    }
    const current = cron.status?.currentImports?.[0]
    if (current?.Digest !== digest) return begin(cron, digest)
    const dataVolume = store.get<DataVolume>(keys.dataVolume, namespace, current.DataVolumeName)
    const phase = dataVolume?.status?.phase ?? ''
    if (phase === 'Succeeded') return succeed(cron, current.DataVolumeName)
    const progressing =
      phase === 'ImportInProgress'
        ? yes('ImportProgressing', 'Import is progressing')
        : phase === 'ImportScheduled'
          ? no('ImportScheduled', 'Import is scheduled')
          : no(phase || 'Pending', `Import DataVolume phase ${phase}`)
    setStatus(cron, {
      progressing,
      upToDate: no('ImportProgressing', 'Import is progressing'),
    })
  }

  function begin(cron: DataImportCron, digest: string): void {
    const { namespace = '', name, labels } = cron.metadata
    const dataVolume = `${cron.spec.managedDataSource}-${digest.replace('sha256:', '').slice(0, 12)}`
    if (!store.get(keys.dataVolume, namespace, dataVolume))
      store.create(keys.dataVolume, {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataVolume',
        metadata: {
          name: dataVolume,
          namespace,
          labels: { ...recommendations(labels), [CRON_LABEL]: name },
          annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
        },
        spec: cron.spec.template?.spec ?? {},
      })
    setStatus(
      cron,
      { upToDate: no('Outdated', 'Source digest updated since last import') },
      { currentImports: [{ DataVolumeName: dataVolume, Digest: digest }], sourceFormat: 'pvc' },
    )
    keepDataSource(cron)
  }

  function succeed(cron: DataImportCron, dataVolume: string): void {
    const { namespace = '' } = cron.metadata
    const isNew = cron.status?.lastImportedPVC?.name !== dataVolume
    const conditions = {
      progressing: none,
      upToDate: yes('UpToDate', 'Latest import is up to date'),
    }
    const imported = { lastImportedPVC: { namespace, name: dataVolume } }
    setStatus(cron, conditions, isNew ? { ...imported, lastImportTimestamp: timestamp() } : {})
    keepDataSource(cron, imported.lastImportedPVC)
  }

  function keepDataSource(
    { metadata, spec }: DataImportCron,
    pvc?: { namespace: string; name: string },
  ): void {
    const { namespace = '', name, labels } = metadata
    const wanted = { ...recommendations(labels), [CRON_LABEL]: name }
    const found = store.get<DataSource>(keys.dataSource, namespace, spec.managedDataSource)
    if (!found) {
      store.create(keys.dataSource, {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataSource',
        metadata: { name: spec.managedDataSource, namespace, labels: wanted },
        spec: { source: pvc ? { pvc } : {} },
      })
      return
    }
    // One that somebody has taken over is left alone.
    if (!found.metadata.labels?.[CRON_LABEL]) return
    store.update<DataSource>(keys.dataSource, namespace, spec.managedDataSource, (draft) => {
      // Labels that somebody has set stay (passCronLabelToDataSource).
      draft.metadata.labels = { ...wanted, ...draft.metadata.labels }
      if (pvc) draft.spec.source = { pvc }
    })
  }

  function setStatus(
    { metadata }: DataImportCron,
    { progressing, upToDate }: { progressing?: Verdict; upToDate: Verdict },
    more: NonNullable<DataImportCron['status']> = {},
  ): void {
    store.update<DataImportCron>(
      keys.dataImportCron,
      metadata.namespace,
      metadata.name,
      (draft) => {
        let conditions = draft.status?.conditions
        if (progressing)
          conditions = withCondition(conditions, { type: 'Progressing', ...progressing })
        conditions = withCondition(conditions, { type: 'UpToDate', ...upToDate })
        draft.status = { ...draft.status, ...more, conditions }
      },
    )
  }

  /** What it made goes with it, unless its retention policy says otherwise. */
  function cleanUp({ metadata, spec }: DataImportCron): void {
    if (spec.retentionPolicy === 'All') return
    const isOurs = (labels?: Record<string, string>) => labels?.[CRON_LABEL] === metadata.name
    for (const key of [keys.dataSource, keys.dataVolume] as const)
      for (const object of store.list(key))
        if (object.metadata.namespace === metadata.namespace && isOurs(object.metadata.labels))
          store.delete(key, metadata.namespace, object.metadata.name)
  }
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>

const yes = (reason: string, message: string): Verdict => ({ status: 'True', reason, message })
const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message })
const none = no('NoImport', 'No current import')

function imageOf({ template }: DataImportCron['spec']): string {
  return JSON.stringify(template?.spec?.source?.['registry'] ?? {})
}

/** The labels that CDI passes on to all it makes. */
function recommendations(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => key.startsWith('instancetype.kubevirt.io/default-')),
  )
}
