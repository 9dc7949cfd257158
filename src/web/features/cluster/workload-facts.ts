/**
 * How workloads behave. Sources: https://kubernetes.io/docs/concepts/workloads/controllers/,
 * https://kubernetes.io/docs/concepts/architecture/nodes/,
 * https://kubevirt.io/user-guide/compute/run_strategies/,
 * https://kubevirt.io/user-guide/user_workloads/replicaset/,
 * https://kubevirt.io/user-guide/user_workloads/pool/,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/node/node.go
 */
export interface WorkloadFacts {
  kind: string
  is: string
  whenItEnds: string
  keeps: string
  scale: string
  whenNodeFails: string
}

const movesOn = 'After 5 minutes its pods are replaced on other nodes.'
const waits =
  'Waits until the node is back, or is known to be gone (deleted or fenced), so that no disk is written twice.'

export const workloadFacts: readonly WorkloadFacts[] = [
  {
    kind: 'VirtualMachine',
    is: 'The machine as it should be, running or not. Makes a VirtualMachineInstance of its name while it should run.',
    whenItEnds:
      'By its run strategy: Always starts it again, RerunOnFailure after a failure only, Manual, Once and Halted don’t.',
    keeps: 'Name, disks on claims, firmware UUID. Its IP on the pod network changes.',
    scale: 'Is one machine; grows by CPU and memory.',
    whenNodeFails: `${waits} Then it starts on another node.`,
  },
  {
    kind: 'VirtualMachineInstance',
    is: 'The machine that runs now. Has one virt-launcher pod, two while it migrates.',
    whenItEnds: 'Stays ended. Its VM makes a new one; without a VM nobody does.',
    keeps: 'All it has while it lives, also when it migrates to another node.',
    scale: '–',
    whenNodeFails: 'Is marked failed once its pod is gone.',
  },
  {
    kind: 'Deployment',
    is: 'So many equal pods, and how one version replaces the other. Makes a ReplicaSet for each version.',
    whenItEnds: 'Its ReplicaSet makes a new pod with another name and IP.',
    keeps: 'Nothing of a pod.',
    scale: 'By replicas: kubectl scale deploy',
    whenNodeFails: movesOn,
  },
  {
    kind: 'ReplicaSet',
    is: 'So many equal pods of one version. Rarely made by hand.',
    whenItEnds: 'Makes a new pod with another name and IP.',
    keeps: 'Nothing of a pod.',
    scale: 'By its Deployment.',
    whenNodeFails: movesOn,
  },
  {
    kind: 'StatefulSet',
    is: 'Numbered pods, each with claims of its own: the workload most like VMs.',
    whenItEnds: 'Makes the pod of that number again.',
    keeps: 'Each pod’s name and claims. Its IP changes.',
    scale: 'By replicas: kubectl scale sts. The highest number goes first, its claims stay.',
    whenNodeFails: waits,
  },
  {
    kind: 'DaemonSet',
    is: 'One pod on each node that fits, as virt-handler.',
    whenItEnds: 'Makes a new pod on the same node.',
    keeps: 'Nothing of a pod.',
    scale: 'By adding nodes.',
    whenNodeFails: 'Nothing moves; the pod comes back with its node.',
  },
  {
    kind: 'VirtualMachinePool',
    is: 'Numbered VMs of one template, each with disks of its own: a StatefulSet of VMs.',
    whenItEnds: 'As each VM’s run strategy says; a deleted VM is made again.',
    keeps: 'What its VMs keep.',
    scale: 'By replicas: kubectl scale vmpool',
    whenNodeFails: 'As its VMs.',
  },
  {
    kind: 'VirtualMachineInstanceReplicaSet',
    is: 'So many equal VMIs without a disk of their own: a ReplicaSet of VMs.',
    whenItEnds: 'Makes a new VMI with another name.',
    keeps: 'Nothing of a VMI.',
    scale: 'By replicas: kubectl scale vmirs',
    whenNodeFails: 'Makes another VMI once the lost one is marked failed.',
  },
]
