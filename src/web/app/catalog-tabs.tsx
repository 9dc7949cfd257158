/** The tabs of the pages of bootable volumes, instance types, preferences, templates and pools. */
import { lazy } from 'react'

import {
  dataSourceKind,
  virtualMachinePoolKind,
  virtualMachineTemplateKind,
  type ResourceKind,
} from '../../kube/kinds.ts'
import type { ImageSubject } from '../features/bootable-volumes/BootableVolumeDetailsPage.tsx'
import type { ProfileSubject } from '../features/instancetypes/ProfileDetailsPage.tsx'
import type { PoolSubject } from '../features/pools/PoolDetailsPage.tsx'
import type { TemplateSubject } from '../features/templates/TemplateDetailsPage.tsx'
import type { DetailsTab } from '../ui/DetailsShell.tsx'
import { commonTabs } from './common-tabs.tsx'

const BootableVolumeOverviewTab = lazy(async () => ({
  default: (await import('../features/bootable-volumes/BootableVolumeOverviewTab.tsx'))
    .BootableVolumeOverviewTab,
}))

export const bootableVolumeTabs: readonly DetailsTab<ImageSubject>[] = [
  {
    id: 'overview',
    title: 'Overview',
    render: (subject) => <BootableVolumeOverviewTab {...subject} />,
  },
  ...commonTabs(dataSourceKind, ({ dataSource }: ImageSubject) => dataSource),
]

const ProfileOverviewTab = lazy(async () => ({
  default: (await import('../features/instancetypes/ProfileOverviewTab.tsx')).ProfileOverviewTab,
}))

/** Of instance types and preferences, whichever the kind is. */
export function profileTabs(kind: ResourceKind): readonly DetailsTab<ProfileSubject>[] {
  return [
    { id: 'overview', title: 'Overview', render: (subject) => <ProfileOverviewTab {...subject} /> },
    ...commonTabs(kind, ({ object }: ProfileSubject) => object),
  ]
}

const TemplateOverviewTab = lazy(async () => ({
  default: (await import('../features/templates/TemplateOverviewTab.tsx')).TemplateOverviewTab,
}))

export const templateTabs: readonly DetailsTab<TemplateSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <TemplateOverviewTab {...subject} /> },
  ...commonTabs(virtualMachineTemplateKind, ({ template }: TemplateSubject) => template),
]

const PoolOverviewTab = lazy(async () => ({
  default: (await import('../features/pools/PoolOverviewTab.tsx')).PoolOverviewTab,
}))

export const poolTabs: readonly DetailsTab<PoolSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <PoolOverviewTab {...subject} /> },
  ...commonTabs(virtualMachinePoolKind, ({ pool }: PoolSubject) => pool),
]
