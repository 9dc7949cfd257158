/** The tabs of a network's page. */
import { lazy } from 'react'

import { networkAttachmentDefinitionKind } from '../../kube/kinds.ts'
import type { NetworkSubject } from '../features/networks/NetworkDetailsPage.tsx'
import type { DetailsTab } from '../ui/DetailsShell.tsx'
import { commonTabs } from './common-tabs.tsx'

const NetworkOverviewTab = lazy(async () => ({
  default: (await import('../features/networks/NetworkOverviewTab.tsx')).NetworkOverviewTab,
}))

export const networkTabs: readonly DetailsTab<NetworkSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <NetworkOverviewTab {...subject} /> },
  ...commonTabs(networkAttachmentDefinitionKind, ({ definition }: NetworkSubject) => definition),
]
