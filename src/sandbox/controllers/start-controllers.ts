/** Starts every controller of the cluster over what the store holds. */
import type { Cluster } from '../api/cluster.ts'
import { startUploadController, type Uploads } from '../cdi/upload-controller.ts'
import type { GuestHost } from '../guests/guest.ts'
import {
  isSimulated,
  keys,
  type Pod,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { createControllerScope } from './controller-context.ts'
import { startDataImportCronController } from './data-import-cron-controller.ts'
import { startDataSourceController } from './data-source-controller.ts'
import { startDataVolumeController } from './data-volume-controller.ts'
import { startDiskGrowth } from './disk-growth.ts'
import { createGuestRunner, type GuestRunner } from './guest-runner.ts'
import { startKubelet, type Kubelet } from './kubelet.ts'
import { startLeaderElection } from './leader-election.ts'
import { startResizeMarks } from './live-resize.ts'
import { startMigrationController } from './migration-controller.ts'
import { startNamespaceController } from './namespace-controller.ts'
import { startNetworkMoves } from './network-moves.ts'
import { startNodeHealth } from './node-health.ts'
import { startQuotaController } from './quota-controller.ts'
import { startScheduler } from './scheduler.ts'
import { startTemplateController } from './template-controller.ts'
import { startVmCloneController } from './vm-clone-controller.ts'
import { startVmController } from './vm-controller.ts'
import { startVmCopyControllers } from './vm-copy-controllers.ts'
import { startVmExportController } from './vm-export-controller.ts'
import { startVmPoolController } from './vm-pool-controller.ts'
import { createLauncherIndex, startVmiController, type LauncherIndex } from './vmi-controller.ts'
import { startVmiReplicaSetController } from './vmi-replica-set-controller.ts'
import { startVolumeBinder } from './volume-binder.ts'
import { startVolumeSnapshotController } from './volume-snapshot-controller.ts'
import { startWorkloadUpdater } from './workload-updater.ts'
import { startWorkloadControllers } from './workloads.ts'

export interface ControllerOptions {
  cluster: Cluster
  guests: GuestHost
  /** Folder for the disk files of claims; must exist. */
  diskDirectory: string
  /** Multiplies imitated durations, 1 in use. */
  pace?: number
  log(line: string): void
}

export interface Controllers {
  runner: GuestRunner
  launchers: LauncherIndex
  uploads: Uploads
  /** Stops all of them; guests are the guest host's to end. */
  close(): void
}

/**
 * Only what kube-controller-manager does by itself on a cluster without nodes and KubeVirt: claims,
 * workloads and what every namespace has. The API server has the garbage collector in it.
 */
export function startKubernetesControllers(options: ControllerOptions): Pick<Controllers, 'close'> {
  const scope = createControllerScope({ pace: 1, ...options })
  const { context } = scope
  startVolumeBinder(context)
  startWorkloadControllers(context)
  startNamespaceController(context)
  return { close: () => scope.close() }
}

/**
 * VMs seeded in bulk are in their final state already and are only looked at when one of them
 * changes, so the start takes no longer for 20,000 of them.
 */
export function startControllers(options: ControllerOptions): Controllers {
  const { cluster, guests, diskDirectory } = options
  const scope = createControllerScope({
    cluster,
    guests,
    diskDirectory,
    pace: options.pace ?? 1,
    log: (line) => options.log(line),
  })
  const { context } = scope
  const launchers = createLauncherIndex(context)
  let kubelet: Kubelet
  const runner = createGuestRunner(context, launchers, () => kubelet)
  kubelet = startKubelet(context, (pod: Pod) => runner.release(pod))
  const vms = startVmController(context)
  const vmis = startVmiController(context, launchers)
  startScheduler(context)
  startQuotaController(context)
  startVolumeBinder(context)
  startDiskGrowth(context, (uid) => runner.runningGuests().get(uid))
  startVolumeSnapshotController(context)
  startDataVolumeController(context)
  startDataSourceController(context)
  startDataImportCronController(context)
  const uploads = startUploadController(context)
  startWorkloadControllers(context)
  startLeaderElection(context)
  startNodeHealth(context)
  startMigrationController(context, launchers, runner)
  startResizeMarks(context)
  startNetworkMoves(context)
  startWorkloadUpdater(context)
  startVmPoolController(context)
  startVmiReplicaSetController(context)
  startVmCopyControllers(context)
  startVmCloneController(context)
  startVmExportController(context)
  startTemplateController(context)
  startNamespaceController(context)
  for (const vm of cluster.store.list<VirtualMachine>(keys.vm)) {
    if (!isSimulated(vm)) vms.addObject(vm)
  }
  for (const vmi of cluster.store.list<VirtualMachineInstance>(keys.vmi)) {
    if (!isSimulated(vmi)) vmis.queue.addObject(vmi)
  }
  return { runner, launchers, uploads, close: () => scope.close() }
}
