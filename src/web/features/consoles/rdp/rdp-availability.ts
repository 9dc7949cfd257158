/** Whether a guest can be reached by RDP, as far as the cluster knows: no signal says that its server listens. */
import type { VirtualMachine, VirtualMachineInstance } from '../../../../kube/kinds.ts'

export const rdpPort = 3389

export interface RdpAvailability {
  /** Why RDP is not offered; absent when it is. */
  reason?: string
  /** What may still be in the way although it is offered. */
  warning?: string
}

/**
 * Whether the guest is Windows. The agent knows (`mswindows` is a constant of the QEMU guest
 * agent); before it speaks, the preference, the OS annotation and Hyper-V features tell, the surest
 * first. Undefined when nothing does.
 */
function isWindows(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): boolean | undefined {
  const agentId = vmi?.status?.guestOSInfo?.id
  if (agentId) return agentId === 'mswindows'
  const preference = vm?.spec.preference?.name
  if (preference) return /^windows\b/i.test(preference)
  const annotation = (vm?.spec.template.metadata as Annotated | undefined)?.annotations?.[
    'vm.kubevirt.io/os'
  ]
  if (annotation) return /^win/i.test(annotation)
  const spec = vmi?.spec ?? vm?.spec.template.spec
  return spec?.domain.features?.hyperv ? true : undefined
}

interface Annotated {
  annotations?: Record<string, string>
}

function isAgentConnected(vmi: VirtualMachineInstance | undefined): boolean {
  return (
    vmi?.status?.conditions?.some(
      ({ type, status }) => type === 'AgentConnected' && status === 'True',
    ) ?? false
  )
}

export function rdpAvailability(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): RdpAvailability {
  const windows = isWindows(vm, vmi)
  if (windows === false) {
    const system = vmi?.status?.guestOSInfo?.prettyName ?? vmi?.status?.guestOSInfo?.name
    return {
      reason: system
        ? `RDP is for Windows guests, and this one runs ${system}.`
        : 'RDP is for Windows guests, and this is not one.',
    }
  }
  if (vmi?.status?.phase !== 'Running') return { reason: 'RDP needs the VM to run.' }
  if (!isAgentConnected(vmi)) {
    return {
      reason: windows
        ? 'RDP is offered when the guest agent has connected: Windows is starting, or the QEMU guest agent is not installed.'
        : 'RDP is for Windows guests, and without a guest agent the system of this one is unknown.',
    }
  }
  if (windows === undefined) {
    return { reason: 'RDP is for Windows guests, and the agent of this one does not name Windows.' }
  }
  const first = vmi.status.interfaces?.[0]
  if (!first) return { reason: 'RDP needs a network interface, and this VM has none.' }
  const warning = portWarning(vmi)
  return warning === undefined ? {} : { warning }
}

/** A masquerade interface with a list of ports lets in those only. */
function portWarning(vmi: VirtualMachineInstance): string | undefined {
  const closed = vmi.spec.domain.devices.interfaces?.find(
    ({ masquerade, ports }) =>
      masquerade !== undefined &&
      ports !== undefined &&
      ports.length > 0 &&
      !ports.some(({ port, protocol = 'TCP' }) => port === rdpPort && protocol === 'TCP'),
  )
  return closed
    ? `Interface ${closed.name} forwards only the ports it lists, and ${rdpPort} is not among them. Add it to reach RDP through the pod network.`
    : undefined
}
