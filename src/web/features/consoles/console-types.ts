/** The ways to a guest's console, and what keeps one from being used. */
import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import { useAccess, type Access } from '../../data/access.ts'
import { rdpAvailability } from './rdp/rdp-availability.ts'

export const consoleTypes = ['vnc', 'serial', 'rdp'] as const
export type ConsoleType = (typeof consoleTypes)[number]

export const consoleLabels: Record<ConsoleType, string> = {
  vnc: 'VNC',
  serial: 'Serial',
  rdp: 'RDP',
}

export interface ConsoleOffer {
  type: ConsoleType
  /** Why it can't be used; absent when it can. */
  reason?: string
  /** Undefined while unknown. */
  allowed: boolean | undefined
}

interface Target {
  vm: VirtualMachine | undefined
  vmi: VirtualMachineInstance | undefined
  namespace: string
}

function useStreamAccess(namespace: string, subresource: string): Access {
  const access = useAccess({
    verb: 'get',
    group: 'subresources.kubevirt.io',
    resource: 'virtualmachineinstances',
    subresource,
    namespace,
  })
  // When the cluster can't answer the review, it still decides at the connection itself.
  return access.allowed === undefined && access.reason !== undefined ? { allowed: true } : access
}

/** Whether the user may look at a guest's screen without taking its session. */
export function useCanWatch(namespace: string): boolean {
  return useStreamAccess(namespace, 'vnc/screenshot').allowed === true
}

function withReason(type: ConsoleType, access: Access, reason: string | undefined): ConsoleOffer {
  const why = access.allowed === false ? (access.reason ?? 'The right is missing.') : reason
  return { type, allowed: access.allowed, ...(why !== undefined && { reason: why }) }
}

/** Every type in the order it is offered. */
export function useConsoleOffers({
  vm,
  vmi,
  namespace,
}: Target): Record<ConsoleType, ConsoleOffer> {
  const vnc = useStreamAccess(namespace, 'vnc')
  const serial = useStreamAccess(namespace, 'console')
  const portForward = useStreamAccess(namespace, 'portforward')
  const devices = (vmi?.spec ?? vm?.spec.template.spec)?.domain.devices
  return {
    vnc: withReason(
      'vnc',
      vnc,
      devices?.autoattachGraphicsDevice === false ? 'This VM has no graphics device.' : undefined,
    ),
    serial: withReason(
      'serial',
      serial,
      devices?.autoattachSerialConsole === false ? 'This VM has no serial console.' : undefined,
    ),
    rdp: withReason('rdp', portForward, rdpAvailability(vm, vmi).reason),
  }
}

/** VNC unless the user asked for another, or there is no VNC but another. */
export function chosenType(
  asked: string | null,
  offers: Record<ConsoleType, ConsoleOffer>,
): ConsoleType {
  const known = consoleTypes.find((type) => type === asked)
  if (known) return known
  return consoleTypes.find((type) => offers[type].reason === undefined) ?? 'vnc'
}
