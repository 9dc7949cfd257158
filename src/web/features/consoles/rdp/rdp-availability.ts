/** Whether a guest can be reached by RDP, as far as the cluster knows: no signal says that its server listens. */
import type { VirtualMachine, VirtualMachineInstance } from '../../../../kube/kinds.ts'

export const rdpPort = 3389

export interface RdpAvailability {
  /** Why RDP can't be had; absent when it can. */
  reason?: string
  /** Why nothing speaks for an RDP server in this guest; who knows better may try. */
  doubt?: string
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

/** A guest whose agent says that it is Windows is offered RDP; any other that runs may have it tried. */
export function rdpAvailability(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): RdpAvailability {
  if (vmi?.status?.phase !== 'Running') return { reason: 'RDP needs the VM to run.' }
  if (!vmi.status.interfaces?.[0])
    return { reason: 'RDP needs a network interface, and this VM has none.' }
  const doubt = doubtAbout(vm, vmi)
  const warning = portWarning(vmi)
  return { ...(doubt !== undefined && { doubt }), ...(warning !== undefined && { warning }) }
}

function doubtAbout(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance,
): string | undefined {
  const windows = isWindows(vm, vmi)
  if (windows === false) {
    const system = vmi.status?.guestOSInfo?.prettyName ?? vmi.status?.guestOSInfo?.name
    return system
      ? `Most guests with Remote Desktop are Windows, and this one runs ${system}.`
      : 'Most guests with Remote Desktop are Windows, and this is not one.'
  }
  if (!isAgentConnected(vmi)) {
    return windows
      ? 'The guest agent has not connected: Windows is starting, or the QEMU guest agent is not installed.'
      : 'Without a guest agent the system of this guest is unknown.'
  }
  return windows === undefined ? 'The agent of this guest does not name its system.' : undefined
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
    ? `Interface ${closed.name} forwards only the ports it lists, and ${rdpPort} is not among them. Add it to the interface.`
    : undefined
}
