/** The tabs of a pod's page. */
import { lazy } from 'react'

import { podKind } from '../../kube/kinds.ts'
import type { PodSubject } from '../features/pods/PodDetailsPage.tsx'
import type { DetailsTab } from '../ui/DetailsShell.tsx'

const PodOverviewTab = lazy(async () => ({
  default: (await import('../features/pods/PodOverviewTab.tsx')).PodOverviewTab,
}))
const PodLogTab = lazy(async () => ({
  default: (await import('../features/pods/PodLogTab.tsx')).PodLogTab,
}))
const ObjectEventsTab = lazy(async () => ({
  default: (await import('../features/events/EventsTab.tsx')).ObjectEventsTab,
}))
const YamlTab = lazy(async () => ({
  default: (await import('../features/yaml/YamlTab.tsx')).YamlTab,
}))

export const podTabs: readonly DetailsTab<PodSubject>[] = [
  { id: 'overview', title: 'Overview', render: (subject) => <PodOverviewTab {...subject} /> },
  { id: 'logs', title: 'Logs', isFilled: true, render: (subject) => <PodLogTab {...subject} /> },
  {
    id: 'events',
    title: 'Events',
    render: ({ pod: { metadata } }) => (
      <ObjectEventsTab namespace={metadata.namespace ?? ''} name={metadata.name} />
    ),
  },
  {
    id: 'yaml',
    title: 'YAML',
    isFilled: true,
    render: ({ pod }) => <YamlTab kind={podKind} object={pod} />,
  },
]
