/** Events: recording them with repeats counted, and their view under events.k8s.io. */
import { randomBytes } from 'node:crypto'

import type { KubeObject, Store } from './cluster.ts'
import { timestamp } from './lifecycle.ts'

/** Returns the function behind `Cluster.event`. */
export function createEventRecorder(store: Store, now: () => Date) {
  const repeats = new Map<string, { namespace: string; name: string }>()

  return (about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void => {
    const { namespace = 'default', name, uid, resourceVersion } = about.metadata
    const id = [uid, type, reason, message].join('\0')
    const at = timestamp(now())
    const known = repeats.get(id)
    const repeated =
      known &&
      store.update('/events', known.namespace, known.name, (draft) => {
        draft['count'] = Number(draft['count'] ?? 1) + 1
        draft['lastTimestamp'] = at
      })
    if (repeated) return
    const component = componentFor(about)
    const suffix = `${Date.now().toString(16)}${randomBytes(3).toString('hex')}`
    const created = store.create('/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${suffix}`, namespace },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        ...(about.metadata.namespace ? { namespace: about.metadata.namespace } : {}),
        name,
        uid,
        resourceVersion,
      },
      reason,
      message,
      type,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      eventTime: null,
      source: { component },
      reportingComponent: component,
      reportingInstance: '',
    })
    // A memory of repeats without bound would be a leak; losing it only starts a new count.
    if (repeats.size > 10_000) repeats.clear()
    repeats.set(id, { namespace, name: created.metadata.name })
  }
}

function componentFor({ apiVersion, kind }: KubeObject): string {
  if (apiVersion.startsWith('kubevirt.io/')) {
    return kind === 'VirtualMachine' ? 'virtualmachine-controller' : 'virt-handler'
  }
  if (apiVersion.startsWith('cdi.kubevirt.io/')) return 'datavolume-import-controller'
  return kind === 'Pod' ? 'kubelet' : 'kube-controller-manager'
}

/** Field names of events.k8s.io/v1 by those of core/v1. */
const RENAMED: Record<string, string> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
}
const ORIGINAL = Object.fromEntries(Object.entries(RENAMED).map(([core, other]) => [other, core]))

/** A core/v1 event as events.k8s.io/v1 shows it. */
export function asNewEvent(object: KubeObject): KubeObject {
  const fields = Object.entries(object).map(([key, value]) => [RENAMED[key] ?? key, value] as const)
  return { ...(Object.fromEntries(fields) as KubeObject), apiVersion: 'events.k8s.io/v1' }
}

/** Field selectors of events.k8s.io, as those of the stored core/v1 object. */
export function asCoreField(field: string): string {
  const [first = '', ...rest] = field.split('.')
  return [ORIGINAL[first] ?? first, ...rest].join('.')
}
