/** Facts on the console's default pages of KubeVirt's kinds that have no page of ours. */
import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type KubeObject,
  type VirtualMachineClone,
  type VirtualMachineInstanceMigration,
  type VirtualMachineSnapshot,
} from '../../kube/kinds.ts'
import { ObjectLink } from '../ui/ObjectLink.tsx'
import { hosted } from './hosted.tsx'

interface ItemProps<T extends KubeObject> {
  obj: T
}

/** What a migration moves. */
export const MigratedMachine = hosted(function Migrated({
  obj: { metadata, spec },
}: ItemProps<VirtualMachineInstanceMigration>) {
  const { namespace } = metadata
  return spec.vmiName === undefined ? (
    '–'
  ) : (
    <ObjectLink kind={virtualMachineInstanceKind} namespace={namespace} name={spec.vmiName} />
  )
})

/** What a snapshot or a clone was made of. */
export const SourceMachine = hosted(function Source({
  obj: { metadata, spec },
}: ItemProps<VirtualMachineSnapshot | VirtualMachineClone>) {
  const { kind, name } = spec.source
  if (kind !== 'VirtualMachine') return `${kind} ${name}`
  return <ObjectLink kind={virtualMachineKind} namespace={metadata.namespace} name={name} />
})

/** The VM that a clone makes; KubeVirt names it where nobody did. */
export const ClonedMachine = hosted(function Target({
  obj: { metadata, spec, status },
}: ItemProps<VirtualMachineClone>) {
  const name = status?.targetName ?? spec.target?.name
  if (name === undefined) return 'Not named yet'
  return <ObjectLink kind={virtualMachineKind} namespace={metadata.namespace} name={name} />
})
