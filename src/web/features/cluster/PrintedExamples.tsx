import {
  daemonSetKind,
  deploymentKind,
  podKind,
  replicaSetKind,
  statefulSetKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type KubeObject,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { CopyText } from '../../ui/CopyText.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { usePrinted, type ObjectToPrint } from './use-examples.ts'
import type { WorkloadExamples } from './use-workload-examples.ts'

/** The examples by command, with what the command prints now. */
export function PrintedExamples({ examples }: { examples: WorkloadExamples }) {
  const { vm, vmi, launchers, statefulSet, controlPlane } = examples
  const { deployment, handler } = controlPlane
  return (
    <>
      <p>
        Click a command to copy it; <code>oc</code> takes the same. All of them at once:{' '}
        <code>
          <CopyText text="kubectl get vms,vmis,deploy,rs,ds,sts -A" label="command" />
        </code>
      </p>
      <Printed
        objects={[
          ...toPrint(virtualMachineKind, 'vm', vm.object),
          ...toPrint(virtualMachineInstanceKind, 'vmi', vmi),
          ...launchers.slice(0, 1).flatMap((pod) => toPrint(podKind, 'pod', pod)),
        ]}
      />
      <Printed
        objects={[
          ...toPrint(deploymentKind, 'deploy', deployment?.deployment),
          ...toPrint(replicaSetKind, 'rs', deployment?.replicaSets[0]?.replicaSet),
          ...toPrint(daemonSetKind, 'ds', handler?.daemonSet),
        ]}
      />
      <Printed objects={toPrint(statefulSetKind, 'sts', statefulSet.object)} />
    </>
  )
}

function toPrint(
  kind: ResourceKind,
  short: string,
  object: KubeObject | undefined,
): ObjectToPrint[] {
  if (!object) return []
  const { namespace = '', name } = object.metadata
  return [{ kind, short, namespace, name }]
}

function Printed({ objects }: { objects: readonly ObjectToPrint[] }) {
  const { text, error } = usePrinted(objects)
  const [first] = objects
  if (!first) return null
  const command = `kubectl get ${objects.map(({ short, name }) => `${short}/${name}`).join(' ')} -n ${first.namespace}`
  return (
    <div className="kc-printed">
      <code>
        <CopyText text={command} label="command" />
      </code>
      {text === undefined ? (
        error ? (
          <p>{error.message}</p>
        ) : (
          <LoadingLines label="Reading" count={2} />
        )
      ) : (
        // Wider than a narrow screen, so that it scrolls by keyboard too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre tabIndex={0} aria-label={`What it prints: ${command}`}>
          {text}
        </pre>
      )}
    </div>
  )
}
