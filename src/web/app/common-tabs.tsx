/** The tabs that the page of any object has. */
import { lazy } from 'react'

import type { KubeObject, ResourceKind } from '../../kube/kinds.ts'
import type { DetailsTab } from '../ui/DetailsShell.tsx'

const ObjectEventsTab = lazy(async () => ({
  default: (await import('../features/events/EventsTab.tsx')).ObjectEventsTab,
}))
const YamlTab = lazy(async () => ({
  default: (await import('../features/yaml/YamlTab.tsx')).YamlTab,
}))

/** Events of objects that are in no namespace are kept in this one. */
const clusterEvents = 'default'

/** What every object has: its events, and its manifest. */
export function commonTabs<S, T extends KubeObject>(
  kind: ResourceKind<T>,
  objectOf: (subject: S) => T,
): DetailsTab<S>[] {
  return [
    {
      id: 'events',
      title: 'Events',
      render: (subject) => {
        const { namespace = clusterEvents, name } = objectOf(subject).metadata
        return <ObjectEventsTab namespace={namespace} name={name} />
      },
    },
    {
      id: 'yaml',
      title: 'YAML',
      isFilled: true,
      render: (subject) => <YamlTab kind={kind} object={objectOf(subject)} />,
    },
  ]
}
