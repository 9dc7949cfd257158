/**
 * Live migrations: a second launcher pod on another node, then the VMI moves there. The guest
 * itself stays the same process; its streams break at the hand-over, as on a cluster.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/migration/migration.go
 */
import type { KubeObject } from '../api/cluster.ts'
import { hasCondition, timestamp, withCondition, withoutCondition } from '../kubevirt/conditions.ts'
import {
  isFinal,
  keys,
  type Condition,
  type MigrationState,
  type Pod,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { guestSize } from './guest-config.ts'
import type { GuestRunner } from './guest-runner.ts'
import { migratability } from './guest-status.ts'
import { launcherPod } from './launcher-pod.ts'
import { settleResize } from './live-resize.ts'
import type { LauncherIndex } from './vmi-controller.ts'
import { migratedVolumes } from './volume-migration.ts'
import { createVolumeMirrors, settleMigratedVolumes } from './volume-mirrors.ts'

interface Migration extends KubeObject {
  spec: { vmiName: string; addedNodeSelector?: Record<string, string> }
  status?: {
    phase?: string
    conditions?: Condition[]
    migrationState?: MigrationState
    phaseTransitionTimestamps?: { phase: string; phaseTransitionTimestamp: string }[]
  }
}

const FINALIZER = 'kubevirt.io/migrationJobFinalize'
const STEP_MS = 700
const COPY_MS = 4000

export function startMigrationController(
  context: ControllerContext,
  launchers: LauncherIndex,
  runner: GuestRunner,
): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'migration', sync)
  /** When the next step is due, by migration uid and phase, so that each step is timed once. */
  const timed = new Set<string>()
  /** Migrations, by uid, whose volumes are being copied. */
  const copying = new Set<string>()
  const mirrors = createVolumeMirrors(context, (uid) => runner.runningGuests().get(uid))

  for (const migration of store.list(keys.vmim)) queue.addObject(migration)
  context.onClose(
    store.subscribe(keys.vmim, ({ type, object }) => {
      if (type !== 'DELETED') queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ object }) => {
      for (const migration of store.list<Migration>(keys.vmim, object.metadata.namespace))
        if (copying.has(migration.metadata.uid)) queue.addObject(migration)
    }),
  )
  context.onClose(
    store.subscribe<Pod>(keys.pod, ({ object }) => {
      const job = object.metadata.annotations?.['kubevirt.io/migrationJobName']
      if (job) queue.add(`${object.metadata.namespace ?? ''}/${job}`)
    }),
  )

  function sync(namespace: string, name: string): void {
    const migration = store.get<Migration>(keys.vmim, namespace, name)
    if (!migration) return
    const phase = migration.status?.phase
    const done = phase === 'Succeeded' || phase === 'Failed'
    if (done) {
      dropFinalizer(migration)
      return
    }
    const vmi = store.get<VirtualMachineInstance>(keys.vmi, namespace, migration.spec.vmiName)
    if (!vmi || isFinal(vmi) || vmi.metadata.deletionTimestamp) {
      fail(migration, vmi, 'the VMI is gone')
      return
    }
    if (migration.metadata.deletionTimestamp) {
      fail(migration, vmi, 'Live migration aborted', true)
      return
    }
    switch (phase) {
      case undefined:
        begin(migration)
        break
      case 'Pending':
        if (!migrationUnderWay(vmi, migration)) createTarget(migration, vmi)
        break
      case 'Scheduling':
        followTarget(migration, vmi)
        break
      case 'Scheduled':
        after(migration, STEP_MS, () => setPhase(migration, 'PreparingTarget'))
        break
      case 'PreparingTarget':
        after(migration, STEP_MS, () => setPhase(migration, 'TargetReady'))
        break
      case 'TargetReady':
        after(migration, STEP_MS, () => copy(migration))
        break
      case 'Running':
        // Volumes are copied as long as it takes; that is what ends the migration then.
        if (migratedVolumes(vmi).length === 0 && !copying.has(migration.metadata.uid))
          after(migration, COPY_MS, () => handOver(migration))
        else if (isCancelled(vmi)) fail(migration, vmi, 'Live migration aborted', true)
        break
      default:
        break
    }
  }

  function after(migration: Migration, ms: number, action: () => void): void {
    const key = `${migration.metadata.uid}/${migration.status?.phase}`
    if (timed.has(key)) return
    timed.add(key)
    context.later(ms, () => {
      timed.delete(key)
      const { namespace, name, uid } = migration.metadata
      const current = store.get<Migration>(keys.vmim, namespace, name)
      if (current?.metadata.uid !== uid || current.metadata.deletionTimestamp) return
      if (current.status?.phase === migration.status?.phase) action()
    })
  }

  function begin(migration: Migration): void {
    store.update<Migration>(
      keys.vmim,
      migration.metadata.namespace,
      migration.metadata.name,
      ({ metadata, spec }) => {
        metadata.labels = { ...metadata.labels, 'kubevirt.io/vmi-name': spec.vmiName }
        if (!metadata.finalizers?.includes(FINALIZER)) {
          metadata.finalizers = [...(metadata.finalizers ?? []), FINALIZER]
        }
      },
    )
    setPhase(migration, 'Pending')
  }

  function setPhase(migration: Migration, phase: string, state?: MigrationState): void {
    const { namespace, name } = migration.metadata
    store.update<Migration>(keys.vmim, namespace, name, (draft) => {
      const status = (draft.status ??= {})
      if (status.phase === phase) return
      status.phase = phase
      status.phaseTransitionTimestamps = [
        ...(status.phaseTransitionTimestamps ?? []),
        { phase, phaseTransitionTimestamp: timestamp() },
      ]
      if (state) status.migrationState = state
    })
  }

  function migrationUnderWay(vmi: VirtualMachineInstance, migration: Migration): boolean {
    const state = vmi.status?.migrationState
    return Boolean(
      state?.migrationUid && state.migrationUid !== migration.metadata.uid && !state.endTimestamp,
    )
  }

  function targetPod(migration: Migration, vmi: VirtualMachineInstance): Pod | undefined {
    return launchers
      .podsOf(vmi.metadata.uid)
      .find(
        (pod) =>
          pod.metadata.annotations?.['kubevirt.io/migrationJobName'] === migration.metadata.name,
      )
  }

  function createTarget(migration: Migration, vmi: VirtualMachineInstance): void {
    if (vmi.status?.phase !== 'Running') {
      fail(migration, vmi, 'the VMI is not running')
      return
    }
    const pod = launcherPod(store, vmi)
    pod.metadata.labels = {
      ...pod.metadata.labels,
      'kubevirt.io/migrationJobUID': migration.metadata.uid,
    }
    pod.metadata.annotations = {
      ...pod.metadata.annotations,
      'kubevirt.io/migrationJobName': migration.metadata.name,
    }
    const source = vmi.status.nodeName
    const other = store
      .list(keys.node)
      .find(
        ({ metadata, spec }) =>
          metadata.name !== source &&
          metadata.labels?.['kubevirt.io/schedulable'] === 'true' &&
          !(spec as { unschedulable?: boolean }).unschedulable &&
          Object.entries({ ...vmi.spec.nodeSelector, ...migration.spec.addedNodeSelector }).every(
            ([label, value]) => metadata.labels?.[label] === value,
          ),
      )
    const spec = pod['spec'] as Pod['spec']
    spec.nodeSelector = {
      ...spec.nodeSelector,
      ...migration.spec.addedNodeSelector,
      'kubernetes.io/hostname': other?.metadata.name ?? 'another-node',
    }
    const created = store.create(keys.pod, pod)
    cluster.event(
      migration,
      'Normal',
      'SuccessfulCreate',
      `Created migration target pod ${created.metadata.name}`,
    )
    setPhase(migration, 'Scheduling')
  }

  function followTarget(migration: Migration, vmi: VirtualMachineInstance): void {
    const pod = targetPod(migration, vmi)
    if (!pod) {
      fail(migration, vmi, 'the target pod is gone')
    } else if (hasCondition(pod.status?.conditions, 'Ready')) {
      setPhase(migration, 'Scheduled')
    }
  }

  function setState(vmi: VirtualMachineInstance, state: MigrationState): void {
    store.update<VirtualMachineInstance>(
      keys.vmi,
      vmi.metadata.namespace,
      vmi.metadata.name,
      (draft) => {
        draft.status!.migrationState = state
      },
    )
  }

  function vmiOf(migration: Migration): VirtualMachineInstance | undefined {
    return store.get<VirtualMachineInstance>(
      keys.vmi,
      migration.metadata.namespace,
      migration.spec.vmiName,
    )
  }

  function copy(migration: Migration): void {
    const vmi = vmiOf(migration)
    const target = vmi && targetPod(migration, vmi)
    if (!vmi || !target) return
    const source = launchers
      .podsOf(vmi.metadata.uid)
      .find(({ metadata }) => metadata.uid !== target.metadata.uid)
    const state: MigrationState = {
      migrationUid: migration.metadata.uid,
      startTimestamp: timestamp(),
      sourceNode: vmi.status?.nodeName ?? '',
      targetNode: target.spec.nodeName ?? '',
      sourcePod: source?.metadata.name ?? '',
      targetPod: target.metadata.name,
      mode: 'PreCopy',
    }
    setState(vmi, state)
    setPhase(migration, 'Running', state)
    cluster.event(vmi, 'Normal', 'Migrating', 'VirtualMachineInstance is migrating.')
    if (migratedVolumes(vmi).length > 0) void copyVolumes(migration, vmi)
  }

  async function copyVolumes(migration: Migration, vmi: VirtualMachineInstance): Promise<void> {
    const { uid } = migration.metadata
    if (copying.has(uid)) return
    copying.add(uid)
    try {
      await mirrors.copy(vmi)
      context.later(COPY_MS, () => void endCopy(migration))
    } catch (error) {
      failCopy(migration, error)
    }
  }

  function failCopy(migration: Migration, error: unknown): void {
    if (!copying.has(migration.metadata.uid)) return
    fail(migration, vmiOf(migration), error instanceof Error ? error.message : String(error))
  }

  async function endCopy(migration: Migration): Promise<void> {
    const vmi = vmiOf(migration)
    if (!vmi || !copying.has(migration.metadata.uid)) return
    try {
      await mirrors.finish(vmi)
      copying.delete(migration.metadata.uid)
      handOver(migration)
    } catch (error) {
      failCopy(migration, error)
    }
  }

  function handOver(migration: Migration): void {
    const vmi = vmiOf(migration)
    const target = vmi && targetPod(migration, vmi)
    if (!vmi?.status?.migrationState || !target) return
    const state = { ...vmi.status.migrationState, endTimestamp: timestamp(), completed: true }
    store.update<VirtualMachineInstance>(
      keys.vmi,
      vmi.metadata.namespace,
      vmi.metadata.name,
      (draft) => {
        const status = draft.status!
        status.migrationState = state
        status.nodeName = target.spec.nodeName ?? ''
        status.activePods = { [target.metadata.uid]: target.spec.nodeName ?? '' }
        status.conditions = withoutCondition(status.conditions, 'MigrationRequired')
        settleMigratedVolumes(store, draft)
        settleResize(draft)
        for (const condition of migratability(store, draft))
          status.conditions = withCondition(status.conditions, condition)
        draft.metadata.labels = {
          ...draft.metadata.labels,
          'kubevirt.io/nodeName': target.spec.nodeName ?? '',
        }
      },
    )
    for (const pod of launchers.podsOf(vmi.metadata.uid)) {
      if (pod.metadata.uid !== target.metadata.uid) {
        store.delete(keys.pod, pod.metadata.namespace, pod.metadata.name)
      }
    }
    const guest = runner.runningGuests().get(vmi.metadata.uid)
    guest?.resize(guestSize(vmi.spec))
    runner.breakStreams(vmi.metadata.uid)
    setPhase(migration, 'Succeeded', state)
    cluster.event(
      vmi,
      'Normal',
      'Migrated',
      `The VirtualMachineInstance migrated to node ${state.targetNode}.`,
    )
  }

  function fail(
    migration: Migration,
    vmi: VirtualMachineInstance | undefined,
    reason: string,
    aborted = false,
  ): void {
    if (copying.delete(migration.metadata.uid) && vmi) mirrors.cancel(vmi.metadata.uid)
    const before = vmi?.status?.migrationState
    const ours = before?.migrationUid === migration.metadata.uid
    if (vmi && ours && !before?.endTimestamp) {
      setState(vmi, {
        ...before,
        endTimestamp: timestamp(),
        failed: true,
        failureReason: reason,
        ...(aborted ? { abortRequested: true, abortStatus: 'Succeeded' } : {}),
      })
    }
    const target = vmi && targetPod(migration, vmi)
    if (target) store.delete(keys.pod, target.metadata.namespace, target.metadata.name)
    const { namespace, name } = migration.metadata
    store.update<Migration>(keys.vmim, namespace, name, (draft) => {
      const status = (draft.status ??= {})
      status.conditions = withCondition(status.conditions, {
        type: aborted ? 'migrationAbortRequested' : 'Failed',
        status: 'True',
        message: reason,
      })
    })
    setPhase(migration, 'Failed')
  }

  function dropFinalizer(migration: Migration): void {
    store.update(keys.vmim, migration.metadata.namespace, migration.metadata.name, (draft) => {
      draft.metadata.finalizers = draft.metadata.finalizers?.filter((f) => f !== FINALIZER) ?? []
    })
  }
}

/** The VM has named its old claims again. */
function isCancelled({ status }: VirtualMachineInstance): boolean {
  return hasCondition(status?.conditions, 'VolumesChange', 'False')
}
