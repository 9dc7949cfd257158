import { Label, LabelGroup } from '@patternfly/react-core'
import { useMemo } from 'react'

import {
  persistentVolumeClaimKind,
  storageClassKind,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../../../kube/kinds.ts'
import {
  bindingWords,
  classNameOf,
  defaultMarks,
  reclaimWords,
  waitsForConsumer,
} from '../../../kube/storage-classes.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields } from '../../ui/list-filters/row-filter.ts'
import {
  ageColumn,
  nameColumn,
  textColumn,
  type NamedRow,
} from '../../ui/resource-list/list-columns.tsx'
import { statusField } from '../../ui/resource-list/list-fields.ts'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
import { ForbiddenClusterScope } from './ForbiddenClusterScope.tsx'

interface StorageClassRow extends NamedRow {
  storageClass: StorageClass
  defaults: readonly string[]
  canGrow: boolean
  /** Undefined where the claims of all namespaces can't be listed. */
  claims: number | undefined
}

/** A class has no state of its own; what stands in its place is how it binds. */
function bindingStatus(storageClass: StorageClass): PlainStatus {
  return {
    label: waitsForConsumer(storageClass) ? 'WaitForFirstConsumer' : 'Immediate',
    tone: 'neutral',
  }
}

function toRow(storageClass: StorageClass, claims: number | undefined): StorageClassRow {
  const { metadata } = storageClass
  return {
    key: metadata.name,
    name: metadata.name,
    status: bindingStatus(storageClass),
    storageClass,
    defaults: defaultMarks(storageClass),
    canGrow: storageClass.allowVolumeExpansion === true,
    claims,
    created: metadata.creationTimestamp,
  }
}

const fields: FilterFields<StorageClassRow> = {
  name: ({ name }) => name,
  fields: [
    { ...statusField('immediate'), title: 'Binding' },
    {
      key: 'provisioner',
      title: 'Provisioner',
      text: ({ storageClass }) => storageClass.provisioner,
      isFacet: true,
      example: 'csi',
    },
    {
      key: 'default',
      title: 'Default',
      text: ({ defaults }) => defaults.join(' '),
      example: 'vms',
    },
    {
      key: 'grow',
      title: 'Can grow',
      text: ({ canGrow }) => (canGrow ? 'yes' : 'no'),
      isFacet: true,
      example: 'yes',
    },
  ],
  labels: ({ storageClass }) => storageClass.metadata.labels,
}

const columns: FittingColumn<StorageClassRow>[] = [
  nameColumn(storageClassKind),
  {
    id: 'default',
    title: 'Default',
    minPx: 150,
    growth: 1,
    sortValue: ({ defaults }) => defaults.join() || undefined,
    render: ({ defaults }) =>
      defaults.length === 0 ? (
        '–'
      ) : (
        <LabelGroup numLabels={2}>
          {defaults.map((mark) => (
            <Label key={mark} isCompact color="blue">
              {mark}
            </Label>
          ))}
        </LabelGroup>
      ),
  },
  textColumn('provisioner', 'Provisioner', ({ storageClass }) => storageClass.provisioner, {
    minPx: 120,
    growth: 2,
  }),
  {
    id: 'binding',
    title: 'Binding',
    minPx: 150,
    growth: 1,
    sortValue: ({ status }) => status.label,
    render: ({ storageClass, status }) => (
      <span title={bindingWords(storageClass)}>
        {status.label === 'Immediate' ? 'At once' : 'At first use'}
      </span>
    ),
  },
  {
    id: 'reclaim',
    title: 'Reclaim policy',
    minPx: 120,
    leftOut: 3,
    sortValue: ({ storageClass }) => storageClass.reclaimPolicy ?? 'Delete',
    render: ({ storageClass: { reclaimPolicy = 'Delete' } }) => (
      <span title={reclaimWords(reclaimPolicy)}>{reclaimPolicy}</span>
    ),
  },
  {
    id: 'grow',
    title: 'Can grow',
    minPx: 90,
    leftOut: 2,
    sortValue: ({ canGrow }) => (canGrow ? 0 : 1),
    render: ({ canGrow }) => (canGrow ? 'Yes' : 'No'),
  },
  {
    id: 'claims',
    title: 'Claims',
    minPx: 76,
    sortValue: ({ claims }) => claims,
    render: ({ claims }) => claims ?? '–',
  },
  ageColumn(),
]

/** The class a claim names; all that this list keeps of claims. */
function projectClassName(claim: PersistentVolumeClaim): string {
  return classNameOf(claim)
}

/** The storage classes of the cluster. */
export function StorageClassListPage() {
  const classes = useLiveList(storageClassKind)
  const claims = useLiveList(persistentVolumeClaimKind, { project: projectClassName })
  const rows = useMemo(
    () =>
      classes.items.map((one) =>
        toRow(
          one,
          claims.status === 'complete'
            ? claims.items.filter((name) => name === one.metadata.name).length
            : undefined,
        ),
      ),
    [classes.items, claims],
  )
  return (
    <ResourceListPage
      kind={storageClassKind}
      title="StorageClasses"
      plural="storage classes"
      rows={rows}
      state={classes}
      fields={fields}
      columns={columns}
      hasStates={false}
      lacking={
        claims.error && {
          what: 'How many claims use them is missing: the claims of all namespaces can’t be listed',
          why: claims.error.message,
        }
      }
      about="A storage class says which storage a claim gets, and how. Without one, volumes have to be made by hand."
      denied={<ForbiddenClusterScope />}
    />
  )
}
