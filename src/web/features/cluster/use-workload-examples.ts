import {
  kubeVirtKind,
  statefulSetKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type KubeVirt,
  type Pod,
  type StatefulSet,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { useLauncherPods } from '../../data/machine-events.ts'
import { useControlPlane, type DeploymentReport, type Gap } from './use-control-plane.ts'
import { useExample, type Example } from './use-examples.ts'

export interface WorkloadExamples {
  vm: Example<VirtualMachine>
  vmi: VirtualMachineInstance | undefined
  launchers: readonly Pod[]
  statefulSet: Example<StatefulSet>
  controlPlane: {
    isLoading: boolean
    /** virt-api, or else any. */
    deployment: DeploymentReport | undefined
    handler: ReturnType<typeof useControlPlane>['handler']
    gaps: Gap[]
  }
}

const isRunning = ({ status }: VirtualMachine) => status?.printableStatus === 'Running'
const isInUse = ({ status }: StatefulSet) => (status?.readyReplicas ?? 0) > 0
const any = () => true

/** A VM that runs with its VMI and pod, KubeVirt's own workloads, and a StatefulSet. */
export function useWorkloadExamples(): WorkloadExamples {
  const kubeVirt = useExample<KubeVirt>(kubeVirtKind, any)
  const plane = useControlPlane(kubeVirt.object?.metadata.namespace, { countsVmis: false })
  const chosen = useExample(virtualMachineKind, isRunning)
  const ref = chosen.object && {
    namespace: chosen.object.metadata.namespace ?? '',
    name: chosen.object.metadata.name,
  }
  const vm = useLiveObject(virtualMachineKind, ref)
  const vmi = useLiveObject(virtualMachineInstanceKind, ref)
  const launchers = useLauncherPods(vmi.object)
  const deployments = plane.deployments ?? []
  return {
    vm: { ...chosen, object: vm.object ?? chosen.object },
    vmi: vmi.object,
    launchers: launchers.items,
    statefulSet: useExample(statefulSetKind, isInUse),
    controlPlane: {
      isLoading: kubeVirt.isLoading || (kubeVirt.object !== undefined && plane.isLoading),
      deployment:
        deployments.find(({ deployment }) => deployment.metadata.name === 'virt-api') ??
        deployments[0],
      handler: plane.handler,
      gaps: plane.gaps.filter(({ kind }) => ['deployments', 'daemonsets'].includes(kind.plural)),
    },
  }
}
