import { useMemo } from 'react'

import {
  bootableVolume,
  type BootableVolume,
  type ImageSurroundings,
} from '../../../kube/bootable-volume.ts'
import {
  dataImportCronKind,
  dataSourceKind,
  dataVolumeKind,
  persistentVolumeClaimKind,
  volumeSnapshotKind,
  type DataSource,
  type KubeObject,
} from '../../../kube/kinds.ts'
import { objectKey } from '../../../kube/list-page.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'

function byKey<T extends KubeObject>({ items, status }: LiveList<T>) {
  return status === 'complete'
    ? new Map(items.map((object) => [objectKey(object), object]))
    : undefined
}

/** What DataSources stand on in a namespace, or in all; what can't be read is undefined. */
export function useImageSurroundings(namespace: string | undefined): ImageSurroundings {
  const dataSources = useLiveList(dataSourceKind, { namespace })
  const crons = useLiveList(dataImportCronKind, { namespace })
  const dataVolumes = useLiveList(dataVolumeKind, { namespace })
  const claims = useLiveList(persistentVolumeClaimKind, { namespace })
  const snapshots = useLiveList(volumeSnapshotKind, { namespace })
  return useMemo(
    () => ({
      namespace,
      dataSources: byKey(dataSources),
      crons: byKey(crons),
      dataVolumes: byKey(dataVolumes),
      claims: byKey(claims),
      snapshots: byKey(snapshots),
    }),
    [namespace, dataSources, crons, dataVolumes, claims, snapshots],
  )
}

/** An image is made anew only when what is told of it has changed. */
export function createImages() {
  const known = new WeakMap<DataSource, { image: BootableVolume; because: string }>()
  return (dataSources: readonly DataSource[], around: ImageSurroundings): BootableVolume[] =>
    dataSources.map((dataSource) => {
      const image = bootableVolume(dataSource, around)
      const because = JSON.stringify([
        image.status,
        image.size,
        image.importedAt,
        image.cron?.metadata.resourceVersion,
        image.instancetype,
        image.preference,
      ])
      const before = known.get(dataSource)
      if (before?.because === because) return before.image
      known.set(dataSource, { image, because })
      return image
    })
}
