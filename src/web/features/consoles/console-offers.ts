/** The ways to a guest's console, and what keeps one from being used. */
import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import { useAccess, type Access } from '../../data/access.ts'
import { useGatewayLack } from '../../data/gateway.ts'
import { rdpAvailability } from './rdp/rdp-availability.ts'
import { consoleKinds, type ConsoleKind } from './session/console-state.ts'

export const consoleLabels: Record<ConsoleKind, string> = {
  vnc: 'VNC',
  serial: 'Serial',
  rdp: 'RDP',
}

export interface ConsoleOffer {
  /** Why it can't be used; absent when it can. */
  reason?: string
  /** Why it may not work; nobody is led to it unasked then. */
  doubt?: string
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

function withReason(access: Access, reason: string | undefined): ConsoleOffer {
  const why = access.allowed === false ? (access.reason ?? 'The right is missing.') : reason
  return { allowed: access.allowed, ...(why !== undefined && { reason: why }) }
}

export function useConsoleOffers({
  vm,
  vmi,
  namespace,
}: Target): Record<ConsoleKind, ConsoleOffer> {
  const vnc = useStreamAccess(namespace, 'vnc')
  const serial = useStreamAccess(namespace, 'console')
  const portForward = useStreamAccess(namespace, 'portforward')
  const { reason, doubt } = rdpAvailability(vm, vmi)
  const lack = useGatewayLack()
  const devices = (vmi?.spec ?? vm?.spec.template.spec)?.domain.devices
  return {
    vnc: withReason(
      vnc,
      devices?.autoattachGraphicsDevice === false ? 'This VM has no graphics device.' : undefined,
    ),
    serial: withReason(
      serial,
      devices?.autoattachSerialConsole === false ? 'This VM has no serial console.' : undefined,
    ),
    rdp: { ...(doubt !== undefined && { doubt }), ...withReason(portForward, reason ?? lack) },
  }
}

/** VNC, or the first that can be used if VNC can't. */
export function bestKind(offers: Record<ConsoleKind, ConsoleOffer>): ConsoleKind {
  const isSure = ({ reason, doubt }: ConsoleOffer) => reason === undefined && doubt === undefined
  return consoleKinds.find((kind) => isSure(offers[kind])) ?? 'vnc'
}

/** The kind named in an address, if it names one. */
export function readKind(text: string | null): ConsoleKind | undefined {
  return consoleKinds.find((kind) => kind === text)
}
