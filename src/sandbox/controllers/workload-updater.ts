/**
 * virt-controller's workload updater: where the KubeVirt resource lists `LiveMigrate` among its
 * `workloadUpdateMethods`, VMIs whose changes need a migration are migrated by themselves; migrations
 * that have become needless are aborted. `Evict` and outdated launchers, as after an update of
 * KubeVirt, aren't imitated.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/workload-updater/workload-updater.go
 */
import type { KubeObject, NewObject } from '../api/cluster.ts'
import { findCondition, hasCondition } from '../kubevirt/conditions.ts'
import { annotation, keys, type VirtualMachineInstance } from '../kubevirt/objects.ts'
import { createWorkQueue, nameSuffix, type ControllerContext } from './controller-context.ts'
import { isMigrating } from './migration-state.ts'

interface KubeVirt extends KubeObject {
  spec: { workloadUpdateStrategy?: { workloadUpdateMethods?: string[] } }
  status?: { phase?: string; outdatedVirtualMachineInstanceWorkloads?: number }
}

interface Migration extends KubeObject {
  spec: { vmiName: string }
  status?: { phase?: string }
}

const THROTTLE_MS = 5000
/** `parallelMigrationsPerCluster`, unless configured. */
const PARALLEL_MIGRATIONS = 5
const BY_US = 'kubevirt.io/workloadUpdateMigration'
const VOLUMES_UPDATE = 'kubevirt.io/volume-update-migration'

export function startWorkloadUpdater(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'workload-updater', sync)
  let isDue = false

  context.onClose(store.subscribe(keys.kubevirt, look))
  context.onClose(store.subscribe(keys.vmim, look))
  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ type, object, previous }) => {
      if (type === 'MODIFIED' && (needsMigration(object) || (previous && needsMigration(previous))))
        look()
    }),
  )

  /** Soon, and once however much happens until then. */
  function look(): void {
    if (isDue) return
    isDue = true
    context.later(THROTTLE_MS, () => {
      isDue = false
      for (const kubevirt of store.list(keys.kubevirt)) queue.addObject(kubevirt)
    })
  }

  function sync(namespace: string, name: string): void {
    const kubevirt = store.get<KubeVirt>(keys.kubevirt, namespace, name)
    if (kubevirt?.status?.phase !== 'Deployed') return
    const methods = kubevirt.spec.workloadUpdateStrategy?.workloadUpdateMethods ?? []
    const unfinished = store.list<Migration>(keys.vmim).filter(({ status }) => !isOver(status))
    const vmis = store
      .list<VirtualMachineInstance>(keys.vmi)
      .filter(({ status, metadata }) => status?.phase === 'Running' && !metadata.deletionTimestamp)
    let waiting = 0
    let room = PARALLEL_MIGRATIONS - unfinished.filter(({ status }) => status?.phase).length
    for (const vmi of vmis) {
      const migrations = unfinished.filter(
        ({ metadata, spec }) =>
          metadata.namespace === vmi.metadata.namespace && spec.vmiName === vmi.metadata.name,
      )
      if (!needsMigration(vmi)) {
        abort(vmi, migrations)
        continue
      }
      waiting += 1
      const isReady = migrations.length === 0 && !isMigrating(vmi) && isMigratable(vmi)
      if (!methods.includes('LiveMigrate') || !isReady || room <= 0) continue
      room -= 1
      migrate(vmi)
    }
    store.update<KubeVirt>(keys.kubevirt, namespace, name, (draft) => {
      draft.status!.outdatedVirtualMachineInstanceWorkloads = waiting
    })
    if (waiting > 0 && methods.includes('LiveMigrate')) look()
  }

  function migrate(vmi: VirtualMachineInstance): void {
    const { namespace = '', name } = vmi.metadata
    const migration: NewObject = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceMigration',
      metadata: {
        name: `kubevirt-workload-update-${nameSuffix()}`,
        generateName: 'kubevirt-workload-update-',
        namespace,
        annotations: { [BY_US]: '' },
        ...(hasCondition(vmi.status?.conditions, 'VolumesChange') && {
          labels: { [VOLUMES_UPDATE]: name.length > 63 ? vmi.metadata.uid : name },
        }),
      },
      spec: { vmiName: name, priority: 'user-triggered' },
    }
    const created = store.create(keys.vmim, migration)
    cluster.event(
      vmi,
      'Normal',
      'SuccessfulCreate',
      `Created Migration ${created.metadata.name} for automated workload update`,
    )
  }

  /** Ends what was begun for a change that is no more. */
  function abort(vmi: VirtualMachineInstance, migrations: readonly Migration[]): void {
    for (const migration of migrations) {
      if (annotation(migration, BY_US) === undefined || migration.metadata.deletionTimestamp)
        continue
      store.delete(keys.vmim, migration.metadata.namespace, migration.metadata.name)
      cluster.event(
        vmi,
        'Normal',
        'SuccessfulChangeAbortion',
        `Aborted change for vmi: ${vmi.metadata.name}`,
      )
    }
  }
}

/** A change of CPUs, memory, interfaces or volumes that a migration would apply. */
function needsMigration({ status }: VirtualMachineInstance): boolean {
  const conditions = status?.conditions
  return (
    findCondition(conditions, 'HotVCPUChange') !== undefined ||
    hasCondition(conditions, 'HotMemoryChange') ||
    hasCondition(conditions, 'MigrationRequired') ||
    hasCondition(conditions, 'VolumesChange')
  )
}

function isMigratable({ status }: VirtualMachineInstance): boolean {
  return hasCondition(status?.conditions, 'LiveMigratable')
}

function isOver(status: Migration['status']): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}
