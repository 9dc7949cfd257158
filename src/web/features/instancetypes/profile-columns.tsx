import type { ResourceKind } from '../../../kube/kinds.ts'
import { formatBytes } from '../../../kube/quantity.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  textColumn,
} from '../../ui/resource-list/list-columns.tsx'
import { seriesText, type ProfileRow } from './profile-rows.ts'
import { ProfileActions } from './ProfileActions.tsx'

function ends(): FittingColumn<ProfileRow>[] {
  return [
    {
      id: 'users',
      title: 'VMs',
      minPx: 64,
      sortValue: ({ userCount }) => userCount,
      render: ({ userCount }) => userCount ?? '–',
    },
    { ...ageColumn(), leftOut: 1 },
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ kind, object }) => <ProfileActions kind={kind} object={object} isKebab />,
    },
  ]
}

function begins(kind: ResourceKind, isAll: boolean): FittingColumn<ProfileRow>[] {
  return [nameColumn(kind), ...(kind.namespaced ? [namespaceColumn<ProfileRow>(isAll)] : [])]
}

export function instancetypeColumns(
  kind: ResourceKind,
  isAll: boolean,
): FittingColumn<ProfileRow>[] {
  return [
    ...begins(kind, isAll),
    textColumn('series', 'Series', seriesText, { minPx: 140, growth: 3, leftOut: 2 }),
    {
      id: 'cpus',
      title: 'CPUs',
      minPx: 70,
      sortValue: ({ size }) => size.cpus,
      render: ({ size }) => size.cpus,
    },
    {
      id: 'memory',
      title: 'Memory',
      minPx: 88,
      sortValue: ({ size }) => size.memoryBytes,
      render: ({ size }) => formatBytes(size.memoryBytes),
    },
    textColumn('with', 'With', ({ features }) => features, { minPx: 140, growth: 4, leftOut: 3 }),
    ...ends(),
  ]
}

export function preferenceColumns(kind: ResourceKind, isAll: boolean): FittingColumn<ProfileRow>[] {
  return [
    ...begins(kind, isAll),
    textColumn('title', 'Title', ({ title }) => title, { minPx: 150, growth: 3 }),
    textColumn('os', 'System', ({ group }) => group, { minPx: 80 }),
    textColumn('needs', 'Needs at least', ({ needs }) => needs, {
      minPx: 130,
      growth: 1,
      leftOut: 2,
    }),
    textColumn('firmware', 'Firmware', ({ features }) => features, {
      minPx: 140,
      growth: 1,
      leftOut: 3,
    }),
    ...ends(),
  ]
}
