import { useMemo } from 'react'

import {
  eventKind,
  podKind,
  type Event,
  type Pod,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import { claimNameOf, templateSpec } from '../../kube/vm-devices.ts'
import { useLiveList, type LiveList } from './live-list.ts'
import { useLiveLists } from './live-lists.ts'

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

/** Events of one object of that name, the latest first. */
export function useObjectEvents(namespace: string, name: string): LiveList<MachineEvent> {
  const events = useLiveList(eventKind, {
    namespace,
    fieldSelector: `involvedObject.name=${name}`,
    project: projectEvent,
  })
  return useMemo(
    () => ({
      ...events,
      items: events.items.toSorted((a, b) => b.lastSeen.localeCompare(a.lastSeen)),
    }),
    [events],
  )
}

/** Events of several objects of a namespace, the latest first; each costs a watch. */
export function useObjectsEvents(
  namespace: string,
  names: readonly string[],
): LiveList<MachineEvent> {
  const events = useLiveLists(
    eventKind,
    [...new Set(names)].map((name) => ({
      namespace,
      fieldSelector: `involvedObject.name=${name}`,
    })),
    projectEvent,
  )
  return useMemo(
    () => ({
      ...events,
      items: events.items.toSorted((a, b) => b.lastSeen.localeCompare(a.lastSeen)),
    }),
    [events],
  )
}

/** More disks than this have their events left out: each costs a watch. */
const watchedClaims = 8

function claimsOf({ vm, vmi }: Machine): string[] {
  const volumes = [...((vm && templateSpec(vm).volumes) ?? []), ...(vmi?.spec.volumes ?? [])]
  const names = volumes.map(claimNameOf).filter((name) => name !== undefined)
  return [...new Set(names)].slice(0, watchedClaims)
}

interface Machine {
  namespace: string
  name: string
  vm?: VirtualMachine | undefined
  vmi?: VirtualMachineInstance | undefined
}

/**
 * Events of a VM, its VMI (of the same name), its pods, and the claims and DataVolumes of its disks
 * (which share their names), the latest first.
 */
export function useMachineEvents(machine: Machine): LiveList<MachineEvent> {
  const { namespace, name, vmi } = machine
  const pods = useLauncherPods(vmi).items.slice(0, 2)
  const names = [name, ...pods.map(({ metadata }) => metadata.name), ...claimsOf(machine)]
  return useObjectsEvents(namespace, names)
}
