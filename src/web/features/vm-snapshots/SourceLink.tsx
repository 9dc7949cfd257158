import { virtualMachineKind, type VirtualMachineSnapshot } from '../../../kube/kinds.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'

/** The VM that a snapshot is of; KubeVirt takes snapshots of nothing else. */
export function SourceLink({ snapshot: { metadata, spec } }: { snapshot: VirtualMachineSnapshot }) {
  return (
    <ObjectLink kind={virtualMachineKind} namespace={metadata.namespace} name={spec.source.name} />
  )
}
