/**
 * The console's overview of the cluster, with what plugins add (public/components/dashboard/
 * dashboards-page/cluster-dashboard/: inventory-card.tsx, health-item.tsx, activity-card.tsx).
 */
import type { ComponentType, ReactNode } from 'react'
import { Link } from 'react-router'

import { useResolved, type Model } from './extensions.ts'
import { useRead } from './object-page.tsx'

interface ConsoleModel {
  kind: string
  labelPlural: string
  apiGroup: string
  apiVersion: string
  plural: string
}

interface StatusGroup {
  filterType: string
  statusIDs: string[]
  count: number
}

interface Inventory {
  model: ConsoleModel
  mapper: (resources: unknown[]) => Record<string, StatusGroup>
}

interface Health {
  title: string
  resources: Record<string, { groupVersionKind: Model }>
  healthHandler: (results: object) => { state: string; message?: string }
  popupComponent: ComponentType<object>
}

interface Activity {
  k8sResource: { kind: string }
  isActivity: (resource: unknown) => boolean
  component: ComponentType<{ resource: unknown }>
}

interface List {
  items?: { metadata: { uid: string } }[]
}

export function OverviewPage() {
  const inventory = useResolved<Inventory>('console.dashboards/overview/inventory/item')
  const icons = useResolved<{ id: string; icon: ReactNode }>(
    'console.dashboards/overview/inventory/item/group',
  )
  const health = useResolved<Health>('console.dashboards/overview/health/resource')
  const activities = useResolved<Activity>('console.dashboards/overview/activity/resource')
  return (
    <>
      <h1>Overview</h1>
      <section aria-label="Cluster inventory">
        {inventory?.map(({ uid, properties }) => (
          <InventoryItem key={uid} {...properties} icons={icons ?? []} />
        ))}
      </section>
      <section aria-label="Status">
        {health?.map(({ uid, properties }) => (
          <HealthItem key={uid} {...properties} />
        ))}
      </section>
      <section aria-label="Activity">
        {activities?.map(({ uid, properties }) => (
          <ActivityItem key={uid} {...properties} />
        ))}
      </section>
    </>
  )
}

function listPath(group: string, version: string, plural: string): string {
  return `/apis/${group}/${version}/${plural}`
}

function InventoryItem({
  model,
  mapper,
  icons,
}: Inventory & { icons: { properties: { id: string; icon: ReactNode } }[] }) {
  const { apiGroup, apiVersion, plural, kind, labelPlural } = model
  const list = useRead<List>(listPath(apiGroup, apiVersion, plural))
  const page = `/k8s/all-namespaces/${apiGroup}~${apiVersion}~${kind}`
  if (!list?.items) return null
  const groups = Object.entries(mapper(list.items))
  const total = groups.reduce((sum, [, { count }]) => sum + count, 0)
  return (
    <p>
      <Link to={page}>{`${total} ${labelPlural}`}</Link>
      {groups.map(([id, { filterType, statusIDs, count }]) => (
        <Link
          key={id}
          aria-label={`${count} ${id}`}
          to={`${page}?${statusIDs.map((one) => `${filterType}=${encodeURIComponent(one)}`).join('&')}`}
        >
          {icons.find(({ properties }) => properties.id === id)?.properties.icon ?? id} {count}
        </Link>
      ))}
    </p>
  )
}

function HealthItem({ title, resources, healthHandler, popupComponent: Popup }: Health) {
  const [key = '', { groupVersionKind } = { groupVersionKind: { version: '', kind: '' } }] =
    Object.entries(resources)[0] ?? []
  const { group = '', version, kind } = groupVersionKind
  const list = useRead<List>(listPath(group, version, `${kind.toLowerCase()}s`))
  const results = { [key]: { data: list?.items, loaded: list !== undefined, loadError: '' } }
  const { state, message } = healthHandler(results)
  return (
    <div>
      <p>
        {title}: {state} {message}
      </p>
      <Popup {...results} />
    </div>
  )
}

function ActivityItem({ k8sResource, isActivity, component: Shown }: Activity) {
  const [group = '', version = '', kind = ''] = k8sResource.kind.split('~')
  const list = useRead<List>(listPath(group, version, `${kind.toLowerCase()}s`))
  return (list?.items ?? [])
    .filter(isActivity)
    .map((resource) => <Shown key={resource.metadata.uid} resource={resource} />)
}
