/** Puts the stand-ins of KubeVirt's and CDI's webhooks into a cluster's admission chain. */
import type { Cluster } from '../../api/cluster.ts'
import { limitRangeKey } from '../limit-range.ts'
import { keys } from '../objects.ts'
import { claimAdmission } from './claim-admission.ts'
import {
  cloneAdmission,
  exportAdmission,
  restoreAdmission,
  snapshotAdmission,
} from './copy-admission.ts'
import { dataImportCronAdmission } from './data-import-cron-admission.ts'
import { dataVolumeAdmission } from './data-volume-admission.ts'
import { limitAdmission, limitedKinds, limitRangeAdmission } from './limit-admission.ts'
import { quotaAdmission, quotaKinds } from './quota-admission.ts'
import { instancetypeAdmission, poolAdmission, replicaSetAdmission } from './set-admission.ts'
import { vmAdmission } from './vm-admission.ts'
import { migrationAdmission, vmiAdmission } from './vmi-admission.ts'

export function registerAdmission(cluster: Cluster): void {
  const { store } = cluster
  cluster.admit([keys.vm], vmAdmission(store))
  cluster.admit([keys.vmi], vmiAdmission(store))
  cluster.admit([keys.vmim], migrationAdmission(store))
  cluster.admit([keys.vmirs], replicaSetAdmission(store))
  cluster.admit([keys.pool], poolAdmission(store))
  for (const key of [keys.instancetype, keys.clusterInstancetype] as const) {
    cluster.admit([key], instancetypeAdmission(key))
  }
  cluster.admit([keys.snapshot], snapshotAdmission(store))
  cluster.admit([keys.restore], restoreAdmission(store))
  cluster.admit([keys.export], exportAdmission(store))
  cluster.admit([keys.clone], cloneAdmission(store))
  cluster.admit([keys.dataVolume], dataVolumeAdmission(cluster))
  cluster.admit([keys.dataImportCron], dataImportCronAdmission)
  cluster.admit([keys.pvc], claimAdmission(store))
  cluster.admit([limitRangeKey], limitRangeAdmission)
  for (const key of limitedKinds) cluster.admit([key], limitAdmission(store, key))
  for (const key of quotaKinds) cluster.admit([key], quotaAdmission(store, key))
}
