import { useMemo } from 'react'

import { bootableVolume, type BootableVolume } from '../../../kube/bootable-volume.ts'
import { dataSourceKind, type DataSource } from '../../../kube/kinds.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { BootableVolumeActions } from './BootableVolumeActions.tsx'
import { useImageSurroundings } from './use-images.ts'

/** What every tab of a bootable volume's page is given. */
export interface ImageSubject {
  dataSource: DataSource
  image: BootableVolume
}

/** One DataSource with what it stands on. */
export function BootableVolumeDetailsPage({ tabs }: { tabs: readonly DetailsTab<ImageSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(dataSourceKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={dataSourceKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(dataSource) => <Details dataSource={dataSource} tabs={tabs} connection={live} />}
    </ObjectStates>
  )
}

function Details({
  dataSource,
  tabs,
  connection,
}: {
  dataSource: DataSource
  tabs: readonly DetailsTab<ImageSubject>[]
  connection: Parameters<typeof DetailsShell>[0]['connection']
}) {
  const { namespace = '', name } = dataSource.metadata
  const around = useImageSurroundings(namespace)
  const image = useMemo(() => bootableVolume(dataSource, around), [dataSource, around])
  return (
    <DetailsShell
      kind={dataSourceKind}
      namespace={namespace}
      name={name}
      subject={{ dataSource, image }}
      tabs={tabs}
      status={image.status}
      connection={connection}
      badge="DataSource"
      actions={<BootableVolumeActions image={image} />}
    />
  )
}
