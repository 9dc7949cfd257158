/** Rows of the list of bootable volumes, and the texts that are searched. */
import type { BootableVolume } from '../../../kube/bootable-volume.ts'
import { cronWords } from '../../../kube/cron-words.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import type { NamedRow } from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { cachedRows } from '../../ui/resource-list/NamespacedListPage.tsx'

export interface ImageRow extends NamedRow {
  namespace: string
  image: BootableVolume
  instancetype: string
  preference: string
  updates: string
  labels: Labels | undefined
}

/** `u1.small` out of `VirtualMachineClusterInstancetype/u1.small`. */
function nameOfProfile(profile: string): string {
  return profile.slice(profile.indexOf('/') + 1)
}

/** When it is looked for a newer one. */
export function updateWords({ cron }: BootableVolume): string {
  return cron ? cronWords(cron.spec.schedule) : 'never'
}

function toRow(image: BootableVolume): ImageRow {
  const { metadata } = image.dataSource
  return {
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    image,
    status: image.status,
    instancetype: nameOfProfile(image.instancetype),
    preference: nameOfProfile(image.preference),
    updates: updateWords(image),
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
}

export const imageRow = cachedRows(toRow)

export function imageFields(isAllNamespaces: boolean): FilterFields<ImageRow> {
  return {
    name: ({ name }) => name,
    fields: [
      statusField('importing'),
      ...namespaceFields<ImageRow>(isAllNamespaces),
      {
        key: 'preference',
        title: 'Preference',
        text: ({ preference }) => preference,
        isFacet: true,
        example: 'fedora',
      },
      {
        key: 'size',
        title: 'Instance type',
        text: ({ instancetype }) => instancetype,
        isFacet: true,
        example: 'u1.medium',
      },
      {
        key: 'arch',
        title: 'Architecture',
        text: ({ image }) => image.architecture,
        isFacet: true,
        example: 'arm64',
      },
    ],
    labels: (row) => row.labels,
  }
}
