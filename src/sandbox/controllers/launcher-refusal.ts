/** Why the pod of a VMI can't be made, in virt-controller's words. */
import type { NewObject, Store } from '../api/cluster.ts'
import { readConfiguration } from '../kubevirt/admission/configuration.ts'
import { refusedByLimits } from '../kubevirt/limit-range.ts'
import { keys, type VirtualMachineInstance } from '../kubevirt/objects.ts'
import { exceededQuota } from '../kubevirt/quota.ts'

/**
 * Undefined where it can be made.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vmi/vmi.go
 */
export function launcherRefusal(
  store: Store,
  vmi: VirtualMachineInstance,
  pod: NewObject,
): string | undefined {
  const unpermitted = unpermittedDevices(store, vmi)
  if (unpermitted.length > 0) return `failed to render launch manifest: ${unpermitted.join(' ')}`
  const limited = refusedByLimits(store, keys.pod, pod)
  if (limited) return `failed to create virtual machine pod: ${limited.message}`
  const exceeded = exceededQuota(store, keys.pod, pod)
  if (exceeded === undefined) return undefined
  return `failed to create virtual machine pod: pods "${pod.metadata.name}" is forbidden: ${exceeded}`
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/services/renderresources.go */
function unpermittedDevices(store: Store, { spec }: VirtualMachineInstance): string[] {
  const { permittedDevices } = readConfiguration(store)
  if (!permittedDevices) return []
  const { gpus = [], hostDevices = [] } = spec.domain.devices
  const problem = (kind: string, { deviceName = '', ...rest }: { deviceName?: string }) =>
    'claimName' in rest || permittedDevices.includes(deviceName)
      ? []
      : [`${kind} ${deviceName} is not permitted in permittedHostDevices configuration`]
  return [
    ...gpus.flatMap((one) => problem('GPU', one)),
    ...hostDevices.flatMap((one) => problem('HostDevice', one)),
  ]
}
