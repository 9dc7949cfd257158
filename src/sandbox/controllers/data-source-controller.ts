/**
 * CDI's DataSources: whether what one names can be cloned now.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/datasource-controller.go
 */
import { isDeepStrictEqual } from 'node:util'

import type { Store } from '../api/cluster.ts'
import { withCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Condition,
  type DataSource,
  type DataVolume,
  type VolumeSnapshot,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>

export function startDataSourceController(context: ControllerContext): void {
  const { store } = context.cluster
  const queue = createWorkQueue(context, 'datasource', sync)
  const addAll = () => {
    for (const dataSource of store.list(keys.dataSource)) queue.addObject(dataSource)
  }

  addAll()
  // There are few, and what they name changes seldom.
  for (const key of [keys.dataSource, keys.dataVolume, keys.pvc, keys.volumeSnapshot] as const)
    context.onClose(store.subscribe(key, addAll))

  function sync(namespace: string, name: string): void {
    const dataSource = store.get<DataSource>(keys.dataSource, namespace, name)
    if (!dataSource || dataSource.metadata.deletionTimestamp) return
    const { source } = dataSource.spec
    const conditions = withCondition(dataSource.status?.conditions, {
      type: 'Ready',
      ...verdictOn(store, namespace, source),
    })
    if (
      conditions === dataSource.status?.conditions &&
      isDeepStrictEqual(dataSource.status?.source, source)
    )
      return
    store.update<DataSource>(keys.dataSource, namespace, name, (draft) => {
      draft.status = { ...draft.status, source, conditions }
    })
  }
}

const isReady: Verdict = {
  status: 'True',
  reason: 'Ready',
  message: 'DataSource is ready to be consumed',
}

const not = (reason: string, message: string): Verdict => ({ status: 'False', reason, message })

function verdictOn(store: Store, home: string, source: DataSource['spec']['source']): Verdict {
  const { pvc, snapshot, dataSource } = source
  if (pvc) return claimVerdict(store, pvc.namespace ?? home, pvc.name)
  if (snapshot) {
    const namespace = snapshot.namespace ?? home
    const found = store.get<VolumeSnapshot>(keys.volumeSnapshot, namespace, snapshot.name)
    if (!found) return not('NotFound', 'Snapshot not found')
    return found.status?.readyToUse ? isReady : not('SnapshotNotReady', 'Snapshot is not ready')
  }
  if (dataSource) {
    const namespace = dataSource.namespace ?? home
    const found = store.get<DataSource>(keys.dataSource, namespace, dataSource.name)
    return found
      ? verdictOn(store, namespace, found.spec.source)
      : not('NotFound', 'DataSource not found')
  }
  return not('NoSource', 'No source PVC set')
}

function claimVerdict(store: Store, namespace: string, name: string): Verdict {
  const dataVolume = store.get<DataVolume>(keys.dataVolume, namespace, name)
  if (dataVolume) {
    const phase = dataVolume.status?.phase ?? ''
    return phase === 'Succeeded'
      ? isReady
      : not(phase || 'Pending', `Import DataVolume phase ${phase}`)
  }
  return store.get(keys.pvc, namespace, name) ? isReady : not('NotFound', 'PVC not found')
}
