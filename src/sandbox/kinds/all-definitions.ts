/** Every kind the sandbox serves. */
import type { NewObject } from '../api/cluster.ts'
import { builtinDefinitions } from './builtin-definitions.ts'
import { crdObject } from './crd-objects.ts'
import { kubevirtDefinitions } from './kubevirt-definitions.ts'
import { openshiftDefinitions } from './openshift-definitions.ts'
import type { ResourceDefinition, Schema } from './resource-definition.ts'
import { builtinModels } from './schemas.ts'
import { storageAndNetworkDefinitions } from './storage-and-network-definitions.ts'

export const resourceDefinitions: ResourceDefinition[] = [
  ...builtinDefinitions,
  ...kubevirtDefinitions,
  ...storageAndNetworkDefinitions,
  ...openshiftDefinitions,
]

/** What the `$ref`s of built-in kinds' schemas name; custom resources' schemas have none. */
export const models: Record<string, Schema> = builtinModels

/** The CustomResourceDefinition objects of the custom ones among the kinds, as if just established. */
export function customResourceDefinitions(
  definitions: readonly ResourceDefinition[],
  now: Date,
): NewObject[] {
  return definitions
    .filter((definition) => definition.custom)
    .map((definition) => crdObject(definition, now))
}
