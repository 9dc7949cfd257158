import { useMemo } from 'react'

import {
  eventKind,
  podKind,
  type Event,
  type Pod,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import { useLiveList, type LiveList } from './live-list.ts'

/** An event as the page shows it. */
export interface MachineEvent {
  uid: string
  isWarning: boolean
  reason: string
  message: string
  /** `VirtualMachine web-1` */
  about: string
  count: number
  source: string
  lastSeen: string
}

function projectEvent(event: Event): MachineEvent {
  const { metadata, involvedObject } = event
  return {
    uid: metadata.uid,
    isWarning: event.type === 'Warning',
    reason: event.reason ?? '',
    message: (event.message ?? '').trim(),
    about: `${involvedObject.kind ?? ''} ${involvedObject.name ?? ''}`.trim(),
    count: event.series?.count ?? event.count ?? 1,
    source: event.source?.component || event.reportingComponent || '',
    lastSeen:
      event.series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      metadata.creationTimestamp,
  }
}

/** The virt-launcher pods of a VMI, the newest first; two while it migrates. */
export function useLauncherPods(vmi: VirtualMachineInstance | undefined): LiveList<Pod> {
  const pods = useLiveList(podKind, {
    namespace: vmi?.metadata.namespace,
    labelSelector: vmi && `kubevirt.io/created-by=${vmi.metadata.uid}`,
    enabled: vmi !== undefined,
  })
  return useMemo(
    () => ({
      ...pods,
      items: pods.items.toSorted((a, b) =>
        b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp),
      ),
    }),
    [pods],
  )
}

function eventsAbout(namespace: string, name: string | undefined) {
  return {
    namespace,
    fieldSelector: name && `involvedObject.name=${name}`,
    project: projectEvent,
    enabled: name !== undefined,
  }
}

/** Events of one object of that name, the latest first. */
export function useObjectEvents(namespace: string, name: string): LiveList<MachineEvent> {
  const events = useLiveList(eventKind, eventsAbout(namespace, name))
  return useMemo(
    () => ({
      ...events,
      items: events.items.toSorted((a, b) => b.lastSeen.localeCompare(a.lastSeen)),
    }),
    [events],
  )
}

/** Events of a VM, its VMI (of the same name) and its pods, the latest first. */
export function useMachineEvents(
  namespace: string,
  name: string,
  vmi: VirtualMachineInstance | undefined,
): LiveList<MachineEvent> {
  const [pod, otherPod] = useLauncherPods(vmi).items
  const own = useLiveList(eventKind, eventsAbout(namespace, name))
  const ofPod = useLiveList(eventKind, eventsAbout(namespace, pod?.metadata.name))
  const ofOther = useLiveList(eventKind, eventsAbout(namespace, otherPod?.metadata.name))
  return useMemo(
    () => ({
      ...own,
      items: [...own.items, ...ofPod.items, ...ofOther.items].toSorted((a, b) =>
        b.lastSeen.localeCompare(a.lastSeen),
      ),
    }),
    [own, ofPod.items, ofOther.items],
  )
}
