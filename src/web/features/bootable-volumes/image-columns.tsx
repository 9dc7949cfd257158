import { dataSourceKind } from '../../../kube/kinds.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import {
  nameColumn,
  namespaceColumn,
  statusColumn,
  textColumn,
} from '../../ui/resource-list/list-columns.tsx'
import { BootableVolumeActions } from './BootableVolumeActions.tsx'
import type { ImageRow } from './image-rows.ts'

/** The columns of the list of bootable volumes. */
export function imageColumns(isAllNamespaces: boolean): FittingColumn<ImageRow>[] {
  return [
    nameColumn(dataSourceKind),
    namespaceColumn(isAllNamespaces),
    { ...statusColumn(), minPx: 200, growth: 4 },
    {
      id: 'imported',
      title: 'Imported',
      minPx: 92,
      // The freshest first when ascending, as ages go.
      sortValue: ({ image: { importedAt } }) =>
        importedAt === undefined ? undefined : -Date.parse(importedAt),
      render: ({ image: { importedAt } }) =>
        importedAt === undefined ? '–' : <TimeAgo time={importedAt} />,
    },
    textColumn('updates', 'Looks for newer', ({ updates }) => updates, {
      minPx: 165,
      growth: 1,
      leftOut: 2,
    }),
    textColumn('size', 'Size', ({ image }) => image.size, { minPx: 76, leftOut: 3 }),
    textColumn('instancetype', 'Instance type', ({ instancetype }) => instancetype, {
      minPx: 110,
      growth: 1,
      leftOut: 3,
    }),
    textColumn('preference', 'Preference', ({ preference }) => preference, {
      minPx: 110,
      growth: 1,
      leftOut: 3,
    }),
    textColumn('arch', 'Architecture', ({ image }) => image.architecture, {
      minPx: 110,
      leftOut: 1,
    }),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ image }) => <BootableVolumeActions image={image} isKebab />,
    },
  ]
}
