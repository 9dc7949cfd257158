/** The CustomResourceDefinition objects behind the custom kinds, for whoever lists them. */
import type { NewObject } from '../api/cluster.ts'
import type {
  PrinterColumn,
  ResourceDefinition,
  ResourceVersionDefinition,
} from './resource-definition.ts'

/**
 * The definition as an API server holds it once it has accepted the names and serves the kind.
 * The schemas in it are shared with the given definition: treat the object as read-only.
 */
export function crdObject(definition: ResourceDefinition, now: Date): NewObject {
  const names = {
    plural: definition.plural,
    singular: definition.singular,
    ...(definition.shortNames.length > 0 && { shortNames: definition.shortNames }),
    kind: definition.kind,
    listKind: definition.listKind,
    ...(definition.categories.length > 0 && { categories: definition.categories }),
  }
  const lastTransitionTime = now.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${definition.plural}.${definition.group}` },
    spec: {
      group: definition.group,
      names,
      scope: definition.namespaced ? 'Namespaced' : 'Cluster',
      versions: definition.versions.map((version) => versionEntry(definition, version)),
      conversion: { strategy: 'None' },
    },
    status: {
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'True',
          lastTransitionTime,
          reason: 'NoConflicts',
          message: 'no conflicts found',
        },
        {
          type: 'Established',
          status: 'True',
          lastTransitionTime,
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      acceptedNames: names,
      storedVersions: definition.versions.filter((each) => each.storage).map((each) => each.name),
    },
  }
}

function versionEntry(definition: ResourceDefinition, version: ResourceVersionDefinition) {
  const { scale, statusSubresource } = definition
  return {
    name: version.name,
    served: version.served,
    storage: version.storage,
    ...(version.deprecationWarning && {
      deprecated: true,
      deprecationWarning: version.deprecationWarning,
    }),
    schema: { openAPIV3Schema: version.schema },
    ...((scale || statusSubresource) && {
      subresources: { ...(statusSubresource && { status: {} }), ...(scale && { scale }) },
    }),
    additionalPrinterColumns: version.columns.map(columnEntry),
  }
}

/** Descriptions that the API server makes up are no part of the definition. */
function columnEntry({ name, type, path, priority, description }: PrinterColumn) {
  const isOwn = description && !description.startsWith('Custom resource definition column')
  return {
    name,
    type,
    jsonPath: path,
    ...(isOwn && { description }),
    ...(priority > 0 && { priority }),
  }
}
