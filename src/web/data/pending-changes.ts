import { useQuery } from '@tanstack/react-query'

import {
  controllerRevisionKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../kube/kinds.ts'
import { pendingChanges, type PendingChange } from '../../kube/pending-changes.ts'
import { isTrue } from '../../kube/vm-facts.ts'
import { useKube } from './host-context.tsx'
import { useKubeVirtConfig } from './kubevirt-config.ts'

/** What waits for a live migration or a restart of the VM. */
export function usePendingChanges(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): PendingChange[] {
  const config = useKubeVirtConfig()
  const started = useStartedSpec(vm, vmi)
  return vm ? pendingChanges(vm, vmi, config, started) : []
}

/** The VM's spec when its instance was made; asked for only when the cluster says that it differs. */
function useStartedSpec(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): VirtualMachine['spec'] | undefined {
  const client = useKube()
  const name = vmi?.status?.virtualMachineRevisionName
  const namespace = vm?.metadata.namespace
  const { data } = useQuery({
    queryKey: ['start-revision', namespace, name],
    queryFn: async () => {
      const revision = await client.get(controllerRevisionKind, {
        name: name ?? '',
        ...(namespace !== undefined && { namespace }),
      })
      return (revision.data as { spec?: VirtualMachine['spec'] } | undefined)?.spec ?? null
    },
    // A revision never changes, and another start has another.
    staleTime: Infinity,
    enabled: name !== undefined && isTrue(vm, 'RestartRequired'),
  })
  return isTrue(vm, 'RestartRequired') ? (data ?? undefined) : undefined
}
