import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  instancetypeKind,
  preferenceKind,
  dataSourceKind,
  networkAttachmentDefinitionKind,
  storageClassKind,
  virtualMachineTemplateKind,
  type ResourceKind,
} from '../../kube/kinds.ts'

/** Where people have another word than the API, or English another plural. */
const titles: ReadonlyMap<string, string> = new Map([
  [networkAttachmentDefinitionKind.kind, 'Networks'],
  [dataSourceKind.kind, 'Bootable volumes'],
  [clusterInstancetypeKind.kind, 'Instance types'],
  [instancetypeKind.kind, 'Instance types'],
  [clusterPreferenceKind.kind, 'Preferences'],
  [preferenceKind.kind, 'Preferences'],
  [virtualMachineTemplateKind.kind, 'Templates'],
  [storageClassKind.kind, 'StorageClasses'],
])

/** What the list of a kind is called wherever it is led to. */
export function listTitle({ kind }: ResourceKind): string {
  return titles.get(kind) ?? `${kind}s`
}
