import { useMemo, useState } from 'react'

import { dataSourceKind, type DataSource } from '../../../kube/kinds.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { NamespacedListPage, type ListedRows } from '../../ui/resource-list/NamespacedListPage.tsx'
import { AddImageDialog } from './AddImageDialog.tsx'
import { imageColumns } from './image-columns.tsx'
import { imageFields, imageRow, type ImageRow } from './image-rows.ts'
import { createImages, useImageSurroundings } from './use-images.ts'

function useRows(
  dataSources: readonly DataSource[],
  namespace: string | undefined,
): ListedRows<ImageRow> {
  const around = useImageSurroundings(namespace)
  const [toImages] = useState(createImages)
  return {
    rows: useMemo(
      () => toImages(dataSources, around).map(imageRow),
      [toImages, dataSources, around],
    ),
  }
}

/** What VMs can start from: images that the cluster keeps, by name. */
export function BootableVolumeListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={dataSourceKind}
      useRows={useRows}
      fieldsOf={imageFields}
      columnsOf={imageColumns}
      title="Bootable volumes"
      plural="bootable volumes"
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
      unknown={{
        title: 'No bootable volumes in this cluster',
        body: 'The Containerized Data Importer (CDI) isn’t installed. VMs can start from container disks and from claims that are filled some other way.',
      }}
    />
  )
}
