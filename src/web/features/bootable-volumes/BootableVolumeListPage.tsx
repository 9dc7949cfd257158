import { useMemo, useState } from 'react'

import { dataSourceKind } from '../../../kube/kinds.ts'
import { useLiveList } from '../../data/live-list.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { MissingState } from '../../ui/PageStates.tsx'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
import { AddImageDialog } from './AddImageDialog.tsx'
import { imageColumns } from './image-columns.tsx'
import { imageFields, imageRow } from './image-rows.ts'
import { createImages, useImageSurroundings } from './use-images.ts'

/** What VMs can start from: images that the cluster keeps, by name. */
export function BootableVolumeListPage() {
  const { namespace } = usePageParams()
  const isAll = namespace === undefined
  const dataSources = useLiveList(dataSourceKind, { namespace })
  const around = useImageSurroundings(namespace)
  const [toImages] = useState(createImages)
  const rows = useMemo(
    () => toImages(dataSources.items, around).map(imageRow),
    [toImages, dataSources.items, around],
  )
  const fields = useMemo(() => imageFields(isAll), [isAll])
  const columns = useMemo(() => imageColumns(isAll), [isAll])
  if (dataSources.error?.isNotFound) return <NoCdi />
  return (
    <ResourceListPage
      key={namespace}
      kind={dataSourceKind}
      namespace={namespace}
      title="Bootable volumes"
      plural="bootable volumes"
      rows={rows}
      state={dataSources}
      fields={fields}
      columns={columns}
      actions={
        <CreateButton
          kind={dataSourceKind}
          namespace={namespace}
          noun="a bootable volume"
          label="Add bootable volume"
          renderForm={(within, onClose) => <AddImageDialog namespace={within} onClose={onClose} />}
        />
      }
      about="A bootable volume is a disk image that VMs are cloned from, under a name that stays when a newer image comes (a DataSource)."
    />
  )
}

/** Said where the cluster has no such kind. */
function NoCdi() {
  return (
    <MissingState title="No bootable volumes in this cluster">
      The Containerized Data Importer (CDI) isn’t installed. VMs can start from container disks and
      from claims that are filled some other way.
    </MissingState>
  )
}
