import { Alert } from '@patternfly/react-core'

import type { VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { metricsProblem } from '../../../../kube/pod-metrics.ts'
import { formatBytes, parseQuantity } from '../../../../kube/quantity.ts'
import { useLauncherPods } from '../../../data/machine-events.ts'
import { usePodUsage } from '../../../data/pod-usage.ts'
import { Age } from '../../../ui/Age.tsx'
import type { Machine } from '../../../ui/MachineShell.tsx'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { SparkLine } from './SparkLine.tsx'

/** The container of a virt-launcher pod in which the VM's process runs. */
const vmContainer = 'compute'

/** What the VM costs its node, as the cluster measures it. */
export function MetricsPanel({ machine: { name, vmi } }: { machine: Machine }) {
  if (!vmi || vmi.status?.phase !== 'Running') return <p>No figures: {name} isn’t running.</p>
  return <Metrics vmi={vmi} />
}

function Metrics({ vmi }: { vmi: VirtualMachineInstance }) {
  const pods = useLauncherPods(vmi)
  // While it migrates there are two; the VM runs where the instance says.
  const pod = pods.items.find(({ spec }) => spec?.nodeName === vmi.status?.nodeName)
  const { usages, error, isLoading } = usePodUsage(pod, vmContainer)
  const last = usages.at(-1)
  if (pods.status === 'failed' && pods.error)
    return <p>The VM’s pod can’t be read, so there are no figures. {pods.error.message}</p>
  if (!last) {
    if (error) return <p>{metricsProblem(error)}</p>
    if (isLoading || !pod) return <LoadingLines label="Loading metrics" count={3} />
    return <p>The cluster measures this pod, but not the container in which the VM runs.</p>
  }

  const cpus = vcpus(vmi)
  const memoryBytes = parseQuantity(
    (vmi.status?.memory?.guestCurrent ?? vmi.spec.domain.memory?.guest) as string | undefined,
  )
  const memoryPeak = Math.max(...usages.map((usage) => usage.memoryBytes))
  return (
    <>
      {error && (
        <Alert isInline isPlain variant="warning" component="p" title={metricsProblem(error)} />
      )}
      <SparkLine
        title="CPU"
        points={usages.map(({ timeMs, cpu }) => ({ timeMs, value: cpu }))}
        max={Math.max(cpus, ...usages.map(({ cpu }) => cpu))}
        words={(cores) => `${cores.toFixed(2)} cores`}
        scale={`top: ${cpus === 1 ? '1 vCPU' : `${cpus} vCPUs`}`}
      />
      <SparkLine
        title="Memory"
        points={usages.map((usage) => ({ timeMs: usage.timeMs, value: usage.memoryBytes }))}
        max={Math.max(memoryBytes ?? 0, memoryPeak)}
        words={(bytes) => formatBytes(Math.round(bytes / 2 ** 20) * 2 ** 20)}
        scale={memoryBytes === undefined ? '' : `top: the guest’s ${formatBytes(memoryBytes)}`}
      />
      <p className="kc-muted">
        What the VM costs its node: processor time and memory of its container, from metrics.k8s.io.
        Measured <Age time={new Date(last.timeMs).toISOString()} /> ago; new figures come every 15
        to 60 seconds. What the guest itself makes of its memory isn’t in it.
      </p>
    </>
  )
}

function vcpus(vmi: VirtualMachineInstance): number {
  const {
    cores = 1,
    sockets = 1,
    threads = 1,
  } = vmi.status?.currentCPUTopology ?? vmi.spec.domain.cpu ?? {}
  return cores * sockets * threads
}
